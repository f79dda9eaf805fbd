"""Two requests at once, and one that took longer than what it knew stayed true."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User
from apps.core.models import AuditEvent
from tests.factories.accounts import make_user

from .conftest import LIST, go, make_connection, said, sign_in, url
from .server import IdentityServer


def add(user: User, uid: str) -> SocialAccount:
    return services.add_connection(
        user=user, provider="school", uid=uid, session_key=None, now=timezone.now()
    )


def end(row: SocialAccount, by: User) -> bool:
    return services.end_connection(connection=row, by=by, session_key=None, now=timezone.now())


def at_once(people: list[User], *jobs: Callable[[], object]) -> list[str]:
    """What came of each: an answer, or the name of an error; all begin while these rows are held."""
    found = []

    def run(job: Callable[[], object]) -> None:
        try:
            found.append(type(job()).__name__)
        except (services.ConnectedAlready, services.AnotherIsConnected) as error:
            found.append(type(error).__name__)
        finally:
            connection.close()

    tabs = [threading.Thread(target=run, args=(job,)) for job in jobs]
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk__in=[person.pk for person in people]))
        for tab in tabs:
            tab.start()
    for tab in tabs:
        tab.join()
    return sorted(found)


def test_two_people_and_one_account_elsewhere(transactional_db: None) -> None:
    people = [make_user("Anna"), make_user("Ben")]
    found = at_once(people, *(partial(add, person, "one") for person in people))
    assert found == ["ConnectedAlready", "SocialAccount"]
    assert (SocialAccount.objects.count(), AuditEvent.objects.filter(action="connection.added").count()) == (
        1,
        1,
    )


def test_one_person_and_two_accounts_elsewhere(transactional_db: None) -> None:
    anna = make_user("Anna")
    found = at_once([anna], *(partial(add, anna, uid) for uid in ("one", "two")))
    assert found == ["AnotherIsConnected", "SocialAccount"]
    assert SocialAccount.objects.count() == 1


def test_removing_twice_is_removing_once(transactional_db: None) -> None:
    anna = make_user("Anna")
    row = make_connection(anna)
    given: list[bool] = []
    at_once([anna], *[lambda: given.append(end(row, anna))] * 2)
    assert sorted(given) == [False, True]
    assert SocialAccount.objects.count() == 0
    assert AuditEvent.objects.filter(action="connection.ended").count() == 1


def test_what_was_connected_anew_meanwhile_stays(anna: User) -> None:
    """From a page that was open before."""
    old = make_connection(anna)
    SocialAccount.objects.all().delete()
    new = make_connection(anna, "person-2")
    assert end(old, anna) is False
    assert SocialAccount.objects.get() == new


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "md5$a$b"}], ids=str)
def test_who_was_changed_meanwhile_changes_nothing(anna: User, change: dict[str, object]) -> None:
    """Suspended, or another password, while this request was on its way."""
    row = make_connection(anna)
    User.objects.update(**change)
    for job in (partial(add, anna, "two"), partial(end, row, anna)):
        with pytest.raises(services.ChangedMeanwhile):
            job()
    assert SocialAccount.objects.get() == row
    assert not AuditEvent.objects.filter(action__startswith="connection.").exists()


@pytest.mark.parametrize("way", ["add", "end"])
def test_and_is_told(school: IdentityServer, anna: User, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    def fail(**given: object) -> None:
        raise services.ChangedMeanwhile

    client: Client = sign_in(anna)
    monkeypatch.setattr(services, f"{way}_connection", fail)
    if way == "end":
        make_connection(anna)
    answer = go(client, school, "add") if way == "add" else client.post(url("end"))
    assert answer["Location"] == LIST
    assert "Your account has just changed. Please do it again." in said(client, answer)
