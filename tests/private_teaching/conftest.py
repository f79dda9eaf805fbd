"""Two who meet by an invitation to lessons."""

import pytest

from apps.accounts.models import User
from tests.factories.accounts import make_user


@pytest.fixture
def thea(db: None) -> User:
    return make_user("Thea Teacher")


@pytest.fixture
def nora(db: None) -> User:
    return make_user("Nora", time_zone="Europe/Berlin")
