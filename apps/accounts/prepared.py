"""Statements with the rules of whoever reads, built once for each kind of account."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from apps.core.access import allowed, found_or_404
from apps.core.prepared import Prepared

from .models import User
from .models.users import CHILD_DOMAIN

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


class ForReader(Generic[Row]):
    """``ForReader(build, student=UUID)``: call it with the reader and the values for a list of rows.

    ``build`` is handed a stand-in for the reader. A rule may ask it for its key and whether it is a child's
    account, for which there is a statement of its own; for nothing else, which would be kept for everybody:
    User.DoesNotExist is raised then, at the first call. Otherwise like ``Prepared``. Who may not sign in
    reads nothing.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **types: type) -> None:
        self._build = build
        self._types = types

    def __call__(self, user: User, **values: object) -> list[Row]:
        if not user.is_active:
            return []
        statement = self._of_children if user.is_child else self._of_others
        return statement(user=user.pk, **values)

    @cached_property
    def _of_others(self) -> Prepared[Row]:
        return self._prepared("")

    @cached_property
    def _of_children(self) -> Prepared[Row]:
        return self._prepared(f"@{CHILD_DOMAIN}")

    def _prepared(self, email: str) -> Prepared[Row]:
        def build(user: UUID, **values: object) -> QuerySet[Any, Row]:
            return self._build(_stand_in(user, email), **values)

        return Prepared(build, user=UUID, **self._types)


class Door(Generic[M]):
    """``get_allowed_or_404`` by statements that are built once, one for each action. ``rows``: what there is,
    with what the page asks of each for this reader."""

    def __init__(self, rows: Callable[[User], QuerySet[M]]) -> None:
        self.rows = rows
        self._found: dict[str, ForReader[M]] = {}

    def __call__(self, user: User, pk: UUID, action: str = "view") -> M:
        """Raises Http404 and PermissionDenied likewise."""
        return found_or_404(lambda asked: next(iter(self._statement(asked)(user, pk=pk)), None), action)

    def _statement(self, action: str) -> ForReader[M]:
        def build(reader: User, pk: UUID) -> QuerySet[M]:
            return allowed(self.rows(reader), action, reader).filter(pk=pk)

        return self._found.setdefault(action, ForReader(build, pk=UUID))


def _stand_in(user: UUID, email: str) -> User:
    """Of whom nothing else is known: Django looks for the rest in the database, and finds nobody."""
    return User.from_db("default", ["id", "email", "is_active"], [user, email, True])
