"""A teacher's page: written, sent in, decided by the staff, taken down. Each write holds the page's row."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services import NotGrownUp
from apps.core import audit
from apps.core.access import is_allowed
from apps.private_teaching import emails
from apps.private_teaching.models import PublishedPage, TeacherProfile
from apps.private_teaching.models.pages import PageState

from .applications import close_open_ones
from .errors import NothingToSendIn, PageIsNotWaiting, PageIsSuspended


def lock_page(key: UUID) -> TeacherProfile:
    """The row until the end of the transaction; ``no_key``, so that rows may go on pointing to it."""
    return TeacherProfile.objects.select_for_update(no_key=True).get(pk=key)


def _note(action: str, profile: TeacherProfile, by: User, *, now: datetime) -> None:
    audit.record(action=f"teacher-page.{action}", actor=by, target=profile, now=now)


@transaction.atomic
def save_page(
    *, teacher: User, texts: dict[str, object], places: int, is_taking: bool, now: datetime
) -> TeacherProfile:
    """Write the page. Other words than before wait for a new check; those that are public stay meanwhile.

    Places, and whether anybody is taken, are facts and count at once. Raises PageIsSuspended, NotGrownUp.
    """
    if not is_allowed("publish", teacher, teacher):
        raise NotGrownUp
    found = TeacherProfile.objects.select_for_update(no_key=True).filter(teacher=teacher).first()
    if found is None:
        return _begin(teacher, texts, places=places, is_taking=is_taking, now=now)
    if found.state == PageState.SUSPENDED:
        raise PageIsSuspended
    found.places, found.is_taking = places, is_taking
    if found.texts() != texts:
        for name, value in texts.items():
            setattr(found, name, value)
        found.state, found.reason, found.changed_at = PageState.DRAFT, "", now
    found.save()
    _note("changed", found, teacher, now=now)
    return found


def _begin(
    teacher: User, texts: dict[str, object], *, places: int, is_taking: bool, now: datetime
) -> TeacherProfile:
    row = TeacherProfile(teacher=teacher, places=places, is_taking=is_taking, changed_at=now, **texts)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The form was sent twice at once: the first one is the page.
        return TeacherProfile.objects.get(teacher=teacher)
    _note("made", row, teacher, now=now)
    return row


@transaction.atomic
def submit_page(*, profile: TeacherProfile, by: User, now: datetime) -> None:
    """Ask the staff to read it. Raises NothingToSendIn, PageIsSuspended, NotGrownUp."""
    row = lock_page(profile.pk)
    if not is_allowed("publish", row.teacher, row.teacher):
        raise NotGrownUp
    if row.state == PageState.SUSPENDED:
        raise PageIsSuspended
    if row.state != PageState.DRAFT:
        raise NothingToSendIn
    row.state, row.submitted_at = PageState.SUBMITTED, now
    row.save(update_fields=["state", "submitted_at"])
    _note("submitted", row, by, now=now)
    emails.tell_team(profile=row, now=now)


@transaction.atomic
def take_down_page(*, profile: TeacherProfile, by: User, now: datetime) -> None:
    """Not public any more, and not waiting; what was asked for already can still be answered.

    Raises PageIsSuspended.
    """
    row = lock_page(profile.pk)
    if row.state == PageState.SUSPENDED:
        raise PageIsSuspended
    gone, _rows = PublishedPage.objects.filter(profile=row).delete()
    if not gone and row.state != PageState.SUBMITTED:
        return
    # Words that were declined stay so, with the reason: sent in as they are they would be declined again.
    if row.state != PageState.DECLINED:
        row.state, row.reason = PageState.DRAFT, ""
        row.save(update_fields=["state", "reason"])
    _note("taken-down", row, by, now=now)


def _decide(row: TeacherProfile, state: PageState, by: User, *, reason: str, now: datetime) -> None:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, by, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    emails.tell_teacher(profile=row, now=now)


def _waiting(profile: TeacherProfile, version: str, by: User) -> TeacherProfile:
    """The row, if it is still the one whose words were read, and not one's own. Raises PageIsNotWaiting."""
    row = lock_page(profile.pk)
    if row.state != PageState.SUBMITTED or row.version != version or row.teacher_id == by.pk:
        raise PageIsNotWaiting
    return row


@transaction.atomic
def approve_page(*, profile: TeacherProfile, version: str, by: User, now: datetime) -> None:
    """Publish exactly the words that were read: ``version`` names them.

    Raises PageIsNotWaiting, also for who approves their own; NotGrownUp.
    """
    row = _waiting(profile, version, by)
    if not is_allowed("publish", row.teacher, row.teacher):
        raise NotGrownUp
    PublishedPage.objects.update_or_create(profile=row, defaults=row.texts() | {"approved_at": now})
    _decide(row, PageState.APPROVED, by, reason="", now=now)
    _note("approved", row, by, now=now)


@transaction.atomic
def decline_page(*, profile: TeacherProfile, version: str, reason: str, by: User, now: datetime) -> None:
    """The teacher reads why. What was public before stays so. Raises PageIsNotWaiting, also for one's own."""
    row = _waiting(profile, version, by)
    _decide(row, PageState.DECLINED, by, reason=reason, now=now)
    _note("declined", row, by, now=now)


@transaction.atomic
def suspend_page(*, profile: TeacherProfile, reason: str, by: User, now: datetime) -> None:
    """Nobody finds the teacher from this commit on, and they read and answer no request. Twice: once.

    Lessons that run are another matter: the admin's page of teachings ends them.
    """
    row = lock_page(profile.pk)
    if row.state == PageState.SUSPENDED:
        return
    PublishedPage.objects.filter(profile=row).delete()
    _decide(row, PageState.SUSPENDED, by, reason=reason, now=now)
    _note("suspended", row, by, now=now)
    close_open_ones(teacher=row.teacher, by=by, now=now)


@transaction.atomic
def lift_suspension(*, profile: TeacherProfile, by: User, now: datetime) -> None:
    """The teacher may send it in again; nothing becomes public by itself. Twice changes nothing.

    Raises PageIsNotWaiting for one's own.
    """
    row = lock_page(profile.pk)
    if row.teacher_id == by.pk:
        raise PageIsNotWaiting
    if row.state != PageState.SUSPENDED:
        return
    _decide(row, PageState.DRAFT, by, reason="", now=now)
    _note("let-back", row, by, now=now)
