"""Counts of tries outlive a test, and a request whose writes are undone."""

from django.core.cache import cache

from apps.core import throttle


def forget_tries() -> None:
    """As if nobody had tried anything yet: a fast machine asks more in a minute than a person may."""
    cache.clear()
    throttle._counts.clear()
