"""What the apps below ``notifications`` post, caught where the contract of the outbox ends."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core import outbox


def catch_posts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Collect the arguments of every post; kinds without a renderer get an empty one."""
    posts: list[dict[str, Any]] = []
    monkeypatch.setattr(outbox, "_writers", [lambda **post: posts.append(post)])
    for kind in ("accounts.invitation", "accounts.joined"):
        if kind not in outbox.registered_kinds():
            monkeypatch.setitem(outbox._kinds, kind, lambda payload, now: None)
    yield posts
