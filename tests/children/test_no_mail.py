"""No mail ever goes to a child's account, and none leads into it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.models.users import CHILD_DOMAIN
from apps.notifications.models import Delivery
from apps.practice import services
from apps.practice.models.comments import AuthorRole
from tests.factories.practice import make_entry

from .conftest import Family


def test_a_comment_is_told_to_the_guardian_alone(family: Family) -> None:
    entry = make_entry(family.child, family.login.user)
    services.add_comment(
        key=uuid4(),
        entry=entry,
        by=family.teacher,
        role=AuthorRole.TEACHER,
        body="Bravo",
        now=timezone.now(),
    )
    assert {delivery.email for delivery in Delivery.objects.all()} == {family.guardian.email}


def test_a_forgotten_password_is_nobodys(family: Family) -> None:
    """The same answer as for an unknown address, and nothing is sent."""
    answers = []
    for address in (family.login.user.email, f"{uuid4()}@{CHILD_DOMAIN}"):
        answer = Client().post(reverse("account_reset_password"), {"email": address})
        answers.append((answer.status_code, answer.headers.get("Location")))
    assert answers[0] == answers[1]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("password", ["!", "", "woodshed-demo"])
def test_the_sign_in_by_mail_does_not_know_it(family: Family, password: str) -> None:
    client = Client()
    user = User.objects.get(pk=family.login.user_id)
    client.post(reverse("account_login"), {"login": user.email, "password": password or user.password})
    assert "_auth_user_id" not in client.session
