"""Setting challenges, saying yes or no to them, and writing down what became of them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services import lock_student
from apps.assignments.challenge_queries import parts_of, standing_of
from apps.assignments.content import ChallengeContent
from apps.assignments.models import LONGEST_DAYS, Challenge, Participation
from apps.core import access, audit
from apps.core.days import calendar_day
from apps.private_teaching.models import Teaching
from apps.repertoire.services import KeyIsTaken, NotPossible
from apps.repertoire.services.locks import lock_row

from .giving import NobodyIsLeft

MOST_RUNNING = 30
MOST_PUPILS = 500
# So long after the last day somebody may still write down what they did; then the result is written.
CLOSED_AFTER = timedelta(days=3)


class LastDayIsOver(NotPossible):
    """It is before today where the teacher lives."""

    field = "ends_on"


class TooLong(NotPossible):
    """More days than a challenge has."""

    field = "ends_on"
    most = LONGEST_DAYS


class TooManyChallenges(NotPossible):
    """As many as can run at once."""

    most = MOST_RUNNING


class TooManyPupils(NotPossible):
    """As many as one challenge can have."""

    field = "students"
    most = MOST_PUPILS


@transaction.atomic
def set_challenge(
    *, key: UUID, teachings: Collection[UUID], by: User, content: ChallengeContent, now: datetime
) -> tuple[Challenge, list[str]]:
    """Set it and ask the families; also the names of whom nobody could be asked. The same ``key`` twice sets
    one.

    Raises LastDayIsOver, TooLong, TooManyChallenges, TooManyPupils, NobodyIsLeft; KeyIsTaken when the key was
    somebody else's.
    """
    # Two at once wait for each other, so that the number is one.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    saved = Challenge.objects.filter(pk=key, teacher=by).first()
    if saved is not None:
        return saved, []
    _check(content, calendar_day(now, by.time_zone))
    mine = Challenge.objects.running().filter(teacher=by, ends_on__gte=calendar_day(now, by.time_zone))
    if mine.count() >= MOST_RUNNING:
        raise TooManyChallenges
    row = Challenge(pk=key, teacher=by, created_at=now, **content.columns())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if Challenge.objects.filter(pk=key).exists():
            raise KeyIsTaken from error
        raise
    audit.record(action="challenge.set", actor=by, target=row, now=now)
    left_out = _ask(row, teachings, by=by, now=now)
    return row, left_out


def _check(content: ChallengeContent, today: date) -> None:
    if content.ends_on < today:
        raise LastDayIsOver
    if (content.ends_on - content.starts_on).days >= LONGEST_DAYS:
        raise TooLong


@transaction.atomic
def ask_more(*, challenge: Challenge, teachings: Collection[UUID], by: User, now: datetime) -> list[str]:
    """Ask more families; the names of whom nobody could be asked. Who was asked is asked no second time.

    Raises GoneMeanwhile, LastDayIsOver, TooManyPupils, NobodyIsLeft.
    """
    row = lock_row(challenge, "change", by)
    if row.closed_at is not None or row.ends_on < calendar_day(now, by.time_zone):
        raise LastDayIsOver
    return _ask(row, teachings, by=by, now=now)


def _ask(challenge: Challenge, teachings: Collection[UUID], *, by: User, now: datetime) -> list[str]:
    """One place for each student, whatever they learn. The caller holds the challenge."""
    chosen = Teaching.objects.filter(pk__in=teachings).select_related("student").order_by("started_at", "pk")
    asked = {row.student_id: row for row in access.allowed(chosen, "assign", by)}
    open_ones = {key: row for key, row in asked.items() if row.student.collecting}
    if not open_ones:
        raise NobodyIsLeft
    there = set(challenge.participations.values_list("teaching__student", flat=True))
    rows = [
        Participation(challenge=challenge, teaching=row, asked_at=now)
        for key, row in open_ones.items()
        if key not in there
    ]
    if len(there) + len(rows) > MOST_PUPILS:
        raise TooManyPupils
    Participation.objects.bulk_create(rows)
    return sorted(row.student.name for key, row in asked.items() if key not in open_ones)


@transaction.atomic
def answer_challenge(*, participation: Participation, is_in: bool, by: User, now: datetime) -> None:
    """The family says yes or no, as often as it likes until the result is written. Said again it is the same.

    Raises GoneMeanwhile.
    """
    student = lock_student(participation.teaching.student)
    row = lock_row(participation, "join" if is_in else "leave", by)
    if row.answered_at is not None and (row.is_in, row.answered_by_id) == (is_in, by.pk):
        return
    row.is_in, row.answered_at, row.answered_by = is_in, now, by
    row.save(update_fields=["is_in", "answered_at", "answered_by"])
    action = "challenge.joined" if is_in else "challenge.left"
    audit.record(action=action, actor=by, target=row, now=now, student_id=student.pk)


@transaction.atomic
def take_out(*, participation: Participation, by: User) -> None:
    """The family is asked no more, and what the pupil did counts no more. Raises GoneMeanwhile."""
    lock_row(participation, "remove", by).delete()


@transaction.atomic
def take_back_challenge(*, challenge: Challenge, by: User, now: datetime) -> None:
    """It leaves every page. Raises GoneMeanwhile."""
    row = lock_row(challenge, "change", by)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(action="challenge.taken_back", actor=by, target=row, now=now)


def close_challenges(*, now: datetime) -> int:
    """Write down what became of those that are over everywhere; how many. One commit each."""
    over = Challenge.objects.running().filter(ends_on__lt=(now - CLOSED_AFTER).date())
    keys = list(over.values_list("pk", flat=True))
    return sum(_close(key, now) for key in keys)


@transaction.atomic
def _close(key: UUID, now: datetime) -> int:
    row = Challenge.objects.running().select_for_update(no_key=True, skip_locked=True).filter(pk=key).first()
    if row is None:
        return 0
    standing = standing_of(row, parts_of([key])[key])
    found: dict[str, Any] = {"result": standing.reached, "people": standing.people, "closed_at": now}
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=list(found))
    return 1
