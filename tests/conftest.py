"""What every test may ask for: a database that runs, and the cast of one small studio."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.students import AgeBand
from apps.accounts.services import grant_student
from apps.practice.models import PracticeEntry
from apps.private_teaching.models import Teaching
from config import embedded
from tests.factories.accounts import LONG_AGO, make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the test database is made (one for each of several test processes), its server must run."""
    if embedded.wanted():
        embedded.start()


@dataclass
class Cast:
    """One child, Mia, and everybody who stands near her or far from her.

    ``people`` holds one user per role, by the name that the matrices use.
    """

    people: SimpleNamespace
    student: Student
    teaching: Teaching
    second_teaching: Teaching
    entry: PracticeEntry
    private_entry: PracticeEntry
    addressed_entry: PracticeEntry

    def user(self, name: str) -> User:
        found: User = getattr(self.people, name)
        return found


@pytest.fixture
def cast(db: None) -> Cast:
    """Mia (a teenager with a login) has two guardians, two teachers, a former teacher and three guests."""
    now = timezone.now()
    roles = [
        "student",
        "guardian",
        "second_guardian",
        "former_guardian",
        "teacher",
        "second_teacher",
        "former_teacher",
        "viewer",
        "commenter",
        "logger",
        "expired_guest",
        "stranger",
        "other_teacher",
        "staff",
        "superuser",
    ]
    people = SimpleNamespace(**{role: make_user(role.replace("_", " ").title()) for role in roles})
    people.staff.is_staff = True
    people.staff.save(update_fields=["is_staff"])
    User.objects.filter(pk=people.superuser.pk).update(is_staff=True, is_superuser=True)
    people.superuser.refresh_from_db()
    student = make_student("Mia", user=people.student, age_band=AgeBand.TEEN, created_by=people.teacher)
    make_guardianship(student, people.guardian)
    make_guardianship(student, people.second_guardian)
    make_guardianship(student, people.former_guardian, ended_at=LONG_AGO + timedelta(days=30))
    teaching = make_teaching(people.teacher, student)
    second = make_teaching(people.second_teacher, student, "Violin")
    make_teaching(people.former_teacher, student, "Flute", ended_at=LONG_AGO + timedelta(days=30))
    make_teaching(people.other_teacher, make_student("Noah"))
    for role, level in [
        ("viewer", GrantLevel.VIEW),
        ("commenter", GrantLevel.COMMENT),
        ("logger", GrantLevel.LOG),
    ]:
        grant_student(
            student=student,
            to=getattr(people, role),
            level=level,
            until=now + timedelta(days=7),
            by=people.guardian,
            now=now,
        )
    grant_student(
        student=student,
        to=people.expired_guest,
        level=GrantLevel.LOG,
        until=now - timedelta(days=1),
        by=people.guardian,
        now=now - timedelta(days=9),
    )
    return Cast(
        people=people,
        student=student,
        teaching=teaching,
        second_teaching=second,
        entry=make_entry(student, people.guardian),
        private_entry=make_entry(student, people.student, is_private=True),
        addressed_entry=make_entry(student, people.student, addressed_to=second),
    )
