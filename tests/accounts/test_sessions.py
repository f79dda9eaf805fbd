"""Who a request comes from: found by one statement, and never after the session or the person is gone."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.backends import AccountBackend
from apps.accounts.models import User
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


# Staff


def sign_in(person: User, **fields: str) -> Client:
    client = Client()
    sent = {"login": person.email, "password": "woodshed-demo", **fields}
    assert client.post(reverse("account_login"), sent).status_code == 302
    return client


def hours_left() -> float:
    return (Session.objects.get().expire_date - timezone.now()).total_seconds() / 3600


@pytest.mark.parametrize("fields", [{}, {"remember": "on"}])
def test_a_session_of_staff_ends_with_the_day_and_with_the_browser(
    cast: Cast, fields: dict[str, str]
) -> None:
    client = sign_in(cast.user("staff"), **fields)
    assert hours_left() == pytest.approx(settings.STAFF_SESSION_HOURS, abs=0.1)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_signed_in(client)


def test_the_session_of_somebody_else_lasts(cast: Cast) -> None:
    client = sign_in(cast.user("teacher"))
    assert hours_left() == pytest.approx(14 * 24, abs=0.1)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE


def test_work_does_not_prolong_it(cast: Cast) -> None:
    client = sign_in(cast.user("staff"))
    session = client.session
    session["staff_until"] = (timezone.now() + timedelta(hours=1)).isoformat()
    session.save()
    client.post(reverse("accounts:settings"), {"display_name": ""})
    client.post(reverse("set_language"), {"language": "de"})
    session = client.session
    session["something"] = "else"
    session.save()
    assert hours_left() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("was_staff", "hours"), [(True, 14 * 24), (False, 8)])
def test_who_joins_or_leaves_the_staff_has_the_right_end_from_the_next_sign_in(
    cast: Cast, was_staff: bool, hours: int
) -> None:
    person = cast.user("staff" if was_staff else "stranger")
    client = Client()
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_staff=not was_staff)
    client.force_login(User.objects.get(pk=person.pk))
    Session.objects.exclude(pk=client.session.session_key).delete()
    assert hours_left() == pytest.approx(hours, abs=0.1)


def test_hours_of_staff_can_be_set(cast: Cast, settings: Any) -> None:
    settings.STAFF_SESSION_HOURS = 2
    sign_in(cast.user("superuser"))
    assert hours_left() == pytest.approx(2, abs=0.1)
