"""Signing a week: the one write of it."""

from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import lock_student, require_collection
from apps.core import audit
from apps.core.access import allowed
from apps.practice.models import WeekSignOff
from apps.practice.queries.sign_offs import SignedWeek, count_week, finished_weeks
from apps.private_teaching.models import Teaching


class WeekIsNotAsked(Exception):
    """None of the last finished weeks, or nobody asks any more, or not this person."""


class WeekIsSigned(Exception):
    """Signed as it stands there: another guardian was quicker."""


class WeekHasChanged(Exception):
    """What was shown with the form is not what stands in the diary now."""


@transaction.atomic
def sign_week(
    *, teaching: Teaching, week: date | None, version: str | None, note: str, by: User, now: datetime
) -> WeekSignOff:
    """Hold what the guardian has seen of the week, under the student's row lock. A new row each time: what
    was signed and said before stays.

    Raises CollectionIsOff, WeekIsNotAsked, WeekHasChanged, WeekIsSigned.
    """
    student = lock_student(teaching.student)
    require_collection(student)
    row = allowed(Teaching.objects.filter(pk=teaching.pk), "sign_off", by).first()
    if row is None or row.sign_off_since is None:
        raise WeekIsNotAsked
    if week is None or week not in finished_weeks(row.sign_off_since, student.today(now)):
        raise WeekIsNotAsked
    counted = count_week(SignedWeek(student.pk, row.pk, week))
    if version != counted.version:
        raise WeekHasChanged
    earlier = WeekSignOff.objects.filter(teaching=row, week_on=week).newest_first()
    newest = earlier.first()
    if newest is not None and newest.version == counted.version:
        raise WeekIsSigned
    sign_off = WeekSignOff.objects.create(
        student=student,
        teaching=row,
        week_on=week,
        minutes=counted.minutes,
        sessions=counted.sessions,
        version=counted.version,
        note=note,
        signed_by=by,
        signed_at=now,
    )
    action = "week.signed" if newest is None else "week.signed-again"
    audit.record(action=action, actor=by, target=sign_off, now=now, student_id=student.pk)
    return sign_off
