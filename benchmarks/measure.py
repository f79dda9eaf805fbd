"""The measuring itself: windows of all targets in turn, again where others were busy."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from .busy import LIMIT, Meter, foreign_cores
from .client import Answer, AnsweredWrongly, Connection, Login
from .pages import Target
from .statistics import Window

CONNECTIONS = 4


@dataclass(frozen=True)
class Plan:
    """Windows of each target, seconds of a window at one and at four connections, and what to try again."""

    windows: int = 5
    seconds: float = 1.0
    seconds_at_four: float = 1.0
    most_repeats: int = 3


@dataclass
class Subject:
    """A target on its server, with who opens it and what came out."""

    target: Target
    port: int
    logins: Sequence[Login]
    windows: list[Window] = field(default_factory=list)
    sent_bytes: int = 0
    is_compressed: bool = False


def measure(subjects: Sequence[Subject], plan: Plan, meter: Meter, say: Callable[[str], None]) -> None:
    """A-B-A-B: every target once a window, so that page and reference see the same minutes."""
    for subject in subjects:
        _warm(subject)
    for number in range(plan.windows):
        for subject in subjects:
            subject.windows.append(_quiet_window(subject, plan, meter))
        foreign = max(subject.windows[-1].foreign_cores for subject in subjects)
        say(f"window {number + 1} of {plan.windows}: others used up to {foreign:.2f} cores")


def _warm(subject: Subject) -> None:
    """Open the page until every worker has compiled its templates and opened its connections."""
    with _connections(subject, CONNECTIONS) as (first, *others):
        for connection in [first, *others] * 5:
            answer = _checked(subject, connection.ask(subject.target.request(subject.logins[0])))
        subject.sent_bytes = len(answer.body)
        subject.is_compressed = answer.is_compressed


def _quiet_window(subject: Subject, plan: Plan, meter: Meter) -> Window:
    """The first window in which others were quiet, or the quietest of those that were tried."""
    tried = []
    for _ in range(1 + plan.most_repeats):
        tried.append(_window(subject, plan, meter))
        if not tried[-1].is_busy:
            return tried[-1]
    return min(tried, key=lambda window: window.foreign_cores)


def _window(subject: Subject, plan: Plan, meter: Meter) -> Window:
    before = meter.read()
    with _connections(subject, CONNECTIONS) as (first, *others):
        latencies = list(_asked(subject, first, subject.logins[0], plan.seconds))
        per_second = _together(subject, [first, *others], plan.seconds_at_four)
    foreign = foreign_cores(before, meter.read())
    return Window(latencies, per_second, foreign, is_busy=foreign > LIMIT)


def _asked(subject: Subject, connection: Connection, login: Login, seconds: float) -> Iterator[float]:
    """One request after the other; the time of each."""
    end = time.perf_counter() + seconds
    for number in count():
        if number and time.perf_counter() >= end:
            return
        taken, answer = connection.timed(subject.target.request(login))
        _checked(subject, answer)
        yield taken


def _together(subject: Subject, connections: Sequence[Connection], seconds: float) -> float:
    """Requests a second over several connections at once."""
    logins = [subject.logins[n % len(subject.logins)] for n in range(len(connections))]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(connections)) as pool:
        counts = pool.map(
            lambda one, login: sum(1 for _ in _asked(subject, one, login, seconds)), connections, logins
        )
        total = sum(counts)
    return total / (time.perf_counter() - start)


def _checked(subject: Subject, answer: Answer) -> Answer:
    if answer.status != subject.target.status:
        wanted = subject.target.status
        raise AnsweredWrongly(
            f"{subject.target.name} answered {answer.status}, not {wanted}: {answer.text[:2000]}"
        )
    return answer


@contextmanager
def _connections(subject: Subject, number: int) -> Iterator[list[Connection]]:
    made = [Connection(subject.port) for _ in range(number)]
    try:
        yield made
    finally:
        for connection in made:
            connection.close()
