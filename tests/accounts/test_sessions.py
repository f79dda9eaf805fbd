"""Who a request comes from: found by one statement, and never after the session or the person is gone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.backends import AccountBackend
from apps.accounts.sessions import SessionStore
from apps.accounts.tasks import forget_sessions
from tests.conftest import Cast

HOME = reverse("home:start")


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_a_session_lasts_until_its_end(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    assert is_signed_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(client)


def test_a_session_that_was_ended_elsewhere_is_over(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    Session.objects.all().delete()
    assert not is_signed_in(client)


@pytest.mark.parametrize("gone", ["closed", "deleted", "new password"])
def test_who_is_gone_is_not_signed_in(client: Client, cast: Cast, gone: str) -> None:
    person = cast.user("stranger")
    client.force_login(person)
    assert is_signed_in(client)
    if gone == "deleted":
        person.delete()
    elif gone == "closed":
        person.is_active = False
        person.save()
    else:
        person.set_password("another long one")
        person.save()
    assert not is_signed_in(client)


def test_a_made_up_key_opens_nothing(db: None) -> None:
    store = SessionStore("0" * 32)
    assert store.load() == {}
    assert store.session_key is None


def test_each_person_is_found_as_themselves(cast: Cast) -> None:
    for person in vars(cast.people).values():
        assert AccountBackend().get_user(person.pk) == person


def test_sessions_that_have_ended_are_forgotten(cast: Cast) -> None:
    Client().force_login(cast.user("student"))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    Client().force_login(cast.user("teacher"))
    forget_sessions()
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [
        str(cast.user("teacher").pk)
    ]


def test_the_clock_asks_for_it() -> None:
    assert "accounts.forget_sessions" in [each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    assert forget_sessions.name == "accounts.forget_sessions"
