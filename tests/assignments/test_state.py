"""How far a step is: a function of what was done for it, whatever came and went, in whatever order."""

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from apps.assignments.state import Done, Kind, Progress, Target, progress_of

TICK = Target(kind=Kind.TICK)
TIMES = Target(kind=Kind.REPETITIONS, amount=10)
TEMPO = Target(kind=Kind.TEMPO, amount=96)
BARS = Target(kind=Kind.BARS, from_bar=9, to_bar=16)

numbers = st.integers(1, 200)
dones = st.one_of(
    st.just(Done(is_tick=True)),
    st.builds(lambda count: Done(repetitions=count), numbers),
    st.builds(lambda beats: Done(tempo=beats), numbers),
    st.builds(lambda first, more: Done(from_bar=first, to_bar=first + more), numbers, st.integers(0, 30)),
)
targets = st.sampled_from([TICK, TIMES, TEMPO, BARS])


def said(progress: Progress) -> tuple[int, int, bool, int]:
    return progress.reached, progress.size, progress.is_done, progress.percent


def test_of_nothing_nothing_is_done() -> None:
    assert {target.kind: said(progress_of(target, [])) for target in (TICK, TIMES, TEMPO, BARS)} == {
        Kind.TICK: (0, 1, False, 0),
        Kind.REPETITIONS: (0, 10, False, 0),
        Kind.TEMPO: (0, 96, False, 0),
        Kind.BARS: (0, 8, False, 0),
    }


def test_repetitions_add_up() -> None:
    assert said(progress_of(TIMES, [Done(repetitions=4), Done(repetitions=5)])) == (9, 10, False, 90)
    assert said(progress_of(TIMES, [Done(repetitions=4)] * 3)) == (12, 10, True, 100)


def test_the_fastest_counts() -> None:
    assert said(progress_of(TEMPO, [Done(tempo=95), Done(tempo=60)])) == (95, 96, False, 98)
    assert progress_of(TEMPO, [Done(tempo=60), Done(tempo=96)]).is_done


def test_bars_count_once_and_only_those_that_were_asked_for() -> None:
    done = [Done(from_bar=1, to_bar=10), Done(from_bar=10, to_bar=12)]
    assert said(progress_of(BARS, done)) == (4, 8, False, 50)
    assert progress_of(BARS, [*done, Done(from_bar=13, to_bar=20)]).is_done


def test_nobody_reads_a_hundred_who_is_not_done() -> None:
    progress = progress_of(Target(kind=Kind.REPETITIONS, amount=999), [Done(repetitions=998)])
    assert (progress.percent, progress.is_done) == (99, False)


@given(targets, st.lists(dones, max_size=12), st.randoms(use_true_random=False))
def test_the_order_says_nothing(target: Target, done: list[Done], draw: Random) -> None:
    mixed = list(done)
    draw.shuffle(mixed)
    assert progress_of(target, mixed) == progress_of(target, done)


@given(targets, st.lists(dones, max_size=12), dones)
def test_one_more_never_takes_away(target: Target, done: list[Done], more: Done) -> None:
    assert progress_of(target, [*done, more]).reached >= progress_of(target, done).reached


@given(targets, st.lists(dones, max_size=12))
def test_what_is_of_another_kind_does_not_count(target: Target, done: list[Done]) -> None:
    own: Callable[[Done], bool] = {
        Kind.TICK: lambda each: each.is_tick,
        Kind.REPETITIONS: lambda each: each.repetitions is not None,
        Kind.TEMPO: lambda each: each.tempo is not None,
        Kind.BARS: lambda each: each.from_bar is not None,
    }[target.kind]
    assert progress_of(target, done) == progress_of(target, [each for each in done if own(each)])
