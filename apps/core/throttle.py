"""How often one person may write: against stuck keys and scripts, far above what hands can do."""

from django.core.cache.backends.locmem import LocMemCache

# In this process's memory: the shared cache is a table, and counting there would cost each write more
# queries than the write. With n workers a person may do up to n times as much.
_counts = LocMemCache("throttle", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


def is_too_often(scope: str, who: object, *, limit: int, seconds: int = 60) -> bool:
    """Count one attempt; true from the one after ``limit`` on, until the ``seconds`` are over."""
    key = f"{scope}:{who}"
    _counts.add(key, 0, timeout=seconds)
    try:
        return _counts.incr(key) > limit
    except ValueError:  # it ended between the two calls
        return False
