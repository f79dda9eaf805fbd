"""Every write of the desk's own rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.services import moves
from apps.core import access
from apps.desk.models import MOST_SNIPPETS, Snippet, Snooze, TriageSettings
from apps.repertoire.services.locks import lock_student

# A reason is no archive: it goes when nobody has needed it for so long.
KEPT_AFTERWARDS = timedelta(days=7)


class NotAPupil(Exception):
    """The lessons ended or pause since the page was drawn."""


@transaction.atomic
def snooze(*, student: Student, by: User, days: int, reason: str, now: datetime) -> Snooze:
    """Put the pupil aside for so many of the pupil's days; again is anew. Raises NotAPupil.

    What was put aside and woke more than a week ago is forgotten on this occasion. Raises CollectionIsOff
    likewise, since a reason is written about the pupil.
    """
    lock_student(student.pk)
    if not access.allowed(Student.objects.filter(pk=student.pk), "snooze", by).exists():
        raise NotAPupil
    Snooze.objects.filter(teacher=by, until__lt=(now - KEPT_AFTERWARDS).date()).delete()
    until = student.today(now) + timedelta(days=days)
    row, _is_new = Snooze.objects.update_or_create(
        teacher=by, student=student, defaults={"until": until, "reason": reason, "snoozed_at": now}
    )
    return row


@moves(Snooze)
def move_snoozes(placeholder: Student, child: Student, now: datetime) -> None:
    """Whom a teacher put aside under another row stays aside, unless they said so of the child already."""
    there = Snooze.objects.filter(student=child).values("teacher")
    Snooze.objects.filter(student=placeholder).exclude(teacher__in=there).update(student=child)


def wake(*, student: Student, by: User) -> None:
    """Twice is as good as once."""
    Snooze.objects.filter(teacher=by, student=student).delete()


def set_thresholds(*, by: User, said: Mapping[str, int], now: datetime) -> None:
    TriageSettings.objects.update_or_create(teacher=by, defaults={**said, "changed_at": now})


class TooManySnippets(Exception):
    """One has as many as a person can keep at hand."""


@transaction.atomic
def add_snippet(*, key: UUID, by: User, body: str, now: datetime) -> Snippet:
    """The same ``key`` twice keeps one; with other words, or somebody else's, it is another one. Raises
    TooManySnippets."""
    # Of two tabs at once each would count one too few.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    found = Snippet.objects.filter(pk=key).first()
    if found is not None and (found.owner_id, found.body) == (by.pk, body):
        return found
    if Snippet.objects.filter(owner=by).count() >= MOST_SNIPPETS:
        raise TooManySnippets
    return Snippet.objects.create(pk=uuid4() if found else key, owner=by, body=body, created_at=now)


def change_snippet(*, snippet: Snippet, body: str) -> None:
    Snippet.objects.filter(pk=snippet.pk).update(body=body)
