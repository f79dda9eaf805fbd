"""Asking a teacher, and every answer.

The order of locks is: the teacher's page, the student, the person who asks, the request. Accepting holds the
page, so that two accepts for the last place see each other.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.models import Student, User
from apps.accounts.services import lock_student, require_collection
from apps.accounts.services.family import check_unlocked
from apps.core import audit
from apps.core.access import allowed, is_allowed
from apps.private_teaching import emails, queries
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile, Teaching
from apps.private_teaching.models.applications import OPEN_STATES, ApplicationState

from .errors import (
    ApplicationIsOver,
    AskedAlready,
    AskedLately,
    MayNotAsk,
    MessageKeyIsTaken,
    NoPlaceLeft,
    NotAgreedYet,
    OwnPage,
    PageTakesNobody,
    TooManyApplications,
)
from .lessons import InstrumentAlreadyTaught, take_up_lessons


def _note(action: str, row: Application, by: User | None, *, now: datetime, **details: str) -> None:
    audit.record(
        action=f"application.{action}", actor=by, target=row, now=now, student_id=row.student_id, **details
    )


@transaction.atomic
def apply_to(
    *,
    profile: UUID,
    student: Student,
    by: User,
    instrument: str,
    body: str,
    now: datetime,
) -> Application:
    """Ask a teacher for lessons. A double click asks once: the second one raises AskedAlready.

    Raises PageTakesNobody, OwnPage, FamilyIsLocked, MayNotAsk, CollectionIsOff, AskedAlready, AskedLately,
    InstrumentAlreadyTaught, TooManyApplications.
    """
    # Held, so that nobody is asked who is suspended at the same moment.
    page = TeacherProfile.objects.select_for_update(no_key=True).filter(pk=profile).first()
    if page is None or not page.is_taking or queries.published_page(profile) is None:
        raise PageTakesNobody
    if page.teacher_id == by.pk:
        raise OwnPage
    student = lock_student(student)
    check_unlocked(student)
    if not is_allowed("apply", by, student):
        raise MayNotAsk
    require_collection(student)
    # Two who ask for two children at once count each other, too.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _close_overdue(student, page.teacher, now=now)
    _refuse_repeated(student, page.teacher, instrument, now=now)
    _hold_limits(student, by, now=now)
    row = Application(
        student=student,
        teacher=page.teacher,
        instrument=instrument,
        applied_by=by,
        applied_at=now,
        expires_at=now + timedelta(days=settings.APPLICATION_DAYS),
    )
    # Whoever decides for the student has decided by asking; a minor's own request waits for a guardian.
    if _decides(by, student):
        row.agreed_by, row.agreed_at = by, now
    row.save(force_insert=True)
    _write(row, by, body, key=None, now=now)
    _note("made", row, by, now=now)
    emails.tell(event="made", application=row, by=by, now=now)
    return row


def _decides(user: User, student: Student) -> bool:
    return is_allowed("invite_teacher", user, student)


def _close_overdue(student: Student, teacher: User, *, now: datetime) -> None:
    """Over by its date, but nobody has written so: it would stand in the way of the new one."""
    for row in _held(Application.objects.overdue(now).filter(student=student, teacher=teacher)):
        _end(row, ApplicationState.EXPIRED, None, now=now)
        emails.tell(event="expired", application=row, by=None, now=now)


def _refuse_repeated(student: Student, teacher: User, instrument: str, *, now: datetime) -> None:
    """Raises AskedAlready, AskedLately, InstrumentAlreadyTaught."""
    before = Application.objects.filter(student=student, teacher=teacher)
    if (waiting := before.filter(state__in=OPEN_STATES).first()) is not None:
        raise AskedAlready(waiting)
    lately = now - timedelta(days=settings.APPLICATION_PAUSE_DAYS)
    if before.filter(state=ApplicationState.DECLINED, ended_at__gt=lately).exists():
        raise AskedLately
    # Who only stands in may be asked for good.
    taught = Teaching.objects.unended().by(teacher).filter(student=student, cover_until__isnull=True)
    if taught.filter(instrument__iexact=instrument).exists():
        raise InstrumentAlreadyTaught


def _hold_limits(student: Student, by: User, *, now: datetime) -> None:
    """The student's row and the person's are held: whoever asks at the same moment is counted."""
    limit = settings.APPLICATIONS_PER_STUDENT
    if Application.objects.open().filter(student=student).count() >= limit:
        raise TooManyApplications(limit)
    daily, since = settings.APPLICATIONS_PER_PERSON_AND_DAY, now - timedelta(days=1)
    if Application.objects.filter(applied_by=by, applied_at__gt=since).count() >= daily:
        raise TooManyApplications(daily)


def _write(row: Application, by: User, body: str, *, key: UUID | None, now: datetime) -> ApplicationMessage:
    message = ApplicationMessage(
        application=row, author=by, author_role=row.voice_of(by), body=body, created_at=now
    )
    message.pk = key or message.pk
    message.save(force_insert=True)
    return message


def _still(action: str, row: Application, by: User | None) -> Application:
    """The row under its lock, if the person may still do this. Raises ApplicationIsOver."""
    open_ones = Application.objects.open()
    rows = allowed(open_ones, action, by) if by else open_ones
    keys = rows.filter(pk=row.pk).values_list("pk", flat=True)
    found = Application.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk=row.pk, state__in=OPEN_STATES
    )
    locked = found.select_related("student", "teacher").first()
    # Asked after the lock: whoever was quicker has committed by now.
    if locked is None or not keys.exists():
        raise ApplicationIsOver
    return locked


def _held(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those of them that wait, under their locks."""
    return rows.filter(state__in=OPEN_STATES).select_for_update(no_key=True).order_by("pk")


