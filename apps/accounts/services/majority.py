"""Coming of age: guardianships end, and from then on the young adult decides who sees the diary.

Nothing of the diary moves: it hangs on the student, who stays the same row. Somebody without a login
could not take over, so there the guardians stay and are asked to invite the student.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts import family_emails as emails
from apps.accounts import queries
from apps.accounts.models import FamilyLock, Guardianship, Invitation, Objection, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import ADULT_AGE, MINORS, YOUNGEST_TEEN, AgeBand, age_on, born_before
from apps.core import audit

from .avatars import remove_avatar
from .errors import MonthIsForTheStaff
from .family import cancel_all, end_guardianship, lock_student


def come_of_age_due(*, now: datetime) -> int:
    """The day's round: announce, ask, end. Each student in a transaction of their own; again is harmless."""
    ended = 0
    for student in _soon_adults(now):
        ended += _come_of_age(student, now=now)
    grow_older(now=now)
    return ended


def grow_older(*, now: datetime) -> None:
    """The stored bands follow the months of birth. With a guardian nobody becomes an adult here, but by
    ``_come_of_age``. A day late: in no zone is anybody taken for older than they are."""
    day = (now - timedelta(days=1)).date()
    guarded = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    adults = Student.objects.filter(~Exists(guarded), birth_month__lt=born_before(ADULT_AGE, day))
    adults.exclude(age_band=AgeBand.ADULT).update(age_band=AgeBand.ADULT)
    teens = Student.objects.filter(age_band__in=(AgeBand.UNKNOWN, AgeBand.CHILD))
    teens.filter(birth_month__lt=born_before(YOUNGEST_TEEN, day)).update(age_band=AgeBand.TEEN)


def _soon_adults(now: datetime) -> QuerySet[Student]:
    """With guardians, and of age by the end of the days in which it is announced."""
    last = (now + timedelta(days=settings.MAJORITY_NOTICE_DAYS + 1)).date()
    guarded = Guardianship.objects.unended().filter(student=OuterRef("pk"))
    locked = FamilyLock.objects.in_force().filter(student=OuterRef("pk"))
    born_by = date(last.year - ADULT_AGE, last.month, 1)
    return Student.objects.filter(Exists(guarded), ~Exists(locked), birth_month__lt=born_by).order_by("pk")


def is_adult(student: Student, day: date) -> bool:
    """By the month of birth; false where none is known."""
    age = student.age_on(day)
    return age is not None and age >= ADULT_AGE


def band_of(age: int, *, is_guarded: bool) -> AgeBand:
    """What is stored: with a guardian nobody is an adult yet, whatever the calendar says."""
    return AgeBand.of(min(age, ADULT_AGE - 1) if is_guarded else age)


@transaction.atomic
def _come_of_age(student: Student, *, now: datetime) -> bool:
    """Whether guardianships ended. Never sooner than some days after all were told: a month may be typed
    wrongly, or late."""
    student = lock_student(student)
    today = student.today(now)
    soon = today + timedelta(days=settings.MAJORITY_NOTICE_DAYS)
    # Asked again under the lock: the staff may have been quicker than this round.
    if queries.is_locked(student) or not is_adult(student, soon):
        return False
    if not student.has_own_voice:
        if is_adult(student, today):
            emails.tell_need_of_login(student=student, now=now)
        return False
    if student.majority_told_at is None:
        _announce(student, now=now)
    told_for = now - (student.majority_told_at or now)
    if not is_adult(student, today) or told_for < timedelta(days=settings.MAJORITY_LEAST_NOTICE_DAYS):
        return False
    end_all_guardianships(student=student, now=now)
    return True


def _announce(student: Student, *, now: datetime) -> None:
    student.majority_told_at = now
    student.save(update_fields=["majority_told_at"])
    emails.tell_of_age(kind="accounts.coming-of-age", student=student, since=None, now=now)
    audit.record(
        action="student.told-of-majority", actor=None, target=student, now=now, student_id=student.pk
    )


def end_all_guardianships(*, student: Student, now: datetime) -> None:
    """The student is an adult from this commit on. The caller holds the row."""
    rows = Guardianship.objects.unended().filter(student=student).select_related("guardian")
    for row in rows:
        row.student = student
        end_guardianship(row, by=None, why="adult", now=now)
    Objection.objects.open().filter(guardianship__student=student).update(decided_at=now)
    unanswered = Invitation.objects.open().filter(student=student, role=InvitationRole.GUARDIAN)
    cancel_all(unanswered, by=None, now=now)
    student.age_band, student.came_of_age_at = AgeBand.ADULT, now
    student.save(update_fields=["age_band", "came_of_age_at"])
    audit.record(action="student.came-of-age", actor=None, target=student, now=now, student_id=student.pk)
    emails.tell_of_age(kind="accounts.came-of-age", student=student, since=now, now=now)


@transaction.atomic
def change_birth_month(*, student: Student, birth_month: date | None, by: User, now: datetime) -> None:
    """A guardian writes or corrects it; the others of the family are told, because it moves the day on
    which their guardianship ends.

    Whoever signs in on their own is made younger by nobody of the family, else a guardian could be one for
    good; and a child is made an adult by nobody of them, else a stranger could take the diary over. Raises
    MonthIsForTheStaff.
    """
    student = lock_student(student)
    if student.birth_month == birth_month:
        return
    is_younger = _makes_younger(student, birth_month)
    today = student.today(now)
    is_minor = student.band_on(today) in MINORS
    is_grown_up = birth_month is not None and age_on(birth_month, today) >= ADULT_AGE
    if (is_younger and student.has_own_voice) or (is_minor and is_grown_up):
        raise MonthIsForTheStaff(is_younger=is_younger)
    _write_month(student, birth_month, by=by, now=now)


@transaction.atomic
def correct_birth_month(*, student: Student, birth_month: date | None, by: User, now: datetime) -> None:
    """The staff's word, in any direction; the family is told."""
    student = lock_student(student)
    if student.birth_month != birth_month:
        _write_month(student, birth_month, by=by, now=now)


def forget_face_of_minor(student: Student, *, now: datetime) -> None:
    """Wherever a diary turns out not to be an adult's: the photo goes in the same commit."""
    if student.user is not None and student.age_band != AgeBand.ADULT:
        remove_avatar(user=student.user, by=None, why="minor", now=now)


def _makes_younger(student: Student, birth_month: date | None) -> bool:
    known = student.birth_month
    return known is not None and (birth_month is None or birth_month > known)


def _write_month(student: Student, birth_month: date | None, *, by: User, now: datetime) -> None:
    """The caller holds the row."""
    if _makes_younger(student, birth_month):
        # Nobody was told of the later day. An earlier one begins no new count: it would be put off by it.
        student.majority_told_at = None
    student.birth_month = birth_month
    age = student.age_on(student.today(now))
    if age is not None:
        is_guarded = Guardianship.objects.unended().filter(student=student).exists()
        student.age_band = band_of(age, is_guarded=is_guarded)
    student.save(update_fields=["birth_month", "age_band", "majority_told_at"])
    forget_face_of_minor(student, now=now)
    audit.record(
        action="student.birth-month-changed", actor=by, target=student, now=now, student_id=student.pk
    )
    emails.tell_birth_month(student=student, by=by, now=now)
