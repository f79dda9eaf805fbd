"""Ensembles as the product makes them: asked by a teacher, agreed to by families."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.ensembles import services
from apps.ensembles.models import Ensemble, GroupPart, Membership
from apps.practice.models import PracticeEntry

from .accounts import make_guardianship, make_student, make_user
from .private_teaching import make_teaching


def make_pupil(teacher: User, name: str, **fields: Any) -> tuple[Student, User]:
    """A child whom this teacher teaches, and the guardian: "Ben" and "Ben Guardian"."""
    student, guardian = make_student(name, **fields), make_user(f"{name} Guardian")
    make_guardianship(student, guardian)
    make_teaching(teacher, student)
    return student, guardian


def make_ensemble(teacher: User, *students: Student, name: str = "Duet") -> Ensemble:
    """The families are asked, and have not answered."""
    return services.create_ensemble(
        key=uuid4(), teacher=teacher, name=name, pupils=[each.pk for each in students], now=timezone.now()
    )


def membership_of(ensemble: Ensemble, student: Student) -> Membership:
    return Membership.objects.get(ensemble=ensemble, teaching__student=student, ended_at=None)


def agree(ensemble: Ensemble, student: Student, by: User, shown_name: str = "") -> Membership:
    """The others read the first name, or another one, from now on."""
    found = membership_of(ensemble, student)
    name = shown_name or student.get_short_name()
    services.agree_to_play(membership=found, shown_name=name, by=by, now=timezone.now())
    found.refresh_from_db()
    return found


def ask_players(entry: PracticeEntry, *players: Membership, by: User) -> list[GroupPart]:
    """The entry's family says that these were there; the questions in their order."""
    keys = [player.pk for player in players]
    session = services.say_together(entry=entry, players=keys, by=by, now=timezone.now())
    parts = {part.membership_id: part for part in session.parts.all()}
    return [parts[key] for key in keys]