def _end(row: Application, state: ApplicationState, by: User | None, *, now: datetime) -> None:
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at"])
    _note(state, row, by, now=now)


@transaction.atomic
def say(*, application: Application, by: User, body: str, key: UUID, now: datetime) -> ApplicationMessage:
    """Write into the thread. The same ``key`` twice writes once; raises MessageKeyIsTaken for other words.

    Raises ApplicationIsOver, CollectionIsOff.
    """
    require_collection(lock_student(application.student))
    row = _still("comment", application, by)
    before = ApplicationMessage.objects.filter(pk=key).first()
    if before is not None:
        same = (before.application_id, before.author_id, before.body) == (row.pk, by.pk, body)
        if not same or before.deleted_at:
            raise MessageKeyIsTaken
        return before
    message = _write(row, by, body, key=key, now=now)
    emails.tell_message(message=message, by=by, now=now)
    return message


@transaction.atomic
def take_back_message(*, message: ApplicationMessage, by: User, now: datetime) -> None:
    """Hide one's own words; the team that cares for safety still finds them for a while. Twice: once."""
    if ApplicationMessage.objects.kept().filter(pk=message.pk, author=by).update(deleted_at=now):
        _note("message-deleted", message.application, by, now=now)


@transaction.atomic
def accept(*, application: Application, by: User, now: datetime) -> Teaching:
    """The lessons begin; where they run already, those go on, for good.

    Raises ApplicationIsOver, NoPlaceLeft, NotAgreedYet, FamilyIsLocked; OfferIsOver when the family has
    paused these lessons since it agreed. What is refused stays open.
    """
    profile = TeacherProfile.objects.select_for_update(no_key=True).get(teacher=application.teacher_id)
    student = lock_student(application.student)
    row = _still("answer", application, by)
    check_unlocked(student)
    if not queries.is_agreed(row):
        raise NotAgreedYet
    if queries.free_places(profile, without=student) < 1:
        raise NoPlaceLeft
    row.teaching = take_up_lessons(
        student=student,
        teacher=by,
        instrument=row.instrument,
        by=by,
        wanted_at=row.agreed_at or row.applied_at,
        now=now,
    )
    row.save(update_fields=["teaching"])
    _end(row, ApplicationState.ACCEPTED, by, now=now)
    emails.tell(event="accepted", application=row, by=by, now=now)
    return row.teaching


@transaction.atomic
def decline(*, application: Application, by: User, words: str, now: datetime) -> None:
    """With words that the family keeps, or without. From this commit on the teacher sees nothing of it.

    Raises ApplicationIsOver; CollectionIsOff, only where there are words.
    """
    student = lock_student(application.student)
    row = _still("answer", application, by)
    if words:
        require_collection(student)
        _write(row, by, words, key=None, now=now)
    _end(row, ApplicationState.DECLINED, by, now=now)
    emails.tell(event="declined", application=row, by=by, now=now)


