"""Asking for an erasure, stopping it, carrying it out. Every step can be repeated, so a killed one is."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Guardianship, Student, User
from apps.core import audit, jobs
from apps.core.ownership import Subject
from apps.privacy import emails, ledger, queries
from apps.privacy.models import Erasure, ErasureState
from apps.safeguarding.queries import is_held

from . import eraser
from .exports import TASK

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# How long what must be kept waits before it is asked again.
HELD = timedelta(hours=6)
BATCH = 20

Clock = Callable[[], datetime]


class OthersMustBeAsked(Exception):
    """Somebody else of the family has a say: it cannot be done at once."""


class ErasureHasBegun(Exception):
    """Too late to stop it, or settled already."""


class LeaseIsLost(Exception):
    """Another worker erases this by now."""


@transaction.atomic
def ask_erasure(*, subject: Subject, key: UUID, by: User, at_once: bool, now: datetime) -> Erasure:
    """Note that a person or a diary is to be erased, and tell whoever has a say. Twice changes nothing.

    Raises OthersMustBeAsked when it is to be at once although the diary has another guardian, or a
    student with a login.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    others = queries.others_of(key, by) if subject == Subject.STUDENT else []
    if at_once and others:
        raise OthersMustBeAsked
    wait = timedelta() if at_once else timedelta(days=settings.ERASURE_DAYS)
    erasure, is_new = Erasure.objects.open().get_or_create(
        subject=subject,
        subject_id=key,
        defaults={"asked_by_id": by.pk, "asked_at": now, "due_at": now + wait},
    )
    if is_new:
        _note("erasure.asked", erasure, by, now=now)
        if at_once:
            jobs.wake(TASK)
        else:
            emails.tell_about_erasure(
                kind="privacy.erasure-asked", erasure=erasure, readers=[by, *others], now=now
            )
    return erasure


def _note(action: str, erasure: Erasure, by: User | None, *, now: datetime) -> None:
    student = erasure.subject_id if erasure.subject == Subject.STUDENT else None
    audit.record(action=action, actor=by, target=erasure, now=now, student_id=student)


@transaction.atomic
def stop_erasure(*, erasure: Erasure, by: User, now: datetime) -> Erasure:
    """Nothing will be erased: the asker thought better of it, or somebody else of the family objects.

    Raises ErasureHasBegun.
    """
    is_own = by.pk in (erasure.asked_by_id, erasure.subject_id)
    state = ErasureState.UNDONE if is_own else ErasureState.OBJECTED
    stopped = Erasure.objects.filter(pk=erasure.pk, state=ErasureState.WAITING).update(
        state=state, settled_by_id=by.pk, settled_at=now
    )
    if not stopped:
        raise ErasureHasBegun
    erasure.refresh_from_db()
    # Outside too: a backup from before this moment must not bring the erasure back.
    ledger.write(ledger.STOPPED, erasure.pk)
    _note("erasure.stopped", erasure, by, now=now)
    if erasure.subject == Subject.STUDENT:
        readers = [user for user in queries.family_of(erasure.subject_id) if user.pk != by.pk]
        emails.tell_about_erasure(kind="privacy.erasure-stopped", erasure=erasure, readers=readers, now=now)
    return erasure


def run_due(*, clock: Clock) -> int:
    """Erase what is due, one after the other; return how many were finished."""
    done = 0
    for _turn in range(BATCH):
        erasure = claim(now=clock())
        if erasure is None:
            break
        if erasure.state == ErasureState.RUNNING:
            done += _erase(erasure, clock=clock)
    return done


@transaction.atomic
def claim(*, now: datetime) -> Erasure | None:
    """Take the next one; it begins only if nothing has changed that would have stopped it."""
    due = Erasure.objects.due(now).order_by("due_at", "pk")
    erasure = due.select_for_update(skip_locked=True).first()
    if erasure is None:
        return None
    if erasure.state == ErasureState.WAITING and not _may_begin(erasure, now=now):
        return erasure
    if erasure.state == ErasureState.WAITING:
        _note("erasure.begun", erasure, None, now=now)
    erasure.state, erasure.lease_until = ErasureState.RUNNING, now + LEASE
    erasure.save(update_fields=["state", "lease_until"])
    return erasure


