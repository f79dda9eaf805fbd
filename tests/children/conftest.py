"""One child with a guardian, a teacher and a sign-in of four pictures."""

from dataclasses import dataclass

import pytest

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.children.models import ChildLogin
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import make_child_login
from tests.factories.private_teaching import make_teaching


@dataclass
class Family:
    guardian: User
    teacher: User
    child: Student
    login: ChildLogin


@pytest.fixture
def family(db: None) -> Family:
    guardian, teacher = make_user("Nora Berg"), make_user("Tom Lee")
    child = make_student("Zoë Berg", age_band=AgeBand.CHILD)
    make_guardianship(child, guardian)
    make_teaching(teacher, child, "Cello")
    login = make_child_login(child, guardian, username="zoe47")
    child.refresh_from_db()
    return Family(guardian, teacher, child, login)


@pytest.fixture
def guardian(db: None) -> User:
    return make_user("Nora Berg")


@pytest.fixture
def child(guardian: User) -> Student:
    student = make_student("Zoë Berg", age_band=AgeBand.CHILD)
    make_guardianship(student, guardian)
    return student
