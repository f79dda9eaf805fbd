"""Writing instruments and accessories down."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Student, User
from apps.gear.content import GearContent
from apps.gear.models import Gear
from apps.repertoire.services import ChangedMeanwhile, DayIsInTheFuture, KeyIsTaken, TooMany
from apps.repertoire.services.locks import lock_row, lock_student

MOST_GEAR = 50


def _check_day(content: GearContent, student: Student, now: datetime) -> None:
    if content.bought_on is not None and content.bought_on > student.today(now):
        raise DayIsInTheFuture("bought_on")


def _wish(row: Gear) -> tuple[str, int | None, bool]:
    """Of what somebody wants to be reminded, and whether they want it at the moment."""
    return row.remind_of, row.remind_months, row.is_put_away


@transaction.atomic
def add_gear(*, key: UUID, student: Student, by: User, content: GearContent, now: datetime) -> Gear:
    """The same ``key`` twice writes once; raises KeyIsTaken when it said something else before.

    Raises DayIsInTheFuture, TooMany, CollectionIsOff.
    """
    locked = lock_student(student.pk)
    saved = Gear.objects.kept().filter(pk=key, student=student).first()
    if saved is not None:
        if saved.says(content.columns()):
            return saved
        raise KeyIsTaken
    _check_day(content, locked, now)
    if Gear.objects.kept().filter(student=student).count() >= MOST_GEAR:
        raise TooMany(MOST_GEAR)
    gear = Gear(pk=key, student=student, created_at=now, added_by=by, **content.columns())
    if content.remind_months is not None:
        gear.remind_from = locked.today(now)
    try:
        with transaction.atomic():
            gear.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    return gear


@transaction.atomic
def change_gear(
    *, gear: Gear, by: User, content: GearContent, now: datetime, version: str | None = None
) -> Gear:
    """``version``: of the row that the writer had before them. A reminder that changes, or comes back with
    what was put away, counts from today and may speak again.

    Raises ChangedMeanwhile if another one stands by now, unless it says the same; DayIsInTheFuture,
    GoneMeanwhile, CollectionIsOff.
    """
    locked = lock_student(gear.student_id)
    row = lock_row(gear, "change", by)
    if row.says(content.columns()):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    _check_day(content, locked, now)
    before = _wish(row)
    for name, value in content.columns().items():
        setattr(row, name, value)
    if _wish(row) != before:
        row.hushed_on = None
        row.remind_from = locked.today(now) if row.remind_months is not None else None
    row.changed_at, row.changed_by = now, by
    row.save()
    return row


@transaction.atomic
def delete_gear(*, gear: Gear, by: User, now: datetime) -> None:
    """Into the trash, with its log; entries that name it stay and name nothing. Raises GoneMeanwhile."""
    row = lock_row(gear, "delete", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])


@transaction.atomic
def hush(*, gear: Gear, by: User, now: datetime) -> None:
    """The first page says nothing more of what is due now. Raises GoneMeanwhile."""
    row = lock_row(gear, "change", by)
    # Not ``changed_at``: whoever has the form open overwrites nothing of this.
    row.hushed_on = gear.student.today(now)
    row.save(update_fields=["hushed_on"])
