"""Erasures that wait: who is told, who has a say, and what begins the waiting anew."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.core import access
from apps.core.ownership import Subject
from apps.privacy import emails, queries
from apps.privacy.models import Erasure, ErasureState

from .work import note

# Before the day it happens, everybody is told once more.
REMINDER = timedelta(days=3)
# What a settled one no longer knows.
FORGOTTEN: dict[str, list[UUID]] = {"told_ids": [], "diary_ids": []}


def watch(*, now: datetime) -> None:
    """Look at those for which something may have changed. Three queries while nothing has."""
    rows = list(Erasure.objects.waiting())
    families = queries.families_of([row.subject_id for row in rows if row.student_id])
    for row in rows:
        family = families.get(row.subject_id, set())
        is_new = bool(family - set(row.told_ids))
        is_strange = row.student_id is not None and row.asked_by_id not in family
        if is_new or is_strange or _is_soon(row, now):
            look_at(row.pk, now=now)


def _is_soon(erasure: Erasure, now: datetime) -> bool:
    is_short = erasure.due_at - erasure.asked_at <= REMINDER
    return erasure.reminded_at is None and erasure.due_at - REMINDER <= now and not is_short


@transaction.atomic
def look_at(key: UUID, *, now: datetime) -> None:
    erasure = Erasure.objects.waiting().select_for_update(skip_locked=True).filter(pk=key).first()
    if erasure is not None and may_go_on(erasure, now=now) and _is_soon(erasure, now):
        erasure.reminded_at = now
        erasure.save(update_fields=["reminded_at"])
        tell(erasure, "soon", now=now)


def may_go_on(erasure: Erasure, *, now: datetime) -> bool:
    """Not if the asker has lost their say, and not yet if something is new. Under the row's lock."""
    asker = queries.account(erasure.asked_by_id)
    if asker is None or not _has_a_say(asker, erasure):
        undo(erasure, now=now)
        return False
    return not _begins_anew(erasure, now=now)


def _has_a_say(asker: User, erasure: Erasure) -> bool:
    if erasure.subject == Subject.STUDENT:
        return queries.may_erase(asker, erasure.subject_id)
    return access.is_allowed("erase", asker, asker) and not queries.left_alone(asker.pk).exists()


def undo(erasure: Erasure, *, now: datetime) -> None:
    """Nobody stopped it, and yet it must not be: whoever waits for it is told."""
    erasure.state, erasure.settled_at = ErasureState.UNDONE, now
    erasure.told_ids, erasure.diary_ids = [], []
    erasure.save(update_fields=["state", "settled_at", *FORGOTTEN])
    note("erasure.stopped", erasure, None, now=now)
    if erasure.subject == Subject.STUDENT:
        readers, kind = queries.family_of(erasure.subject_id), "privacy.erasure-stopped"
    else:
        person = queries.account(erasure.subject_id)
        readers, kind = [person] if person and person.is_active else [], "privacy.erasure-refused"
    emails.tell_about_erasure(kind=kind, erasure=erasure, readers=readers, now=now)


def diaries_along(subject: Subject | str, key: UUID) -> list[UUID]:
    """Whose diaries go with this account; none with a diary."""
    if subject == Subject.STUDENT:
        return []
    return sorted(queries.diaries_that_go(key).values_list("pk", flat=True))


def _begins_anew(erasure: Erasure, *, now: datetime) -> bool:
    """The whole time, for a guardian or a login of the student's own whom nobody had told, and for a diary
    that was to stay when the person asked: the other guardian has left since."""
    family = {user.pk for user in queries.family_of(erasure.subject_id)}
    diaries = diaries_along(erasure.subject, erasure.subject_id)
    if family <= set(erasure.told_ids) and set(diaries) <= set(erasure.diary_ids):
        return False
    erasure.due_at, erasure.reminded_at = now + timedelta(days=settings.ERASURE_DAYS), None
    erasure.diary_ids = diaries
    erasure.save(update_fields=["due_at", "reminded_at", "diary_ids"])
    tell(erasure, "date", now=now)
    return True


def tell(erasure: Erasure, news: str, *, now: datetime) -> None:
    """Post the news ("asked", "date", "soon") to everybody who has a say, and note that they know."""
    asker = queries.account(erasure.asked_by_id)
    readers = {asker.pk: asker} if asker is not None else {}
    if erasure.subject == Subject.STUDENT:
        readers |= {user.pk: user for user in queries.family_of(erasure.subject_id)}
    emails.tell_about_erasure(
        kind="privacy.erasure-asked", erasure=erasure, readers=list(readers.values()), now=now, news=news
    )
    erasure.told_ids = sorted({*erasure.told_ids, *readers})
    erasure.save(update_fields=["told_ids"])
