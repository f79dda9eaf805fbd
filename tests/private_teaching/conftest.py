"""Two who meet by an invitation to lessons."""

import pytest

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.private_teaching.models import Application
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_application, make_page


@pytest.fixture
def thea(db: None) -> User:
    return make_user("Thea Teacher")


@pytest.fixture
def nora(db: None) -> User:
    return make_user("Nora", time_zone="Europe/Berlin")


@pytest.fixture
def zoe(nora: User) -> Student:
    """Nora's daughter."""
    child = make_student("Zoe Q.", age_band=AgeBand.CHILD)
    make_guardianship(child, nora)
    return child


@pytest.fixture
def asked(thea: User, nora: User, zoe: Student) -> Application:
    """Nora asks Thea, who has one place."""
    make_page(thea, places=1)
    return make_application(thea, zoe, nora)
