"""A pupil whom a teacher wrote down, and who turns out to have a diary here already.

The lessons move to that diary and the empty row goes. A table that hangs on students either says how
its rows move along, with ``moves``, or a row in it says that the diary is in use: so a table that
nobody has thought of keeps the row, and nothing is ever lost.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from apps.accounts.models import Invitation, Student, StudentProfile, User
from apps.core import audit

from .errors import DiaryIsInUse, NotYourChild

# From the placeholder to the child, at this moment. What is left behind goes with the placeholder.
Move = Callable[[Student, Student, datetime], None]
_moves: dict[type[Model], Move] = {}


def moves(model: type[Model]) -> Callable[[Move], Move]:
    """Register how the rows of a table move along."""

    def register(function: Move) -> Move:
        _moves[model] = function
        return function

    return register


def your_child(key: UUID | str, *, by: User) -> Student:
    """A child whom this person looks after today, locked. Raises NotYourChild."""
    children = Student.objects.guarded_by(by).select_for_update(no_key=True)
    found = children.filter(pk=key).first()
    if found is None:
        raise NotYourChild
    return found


def is_in_use(student: Student) -> bool:
    """Whether anything hangs on the row beside lessons and invitations: a login, a family, a diary."""
    return student.user_id is not None or any(
        model._base_manager.filter(**{column.name: student.pk}).exists()
        for model in apps.get_models(include_auto_created=True)
        if model not in _moves
        for column in model._meta.local_fields
        if column.related_model is Student
    )


def move_into(key: UUID | str, *, placeholder: Student, by: User, now: datetime) -> Student:
    """Move what a teacher began to the child's own diary, and drop the row. Returns the child.

    In the caller's transaction. Raises NotYourChild, DiaryIsInUse.
    """
    if not Student.objects.guarded_by(by).filter(pk=key).exists():
        raise NotYourChild
    # In the order of their keys, as whoever gives something to several students holds them: else each would
    # wait for the other. The strong lock: from here on nobody hangs a new row on the one that goes.
    both = Student.objects.filter(pk__in=[key, placeholder.pk]).order_by("pk").select_for_update()
    held = {row.pk: row for row in both}
    child, placeholder = your_child(key, by=by), held[placeholder.pk]
    if child.pk == placeholder.pk or is_in_use(placeholder):
        raise DiaryIsInUse
    for move in _moves.values():
        move(placeholder, child, now)
    audit.record(
        action="student.moved", actor=by, target=child, now=now, student_id=child.pk, was=str(placeholder.pk)
    )
    placeholder.delete()
    return child


@moves(Invitation)
def move_invitations(placeholder: Student, child: Student, now: datetime) -> None:
    """Their pages go on answering. The open ones end: who else joins the family is the family's to say."""
    rows = Invitation.objects.filter(student=placeholder)
    rows.open().update(cancelled_at=now)
    rows.update(student=child)


@moves(StudentProfile)
def move_profile(placeholder: Student, child: Student, now: datetime) -> None:
    """What the teacher wrote, where the family has written nothing."""
    if not StudentProfile.objects.filter(student=child).exists():
        StudentProfile.objects.filter(student=placeholder).update(student=child)
