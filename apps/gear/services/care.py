"""The log of what was done to a thing."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Student, User
from apps.gear.content import CareContent
from apps.gear.models import Care, Gear
from apps.repertoire.services import ChangedMeanwhile, DayIsInTheFuture, KeyIsTaken, TooMany
from apps.repertoire.services.locks import lock_row, lock_student

MOST_CARES = 200


def _check_day(content: CareContent, student: Student, now: datetime) -> None:
    if content.done_on > student.today(now):
        raise DayIsInTheFuture("done_on")


@transaction.atomic
def add_care(*, key: UUID, gear: Gear, by: User, content: CareContent, now: datetime) -> Care:
    """The same ``key`` twice writes once. Raises KeyIsTaken, DayIsInTheFuture, TooMany, GoneMeanwhile,
    CollectionIsOff."""
    locked = lock_student(gear.student_id)
    row = lock_row(gear, "change", by)
    saved = Care.objects.kept().filter(pk=key, gear=row).first()
    if saved is not None:
        if saved.says(content.columns()):
            return saved
        raise KeyIsTaken
    _check_day(content, locked, now)
    if row.cares.filter(deleted_at__isnull=True).count() >= MOST_CARES:
        raise TooMany(MOST_CARES)
    care = Care(pk=key, gear=row, created_at=now, added_by=by, **content.columns())
    try:
        with transaction.atomic():
            care.save(force_insert=True)
    except IntegrityError as error:
        raise KeyIsTaken from error
    return care


@transaction.atomic
def change_care(
    *, care: Care, by: User, content: CareContent, now: datetime, version: str | None = None
) -> Care:
    """Raises ChangedMeanwhile, DayIsInTheFuture, GoneMeanwhile, CollectionIsOff."""
    locked = lock_student(care.gear.student_id)
    row = lock_row(care, "change", by)
    if row.says(content.columns()):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    _check_day(content, locked, now)
    for name, value in content.columns().items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, by
    row.save()
    return row


@transaction.atomic
def delete_care(*, care: Care, by: User, now: datetime) -> None:
    """Into the trash. Raises GoneMeanwhile."""
    row = lock_row(care, "change", by)
    row.deleted_at, row.changed_at, row.changed_by = now, now, by
    row.save(update_fields=["deleted_at", "changed_at", "changed_by"])
