"""Asking for an erasure, stopping it, carrying it out. Every step can be repeated, so a killed one is."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import Student, User
from apps.accounts.services import end_reader_links
from apps.core import jobs
from apps.core.ownership import Subject
from apps.privacy import emails, farewells, ledger, queries
from apps.privacy.models import Erasure, ErasureState
from apps.safeguarding.queries import is_held

from . import eraser, waiting
from .work import LEASE, TASK, Clock, LeaseIsLost, keep, note, still_ours

logger = logging.getLogger(__name__)

# How long what must be kept waits before it is asked again.
HELD = timedelta(hours=6)
BATCH = 20
# What stands for the last step when the doors are closed and no table is done.
BEGUN = "begun"


class OthersMustBeAsked(Exception):
    """Somebody else of the family has a say: it cannot be done at once."""


class ChildWouldBeAlone(Exception):
    """A minor with a login would have no guardian any more."""


class FamilyIsNotSettled(Exception):
    """The staff hold a family of this person still, or have to decide who belongs to it."""


class ErasureHasBegun(Exception):
    """Too late to stop it, or settled already: ``is_stopped`` says that nothing will be erased."""

    def __init__(self, *, is_stopped: bool = False) -> None:
        super().__init__(is_stopped)
        self.is_stopped = is_stopped


@transaction.atomic
def ask_erasure(*, subject: Subject, key: UUID, by: User, at_once: bool, now: datetime) -> Erasure:
    """Note that a person or a diary is to be erased, and tell whoever has a say.

    Twice changes nothing, except that "at once" brings forward what waits. Raises OthersMustBeAsked when
    it is to be at once although the diary has another guardian, or a student with a login;
    ChildWouldBeAlone; FamilyIsNotSettled.
    """
    _lock(subject, key, by)
    if subject == Subject.PERSON and queries.left_alone(key).exists():
        raise ChildWouldBeAlone
    if subject == Subject.PERSON and queries.unsettled(key).exists():
        raise FamilyIsNotSettled
    if at_once and subject == Subject.STUDENT and queries.others_of(key, by):
        raise OthersMustBeAsked
    wait = timedelta() if at_once else timedelta(days=settings.ERASURE_DAYS)
    erasure, is_new = Erasure.objects.open().get_or_create(
        subject=subject,
        subject_id=key,
        defaults={
            "asked_by_id": by.pk,
            "asked_at": now,
            "due_at": now + wait,
            "diary_ids": waiting.diaries_along(subject, key),
        },
    )
    if is_new:
        note("erasure.asked", erasure, by, now=now)
        if subject == Subject.STUDENT:
            end_reader_links(student=Student(pk=key), by=by, now=now)
    if at_once:
        _bring_forward(erasure, by=by, now=now)
    elif is_new:
        waiting.tell(erasure, "asked", now=now)
    return erasure


def _lock(subject: Subject, key: UUID, by: User) -> None:
    """The diary before the person, as who sends a link to read along does: the later one sees the other."""
    if subject == Subject.STUDENT:
        list(Student.objects.select_for_update(no_key=True).filter(pk=key))
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def _bring_forward(erasure: Erasure, *, by: User, now: datetime) -> None:
    """It happens now, and whoever said so answers for it. What is new in between must still be told."""
    known = {*erasure.told_ids, by.pk, *(user.pk for user in _concerned(erasure))}
    Erasure.objects.waiting().filter(pk=erasure.pk).update(
        asked_by_id=by.pk,
        due_at=now,
        told_ids=sorted(known),
        diary_ids=waiting.diaries_along(erasure.subject, erasure.subject_id),
    )
    erasure.refresh_from_db()
    jobs.wake(TASK)


def _concerned(erasure: Erasure) -> list[User]:
    return queries.family_of(erasure.subject_id) if erasure.subject == Subject.STUDENT else []


def stop_erasure(*, erasure: Erasure, by: User, now: datetime) -> Erasure:
    """Nothing will be erased: the asker thought better of it, or somebody else of the family objects.

    Raises ErasureHasBegun.
    """
    if not Erasure.objects.waiting().filter(pk=erasure.pk).exists():
        raise _why_not(erasure)
    # Outside too, and first: a backup from before this moment must not bring the erasure back.
    ledger.write(ledger.STOPPED, erasure.pk)
    is_own = by.pk in (erasure.asked_by_id, erasure.subject_id)
    state = ErasureState.UNDONE if is_own else ErasureState.OBJECTED
    with transaction.atomic():
        stopped = Erasure.objects.waiting().filter(pk=erasure.pk)
        if not stopped.update(state=state, settled_by_id=by.pk, settled_at=now, **waiting.FORGOTTEN):
            raise _why_not(erasure)
        erasure.refresh_from_db()
        note("erasure.stopped", erasure, by, now=now)
        readers = [user for user in _concerned(erasure) if user.pk != by.pk]
        emails.tell_about_erasure(kind="privacy.erasure-stopped", erasure=erasure, readers=readers, now=now)
    return erasure


def _why_not(erasure: Erasure) -> ErasureHasBegun:
    erasure.refresh_from_db()
    return ErasureHasBegun(is_stopped=erasure.state in (ErasureState.UNDONE, ErasureState.OBJECTED))


def run_due(*, clock: Clock) -> int:
    """Erase what is due, one after the other; return how many were finished."""
    done = 0
    for _turn in range(BATCH):
        erasure = claim(now=clock())
        if erasure is None:
            break
        if erasure.lease_until is not None:
            done += _erase(erasure, clock=clock)
    return done


def claim(*, now: datetime) -> Erasure | None:
    """Take the next one; it has a lease only if nothing has changed that stops it or keeps it."""
    due = Erasure.objects.due(now).order_by("due_at", "pk")
    candidate = due.first()
    if candidate is None:
        return None
    is_stopped = ledger.knows(ledger.STOPPED, candidate.pk)
    with transaction.atomic():
        erasure = due.select_for_update(skip_locked=True).filter(pk=candidate.pk).first()
        if erasure is None or not _may_begin(erasure, is_stopped=is_stopped, now=now):
            return erasure
        erasure.state, erasure.lease_until = ErasureState.RUNNING, now + LEASE
        erasure.save(update_fields=["state", "lease_until"])
    return erasure


def _may_begin(erasure: Erasure, *, is_stopped: bool, now: datetime) -> bool:
    """Not if it was stopped and a backup forgot it, and not if people have changed meanwhile."""
    # It goes with an account; the ledger's own, and one that has begun, are past these questions.
    is_fresh = erasure.asked_by_id is not None and erasure.lease_until is None and not erasure.step
    if not erasure.is_waiting and not is_fresh:
        return True
    if is_stopped if erasure.is_waiting else _concerned(erasure):
        waiting.undo(erasure, now=now)
    elif must_stay(erasure):
        erasure.due_at, erasure.last_error = now + HELD, Erasure.HELD
        erasure.save(update_fields=["due_at", "last_error"])
    elif not erasure.is_waiting:
        return True
    elif waiting.may_go_on(erasure, now=now):
        note("erasure.begun", erasure, None, now=now)
        return True
    return False


def must_stay(erasure: Erasure) -> bool:
    """The safeguarding team keeps it, or a diary that would go along; or the person's family is unsettled."""
    if is_held(erasure.subject, erasure.subject_id):
        return True
    if erasure.subject == Subject.STUDENT:
        return False
    goes = queries.diaries_that_go(erasure.subject_id)
    return any(is_held(Subject.STUDENT, student.pk) for student in goes) or (
        queries.unsettled(erasure.subject_id).exists()
    )


