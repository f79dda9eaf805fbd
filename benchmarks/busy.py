"""How busy everybody else is: the processor time of the machine without what belongs to the measurement."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

# A window in which others used more than this many cores is measured again.
LIMIT = 0.25


@dataclass(frozen=True)
class Usage:
    """Processor seconds so far: of the whole machine, and of each of our processes."""

    at: float
    machine: float
    own: dict[int, float]


def foreign_cores(before: Usage, after: Usage) -> float:
    """Cores that others used between two readings. A process of ours that is new counts from zero."""
    own = sum(seconds - before.own.get(pid, 0.0) for pid, seconds in after.own.items())
    return max(0.0, (after.machine - before.machine - own) / (after.at - before.at))


@dataclass
class Meter:
    """Reads the usage; ``database_pids`` names the database's processes that work for us."""

    database_pids: Callable[[], Iterable[int]]
    _known: dict[int, psutil.Process] = field(default_factory=dict)

    def read(self) -> Usage:
        times = psutil.cpu_times()
        machine = (
            times.user + times.nice + times.system + getattr(times, "irq", 0) + getattr(times, "softirq", 0)
        )
        me = psutil.Process()
        for process in [me, *me.children(recursive=True)]:
            self._known.setdefault(process.pid, process)
        for pid in self.database_pids():
            if pid not in self._known:
                # One that has ended since it was listed counts nowhere.
                with suppress(psutil.NoSuchProcess):
                    self._known[pid] = psutil.Process(pid)
        return Usage(time.monotonic(), machine, dict(self._seconds()))

    def _seconds(self) -> Iterable[tuple[int, float]]:
        for pid, process in list(self._known.items()):
            try:
                times = process.cpu_times()
            except psutil.Error:
                del self._known[pid]
                continue
            yield pid, times.user + times.system
