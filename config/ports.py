"""Ports of this machine that nobody listens on."""

from __future__ import annotations

import itertools
import socket

# Below those that systems hand out for outgoing connections, so one kept in a file stays free.
RANGE = range(20_000, 30_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def first_free(number: int) -> int | None:
    """The first free port, searching from a place that any number picks."""
    start = number % len(RANGE)
    return next(filter(is_free, itertools.chain(RANGE[start:], RANGE[:start])), None)