def _erase(erasure: Erasure, *, clock: Clock) -> bool:
    try:
        begin(erasure, now=clock())
        subject, key = Subject(erasure.subject), erasure.subject_id
        for step in eraser.steps(subject, key):
            keep(erasure, now=clock(), step=step)
        return _finish(erasure, now=clock())
    except LeaseIsLost:
        return False
    except Exception as error:
        # Its lease runs on, so that the next round does not meet it at once.
        logger.exception("Erasure %s has stopped at %s", erasure.pk, erasure.step or "the beginning")
        still_ours(erasure).update(last_error=type(error).__name__)
        return False


def begin(erasure: Erasure, *, now: datetime) -> None:
    """Write the ledger, say goodbye, close every door, and let the diaries go that nobody would be left with.

    After a restore only the ledger's own diaries go: nobody knows who joined the others after the backup.
    """
    ledger.write(erasure.subject, erasure.subject_id)
    with transaction.atomic():
        if not erasure.step:
            # Once: who begins again finds nobody whom to tell, or tells twice.
            farewells.post(erasure, now=now)
        if not still_ours(erasure).update(step=erasure.step or BEGUN):
            raise LeaseIsLost
        if erasure.subject == Subject.STUDENT:
            eraser.close_diary(erasure.subject_id, now=now)
        else:
            _close_account(erasure, now=now)
    erasure.step = erasure.step or BEGUN


