"""Which sessions know an account: those that hold its key or one of its addresses, whole."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from apps.accounts.queries import sessions_of
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("value", "is_known"),
    [
        ("ann@people.example", True),
        ("ANN@people.example", True),
        ({"login": [{"email": "ann@people.example"}]}, True),
        ("A mail went to ann@people.example.", True),
        ("joann@people.example", False),
        ("jo.ann@people.example", False),
        ("jo-ann@people.example", False),
        ("jo+ann@people.example", False),
        ("ann@people.example.org", False),
        ("ann@people.examples", False),
        ("ann@people-example", False),
    ],
)
def test_a_whole_address_and_nothing_less(value: Any, is_known: bool) -> None:
    person = make_user("Ann")
    session = SessionStore()
    session["what"] = value
    session.create()
    assert sessions_of(person.pk) == ([session.session_key] if is_known else [])


def test_the_key_of_the_account(cast: Any) -> None:
    person, other = cast.user("student"), cast.user("teacher")
    for who in (person, other):
        session = SessionStore()
        session["_auth_user_id"] = str(who.pk)
        session.create()
    assert len(sessions_of(person.pk)) == 1
