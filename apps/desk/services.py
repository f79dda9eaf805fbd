"""Every write of the desk's own rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.models import Student, User
from apps.core import access
from apps.desk.models import Snooze, TriageSettings
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


def wake(*, student: Student, by: User) -> None:
    """Twice is as good as once."""
    Snooze.objects.filter(teacher=by, student=student).delete()


def set_thresholds(*, by: User, said: Mapping[str, int], now: datetime) -> None:
    TriageSettings.objects.update_or_create(teacher=by, defaults={**said, "changed_at": now})