@transaction.atomic
def put_on_waiting_list(*, application: Application, by: User, now: datetime) -> None:
    """Behind all who wait already. Who waits keeps their place. Raises ApplicationIsOver."""
    row = _still("answer", application, by)
    if row.state == ApplicationState.WAITLISTED:
        return
    row.state, row.waitlisted_at = ApplicationState.WAITLISTED, now
    row.expires_at = now + timedelta(days=settings.APPLICATION_WAITING_DAYS)
    row.save(update_fields=["state", "waitlisted_at", "expires_at"])
    _note("waitlisted", row, by, now=now)
    emails.tell(event="waitlisted", application=row, by=by, now=now)


@transaction.atomic
def agree_to(*, application: Application, by: User, now: datetime) -> None:
    """Somebody who decides for the student stands behind it. Raises ApplicationIsOver, FamilyIsLocked."""
    student = lock_student(application.student)
    row = _still("agree", application, by)
    check_unlocked(student)
    if queries.is_agreed(row):
        return
    row.agreed_by, row.agreed_at = by, now
    row.save(update_fields=["agreed_by", "agreed_at"])
    _note("agreed", row, by, now=now)
    emails.tell(event="agreed", application=row, by=by, now=now)


@transaction.atomic
def remind_of_agreement(*, application: Application, now: datetime) -> None:
    """The teacher wanted to say yes: whoever may agree hears of it, once a day."""
    emails.ask_to_agree(application=application, occasion=now.date().isoformat(), now=now)


@transaction.atomic
def withdraw(*, application: Application, by: User, now: datetime) -> None:
    """The family asks no longer. Raises ApplicationIsOver."""
    row = _still("withdraw", application, by)
    _end(row, ApplicationState.WITHDRAWN, by, now=now)
    emails.tell(event="withdrawn", application=row, by=by, now=now)


@transaction.atomic
def close_requests_of(*, student: Student, person: User, by: User, now: datetime) -> None:
    """What somebody asked, or agreed to, who is not to decide for the student just now: the family takes it
    back. The caller holds the student's row."""
    theirs = Q(applied_by=person) | Q(agreed_by=person)
    for row in _held(Application.objects.filter(theirs, student=student)):
        _end(row, ApplicationState.WITHDRAWN, by, now=now)
        emails.tell(event="withdrawn", application=row, by=by, now=now)


@transaction.atomic
def close_requests_about(*, student_id: UUID, now: datetime) -> None:
    """The diary is erased, so nobody asks for it any more. The caller holds the student's row and has ended
    the family: only the teachers are told."""
    for row in _held(Application.objects.filter(student=student_id)):
        _end(row, ApplicationState.WITHDRAWN, None, now=now)
        emails.tell(event="withdrawn", application=row, by=None, now=now)


@transaction.atomic
def close_open_ones(*, teacher: User, by: User | None, now: datetime) -> None:
    """All that this teacher was asked and has not answered; the families are told, the teacher is not."""
    for row in _held(Application.objects.filter(teacher=teacher)):
        _end(row, ApplicationState.EXPIRED, by, now=now)
        emails.tell(event="expired", application=row, by=teacher, now=now)


def look_through(*, now: datetime) -> None:
    """Write down what is over by its date and tell both sides. Where whoever agreed decides no longer, those
    who do are asked by mail: once for each who agreed."""
    for key in Application.objects.overdue(now).values_list("pk", flat=True):
        _expire(key, now=now)
    for row in queries.lapsed():
        emails.ask_to_agree(application=row, occasion=str(row.agreed_by_id), now=now)


@transaction.atomic
def _expire(key: UUID, *, now: datetime) -> bool:
    rows = Application.objects.overdue(now).select_for_update(no_key=True, skip_locked=True)
    row = rows.filter(pk=key).first()
    if row is None:
        return False
    _end(row, ApplicationState.EXPIRED, None, now=now)
    emails.tell(event="expired", application=row, by=None, now=now)
    return True
