"""The glass before a child's content in the admin: nobody of the staff reads it without an open case.

The low apps' admins ask here; the safeguarding app keeps the cases and says who has one. Without it
nothing opens.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

# The page on which a case is opened.
OPEN_PAGE = "admin:safeguarding_readingcase_add"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One member of staff may read one student's content now."""

    pk: UUID
    student_id: UUID


class NoOpenCase(PermissionDenied):
    """The content is a child's, and whoever asks has no open case for this child."""

    def __init__(self, student_id: UUID | None) -> None:
        super().__init__()
        self.student_id = student_id


Keeper = Callable[[AbstractBaseUser | AnonymousUser, datetime], Iterable[OpenCase]]

_keepers: list[Keeper] = []


def set_keeper(keeper: Keeper) -> None:
    _keepers[:] = [keeper]


def open_cases(user: AbstractBaseUser | AnonymousUser, now: datetime) -> dict[UUID, UUID]:
    """The students whose content this person may read now, each with the case that allows it."""
    return {case.student_id: case.pk for keeper in _keepers for case in keeper(user, now)}
