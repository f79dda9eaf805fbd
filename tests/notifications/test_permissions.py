"""The matrix of notifications, by equality."""

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship
from apps.core import access
from apps.notifications.models import Notification
from tests.conftest import Cast
from tests.factories.assignments import make_assignment
from tests.repertoire.test_permissions import who


@pytest.fixture
def told(cast: Cast) -> Notification:
    make_assignment(cast.teaching)
    return Notification.objects.get(recipient=cast.user("guardian"))


def test_whoever_was_told_and_nobody_else(cast: Cast, told: Notification) -> None:
    assert who(cast, told, "view") == {"guardian"}
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert who(cast, told, "view") == set()


def test_what_speaks_of_no_student_stays(cast: Cast, told: Notification) -> None:
    Notification.objects.update(student=None)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    told.refresh_from_db()
    assert who(cast, told, "view") == {"guardian"}


def test_every_rule_has_its_row() -> None:
    found = {action for model, action in access.registered_rules() if model is Notification}
    assert found == {"view"}
