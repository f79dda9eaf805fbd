"""Room for the frames of a test.

CPython 3.11 and 3.12 keep the frames of Python functions in pieces of 16 kB; whoever goes up and down across
the end of one maps and unmaps memory each time. A request through Django does that about 150 times. One frame
that asks for more than half a megabyte gets a piece of one megabyte, and what it calls lives in the rest.
"""

import functools
from collections.abc import Callable
from typing import Any

# In words of eight bytes; the piece that is made for it is the next power of two, 1,048,576 bytes.
WORDS = 70_000


def _call(function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return function(*arguments, **named)


_call.__code__ = _call.__code__.replace(co_stacksize=WORDS)


def roomy(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, below a frame that leaves room for all frames of a request."""

    @functools.wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        return _call(function, arguments, named)

    return run
