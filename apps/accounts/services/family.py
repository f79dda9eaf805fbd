"""The family graph: leaving it, objecting to who joined, and holding it still.

Every write here holds the student's row, so that two who act at the same moment see each other.
Nobody ends another's guardianship: one may leave, and the staff decide what is disputed.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts import family_emails as emails
from apps.accounts import queries
from apps.accounts.models import FamilyLock, Guardianship, Invitation, Objection, Student, StudentGrant, User
from apps.accounts.models.family import Verdict
from apps.core import audit

from .collection import take_back
from .errors import (
    FamilyIsLocked,
    GuardianIsSuspended,
    LastGuardian,
    ObjectionIsDecided,
    TooLateToObject,
)
from .grants import revoke_grant
from .reader_links import end_reader_links

# Takes back, in the caller's transaction, what ``person`` began in a family that objects to them.
TakeBack = Callable[..., None]
_taken_back: list[TakeBack] = []


def when_suspended(callback: TakeBack) -> TakeBack:
    """Register what else a suspension takes back: called as ``callback(student=, person=, by=, now=)``."""
    _taken_back.append(callback)
    return callback


def lock_student(student: Student) -> Student:
    """The row under its lock; not shared with whoever only points at it."""
    return Student.objects.select_for_update(no_key=True).get(pk=student.pk)


def check_unlocked(student: Student) -> None:
    """Raises FamilyIsLocked."""
    if FamilyLock.objects.in_force().filter(student=student).exists():
        raise FamilyIsLocked


def check_may_join(student: Student, user: User) -> None:
    """Whoever takes up an invitation into the family. Raises FamilyIsLocked, GuardianIsSuspended."""
    check_unlocked(student)
    mine = Guardianship.objects.unended().filter(student=student, guardian=user)
    if mine.filter(suspended_at__isnull=False).exists():
        raise GuardianIsSuspended


def cancel_all(invitations: QuerySet[Invitation], *, by: User | None, now: datetime) -> None:
    """Each with its audit row."""
    for invitation in invitations:
        invitation.cancelled_at = now
        invitation.save(update_fields=["cancelled_at"])
        audit.record(
            action="invitation.cancelled",
            actor=by,
            target=invitation,
            now=now,
            student_id=invitation.student_id,
        )


def withdraw_invitations(*, student: Student, person: User, by: User | None, now: datetime) -> None:
    """What this person sent and nobody has answered ends with their say about the student.

    What is past its date too: made anew, it would be theirs again.
    """
    cancel_all(Invitation.objects.open().filter(student=student, invited_by=person), by=by, now=now)


def withdraw(*, student: Student, person: User, by: User | None, now: datetime) -> None:
    """Their invitations and links, and their own access as a guest: a code in a drawer must not let them
    in again."""
    withdraw_invitations(student=student, person=person, by=by, now=now)
    end_reader_links(student=student, made_by=person, by=by, now=now)
    revoke_grant(student=student, user=person, by=by, now=now)


def end_guardianship(row: Guardianship, *, by: User | None, why: str, now: datetime) -> None:
    """``why`` is a code: left, objection, adult. The caller holds the student's row."""
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    withdraw(student=row.student, person=row.guardian, by=by, now=now)
    audit.record(
        action="guardianship.ended",
        actor=by,
        target=row,
        now=now,
        student_id=row.student_id,
        guardian=str(row.guardian_id),
        why=why,
    )


@transaction.atomic
def leave_family(*, guardianship: Guardianship, now: datetime) -> None:
    """A guardian goes by their own will; access ends at this commit. Twice changes nothing.

    Raises FamilyIsLocked; LastGuardian, because a minor's diary would be nobody's.
    """
    student = lock_student(guardianship.student)
    check_unlocked(student)
    row = Guardianship.objects.current().select_related("guardian").filter(pk=guardianship.pk).first()
    if row is None:
        return
    row.student = student
    if not queries.other_guardians(row).exists():
        raise LastGuardian
    end_guardianship(row, by=row.guardian, why="left", now=now)
    emails.tell_family(kind="accounts.guardian-left", guardianship=row, now=now)


