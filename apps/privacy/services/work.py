"""One round of a worker."""

from collections.abc import Callable
from datetime import datetime

from . import erasures, exports


def run_due(*, clock: Callable[[], datetime]) -> None:
    """Erasures first: a copy of what is about to go would outlive it."""
    erasures.run_due(clock=clock)
    exports.run_due(clock=clock)