def _may_begin(erasure: Erasure, *, now: datetime) -> bool:
    """Not if it was stopped and a backup forgot it, if the asker lost their say, or a guardian is new."""
    asker = queries.account(erasure.asked_by_id)
    stopped = ledger.knows(ledger.STOPPED, erasure.pk)
    is_person = erasure.subject == Subject.PERSON
    may_ask = asker is not None and (is_person or queries.may_erase(asker, erasure.subject_id))
    if stopped or not may_ask:
        erasure.state, erasure.settled_at = ErasureState.UNDONE, now
        erasure.save(update_fields=["state", "settled_at"])
        return False
    if must_stay(erasure):
        erasure.due_at, erasure.last_error = now + HELD, Erasure.HELD
        erasure.save(update_fields=["due_at", "last_error"])
        return False
    if is_person:
        return True
    joined = Guardianship.objects.current().filter(
        student=erasure.subject_id,
        started_at__gt=max(erasure.asked_at, now - timedelta(days=settings.ERASURE_DAYS)),
    )
    newest = joined.exclude(guardian=asker).order_by("-started_at").select_related("guardian").first()
    if newest is None:
        return True
    erasure.due_at = newest.started_at + timedelta(days=settings.ERASURE_DAYS)
    erasure.save(update_fields=["due_at"])
    emails.tell_about_erasure(
        kind="privacy.erasure-asked", erasure=erasure, readers=[newest.guardian], now=now
    )
    return False


def must_stay(erasure: Erasure) -> bool:
    """The safeguarding team keeps it, or a diary that would go along."""
    if is_held(erasure.subject, erasure.subject_id):
        return True
    goes = queries.diaries_that_go(erasure.subject_id) if erasure.subject == Subject.PERSON else []
    return any(is_held(Subject.STUDENT, student.pk) for student in goes)


def _erase(erasure: Erasure, *, clock: Clock) -> bool:
    try:
        begin(erasure, now=clock())
        subject, key = Subject(erasure.subject), erasure.subject_id
        for step in eraser.steps(subject, key):
            _tell_step(erasure, step, now=clock())
        return _finish(erasure, now=clock())
    except LeaseIsLost:
        return False
    except Exception as error:
        # Its lease runs on, so that the next round does not meet it at once.
        logger.exception("Erasure %s has stopped at %s", erasure.pk, erasure.step or "the beginning")
        Erasure.objects.filter(pk=erasure.pk).update(last_error=type(error).__name__)
        return False


@transaction.atomic
def begin(erasure: Erasure, *, now: datetime) -> None:
    """Write the ledger, close every door, and let the diaries go that nobody would be left with."""
    ledger.write(erasure.subject, erasure.subject_id)
    if erasure.subject == Subject.STUDENT:
        eraser.close_diary(erasure.subject_id, now=now)
        return
    for student in queries.diaries_that_go(erasure.subject_id):
        Erasure.objects.open().get_or_create(
            subject=Subject.STUDENT,
            subject_id=student.pk,
            defaults={
                "asked_by_id": erasure.asked_by_id,
                "asked_at": now,
                "due_at": now,
                "state": ErasureState.RUNNING,
            },
        )
    eraser.close_account(erasure.subject_id)


def _still_ours(erasure: Erasure) -> bool:
    return Erasure.objects.filter(
        pk=erasure.pk, state=ErasureState.RUNNING, lease_until=erasure.lease_until
    ).exists()


def _tell_step(erasure: Erasure, step: str, *, now: datetime) -> None:
    """Note a finished step, and keep the lease. Raises LeaseIsLost."""
    if not _still_ours(erasure):
        raise LeaseIsLost
    erasure.step, erasure.lease_until = step, now + LEASE
    erasure.save(update_fields=["step", "lease_until"])


@transaction.atomic
def _finish(erasure: Erasure, *, now: datetime) -> bool:
    done = Erasure.objects.filter(pk=erasure.pk, state=ErasureState.RUNNING).update(
        state=ErasureState.DONE, settled_at=now, lease_until=None, last_error=""
    )
    if done:
        _note("erasure.done", erasure, None, now=now)
    return bool(done)


def _came_back() -> Iterator[tuple[Subject, UUID]]:
    """The diaries and people that the ledger knows and that are there."""
    diaries, people = ledger.read(Subject.STUDENT), ledger.read(Subject.PERSON)
    for key in Student.objects.values_list("pk", flat=True).iterator():
        if ledger.hash_of(Subject.STUDENT, key) in diaries:
            yield Subject.STUDENT, key
    for user in User.objects.only("pk", "email").iterator():
        if not user.is_erased and ledger.hash_of(Subject.PERSON, user.pk) in people:
            yield Subject.PERSON, user.pk


def reapply(*, clock: Clock) -> int:
    """After a restore: erase again whoever the ledger knows and the backup brought back."""
    now = clock()
    found = list(_came_back())
    for subject, key in found:
        Erasure.objects.open().filter(subject=subject, subject_id=key).update(
            state=ErasureState.RUNNING, due_at=now, lease_until=None
        )
        Erasure.objects.open().get_or_create(
            subject=subject,
            subject_id=key,
            defaults={"asked_at": now, "due_at": now, "state": ErasureState.RUNNING},
        )
    while Erasure.objects.due(now).filter(state=ErasureState.RUNNING).exists():
        if not run_due(clock=clock):
            break
    return len(found)