@transaction.atomic
def object_to_guardian(*, guardianship: Guardianship, by: User, reason: str, now: datetime) -> Objection:
    """Suspend a newcomer until the staff decide; all are told. What they began meanwhile is taken back.

    Raises FamilyIsLocked; TooLateToObject; LastGuardian, because a minor would be without any.
    """
    student = lock_student(guardianship.student)
    check_unlocked(student)
    young = Guardianship.objects.filter(queries.objectionable(now))
    row = young.select_related("guardian").filter(pk=guardianship.pk).first()
    if row is None:
        raise TooLateToObject
    if not queries.other_guardians(row).exists():
        raise LastGuardian
    row.student, row.suspended_at = student, now
    row.save(update_fields=["suspended_at"])
    objection = Objection.objects.create(guardianship=row, raised_by=by, raised_at=now, reason=reason)
    withdraw(student=student, person=row.guardian, by=by, now=now)
    # Whom they let in meanwhile, too.
    let_in = StudentGrant.objects.filter(content_object=student, granted_by=row.guardian)
    for guest in User.objects.filter(pk__in=let_in.values("user")):
        revoke_grant(student=student, user=guest, by=by, now=now)
    for callback in _taken_back:
        callback(student=student, person=row.guardian, by=by, now=now)
    audit.record(
        action="guardianship.suspended",
        actor=by,
        target=row,
        now=now,
        student_id=student.pk,
        guardian=str(row.guardian_id),
    )
    emails.tell_family(kind="accounts.objection-raised", guardianship=row, now=now)
    emails.tell_newcomer(kind="accounts.you-are-suspended", guardianship=row, now=now)
    return objection


@transaction.atomic
def decide_objection(*, objection: Objection, verdict: Verdict, by: User, now: datetime) -> None:
    """The staff's word: the newcomer leaves, or stays as if nothing had been. Raises ObjectionIsDecided."""
    found = Objection.objects.select_related("guardianship__guardian", "guardianship__student")
    row = found.get(pk=objection.pk).guardianship
    row.student = lock_student(row.student)
    updated = Objection.objects.open().filter(pk=objection.pk).update(verdict=verdict, decided_at=now)
    if not updated:
        raise ObjectionIsDecided
    audit.record(
        action=f"objection.{verdict}",
        actor=by,
        target=objection,
        now=now,
        student_id=row.student_id,
        guardian=str(row.guardian_id),
    )
    if verdict == Verdict.UPHELD:
        end_guardianship(row, by=by, why="objection", now=now)
        take_back(student=row.student, given_by=row.guardian, by=by, now=now)
    else:
        row.suspended_at = None
        row.save(update_fields=["suspended_at"])
    emails.tell_family(kind=f"accounts.objection-{verdict}", guardianship=row, now=now)
    emails.tell_newcomer(kind=f"accounts.you-were-{verdict}", guardianship=row, now=now)


@transaction.atomic
def lock_family(*, student: Student, reason: str, by: User, now: datetime) -> FamilyLock:
    """Hold the family still, and end the links by which others read along. Raises FamilyIsLocked when it is
    already."""
    student = lock_student(student)
    try:
        with transaction.atomic():
            lock = FamilyLock.objects.create(student=student, reason=reason, locked_by=by, locked_at=now)
    except IntegrityError:
        raise FamilyIsLocked from None
    end_reader_links(student=student, by=by, now=now)
    audit.record(action="family.locked", actor=by, target=lock, now=now, student_id=student.pk)
    return lock


@transaction.atomic
def unlock_family(*, lock: FamilyLock, by: User, now: datetime) -> None:
    """Twice changes nothing."""
    if FamilyLock.objects.in_force().filter(pk=lock.pk).update(lifted_at=now):
        audit.record(action="family.unlocked", actor=by, target=lock, now=now, student_id=lock.student_id)
