"""How far a step of an assignment is: a function of what was done for it, without a database.

There is no stored state that could be wrong: every page asks this function, whatever was added or taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """By what a step is finished."""

    TICK = "tick"
    REPETITIONS = "repetitions"
    BARS = "bars"
    TEMPO = "tempo"


@dataclass(frozen=True, kw_only=True)
class Target:
    """``amount``: so many repetitions, or beats a minute; ``from_bar`` to ``to_bar`` both included."""

    kind: Kind
    amount: int | None = None
    from_bar: int | None = None
    to_bar: int | None = None

    @property
    def size(self) -> int:
        """What a hundred percent are: repetitions, bars, beats a minute, or one tick."""
        if self.kind is Kind.BARS:
            return (self.to_bar or 0) - (self.from_bar or 0) + 1
        return 1 if self.kind is Kind.TICK else self.amount or 0


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done once: only what belongs to the step's kind counts."""

    repetitions: int | None = None
    tempo: int | None = None
    from_bar: int | None = None
    to_bar: int | None = None
    is_tick: bool = False


@dataclass(frozen=True)
class Progress:
    """``reached`` of ``size``; credit for each repetition, each bar, each beat a minute."""

    reached: int
    size: int

    @property
    def is_done(self) -> bool:
        return self.reached >= self.size

    @property
    def percent(self) -> int:
        """Rounded down, so that nobody reads 100 who is not done."""
        return min(self.reached * 100 // self.size, 100) if self.size else 100


def progress_of(target: Target, done: Iterable[Done]) -> Progress:
    """Repetitions add up, the fastest tempo counts, bars count once however often they were played."""
    return Progress(_reached(target, list(done)), target.size)


def _reached(target: Target, done: list[Done]) -> int:
    if target.kind is Kind.REPETITIONS:
        return sum(each.repetitions or 0 for each in done)
    if target.kind is Kind.TEMPO:
        return max((each.tempo or 0 for each in done), default=0)
    if target.kind is Kind.TICK:
        return int(any(each.is_tick for each in done))
    wanted = set(range(target.from_bar or 0, (target.to_bar or 0) + 1))
    played = {
        bar
        for each in done
        if each.from_bar is not None and each.to_bar is not None
        for bar in range(each.from_bar, each.to_bar + 1)
    }
    return len(wanted & played)
