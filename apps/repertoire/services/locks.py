"""Rows held until the end of the transaction: the student first, then the piece or skill."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from apps.accounts.models import Student, User
from apps.accounts.services import require_collection
from apps.core import access
from apps.repertoire.models import Piece

from .errors import GoneMeanwhile

Row = TypeVar("Row", bound=Model)


def hold_student(student_id: UUID) -> Student:
    """Whoever writes something for the same student waits."""
    return Student.objects.select_for_update(no_key=True).get(pk=student_id)


def lock_student(student_id: UUID) -> Student:
    """To add something. Raises CollectionIsOff."""
    found = hold_student(student_id)
    require_collection(found)
    return found


def lock_row(row: Row, action: str, by: User) -> Row:
    """The row as it is now, if this person may still do the action. Raises GoneMeanwhile."""
    rows = access.allowed(type(row)._default_manager.all(), action, by).filter(pk=row.pk)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise GoneMeanwhile
    return found


def lock_pair(one: UUID, other: UUID, by: User) -> dict[UUID, Piece]:
    """Two pieces, in the order of their keys: two merges at once wait for each other and never cross.

    Raises GoneMeanwhile when either is not there any more, or when they are one and the same.
    """
    rows = access.allowed(Piece.objects.all(), "merge", by).filter(pk__in=[one, other]).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    if len(found) < 2:
        raise GoneMeanwhile
    return found
