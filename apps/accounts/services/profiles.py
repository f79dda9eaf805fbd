"""Every write to what is known of a student: the name, the zone, the profile, the longest session."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.accounts.drawings import SIGNS
from apps.accounts.models import Student, StudentProfile, User
from apps.accounts.models.profiles import LONGEST_GOAL, LONGEST_INSTRUMENT, MOST_INSTRUMENTS, Level
from apps.core import audit

from .collection import require_collection


class ProfileIsNotPossible(Exception):
    """More than a profile holds; ``field`` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class LimitIsNotPossible(Exception):
    """Less than everybody may do, or more than a day."""


@transaction.atomic
def change_student(
    *,
    student: Student,
    name: str,
    time_zone: str,
    by: User,
    now: datetime,
    instruments: Sequence[str] = (),
    level: str = "",
    goal: str = "",
    picture: str = "",
) -> None:
    """Correct the name, the zone, the picture or the profile. Days that were logged keep their date.

    Raises ProfileIsNotPossible; CollectionIsOff where something new would be said of a student about
    whom nothing may be written down.
    """
    _check_profile(instruments, level, goal)
    if picture not in ("", *SIGNS):
        raise ProfileIsNotPossible("picture")
    student = Student.objects.select_for_update(no_key=True).select_related(None).get(pk=student.pk)
    if picture not in ("", student.picture) or _says_more(student, instruments, level, goal):
        require_collection(student)
    student.name, student.time_zone, student.picture = name, time_zone, picture
    student.save(update_fields=["name", "time_zone", "picture"])
    StudentProfile.objects.update_or_create(
        student=student, defaults={"instruments": list(instruments), "level": level, "goal": goal}
    )
    audit.record(action="student.changed", actor=by, target=student, now=now, student_id=student.pk)


def _says_more(student: Student, instruments: Sequence[str], level: str, goal: str) -> bool:
    """Whether a profile holds something that it did not hold before; taking away is always possible."""
    now = StudentProfile.objects.filter(student=student).first() or StudentProfile(student=student)
    return (
        not set(instruments) <= set(now.instruments)
        or level not in ("", now.level)
        or goal not in ("", now.goal)
    )


def _check_profile(instruments: Sequence[str], level: str, goal: str) -> None:
    if len(instruments) > MOST_INSTRUMENTS or any(len(each) > LONGEST_INSTRUMENT for each in instruments):
        raise ProfileIsNotPossible("instruments")
    if level not in ("", *Level.values):
        raise ProfileIsNotPossible("level")
    if len(goal) > LONGEST_GOAL:
        raise ProfileIsNotPossible("goal")


@transaction.atomic
def change_limit(*, student: Student, max_minutes: int | None, by: User, now: datetime) -> None:
    """How long one session may be, in minutes; None is the usual limit. Raises LimitIsNotPossible.

    The usual limit can be raised, never lowered: sessions as long as everybody's are always possible.
    """
    least, most = settings.PRACTICE_TAUGHT_MAX_MINUTES, settings.PRACTICE_MAX_MINUTES
    if max_minutes is not None and not least <= max_minutes <= most:
        raise LimitIsNotPossible
    student.max_minutes = max_minutes
    student.save(update_fields=["max_minutes"])
    audit.record(
        action="student.limited",
        actor=by,
        target=student,
        now=now,
        student_id=student.pk,
        max_minutes=max_minutes,
    )
