"""One round of a worker."""

from apps.privacy import farewells

from . import erasures, exports, waiting
from .work import Clock


def run_due(*, clock: Clock) -> None:
    """Erasures first: a copy of what is about to go would outlive it."""
    waiting.watch(now=clock())
    erasures.run_due(clock=clock)
    exports.run_due(clock=clock)
    farewells.forget_sent()