def _close_account(erasure: Erasure, *, now: datetime) -> None:
    if erasure.asked_by_id is not None:
        # Twice: whoever was just joining has joined when the locks are ours.
        eraser.lock_diaries(_keys(queries.diaries_that_go(erasure.subject_id)), now=now)
        for key in _keys(queries.diaries_that_go(erasure.subject_id)):
            _run_now(Subject.STUDENT, key, asked_by_id=erasure.asked_by_id, now=now)
    eraser.close_account(erasure.subject_id, now=now)


def _keys(students: QuerySet[Student]) -> list[UUID]:
    return list(students.values_list("pk", flat=True))


def _run_now(subject: Subject, key: UUID, *, asked_by_id: UUID | None, now: datetime) -> None:
    """An erasure that nobody can stop any more: one that waits already, or a new one."""
    values = {"state": ErasureState.RUNNING, "asked_by_id": asked_by_id, "due_at": now, "lease_until": None}
    open_ones = Erasure.objects.open().filter(subject=subject, subject_id=key)
    if not open_ones.update(**values):
        Erasure.objects.create(subject=subject, subject_id=key, asked_at=now, **values)


@transaction.atomic
def _finish(erasure: Erasure, *, now: datetime) -> bool:
    done = still_ours(erasure).update(
        state=ErasureState.DONE, settled_at=now, lease_until=None, last_error="", **waiting.FORGOTTEN
    )
    if done:
        note("erasure.done", erasure, None, now=now)
    return bool(done)


@dataclass(frozen=True)
class Reapplied:
    """How many the ledger named and the backup had brought back, and the diaries that nobody is left with
    although they were not erased: somebody must look after them by hand.
    """

    found: int
    left: list[UUID]


def _came_back() -> Iterator[tuple[Subject, UUID]]:
    """The diaries and people that the ledger knows and that are there."""
    diaries, people = ledger.read(Subject.STUDENT), ledger.read(Subject.PERSON)
    for key in Student.objects.values_list("pk", flat=True).iterator():
        if ledger.hash_of(Subject.STUDENT, key) in diaries:
            yield Subject.STUDENT, key
    for user in User.objects.only("pk", "email").iterator():
        if not user.is_erased and ledger.hash_of(Subject.PERSON, user.pk) in people:
            yield Subject.PERSON, user.pk


def reapply(*, clock: Clock) -> Reapplied:
    """After a restore: erase again whoever the ledger knows and the backup brought back, and nobody else."""
    now = clock()
    found = list(_came_back())
    named = {key for subject, key in found if subject == Subject.STUDENT}
    left = {
        student
        for subject, key in found
        if subject == Subject.PERSON
        for student in _keys(queries.diaries_that_go(key))
    }
    for subject, key in found:
        _run_now(subject, key, asked_by_id=None, now=now)
    while Erasure.objects.due(now).filter(state=ErasureState.RUNNING).exists():
        if not run_due(clock=clock):
            break
    return Reapplied(len(found), sorted(left - named))
