"""Connecting an account elsewhere, and removing it: with the password, told by mail, on the record."""

import threading
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings as SettingsFixture

from apps.accounts import fetching, services
from apps.accounts.models import User
from apps.accounts.own_lines import own_lines
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.privacy.services import eraser
from tests.factories.accounts import make_user
from tests.factories.sessions import make_session

from .conftest import (
    LIST,
    LOST,
    PASSWORD,
    come_back,
    go,
    is_in,
    leave,
    make_connection,
    mark,
    said,
    sign_in,
    url,
)
from .server import IdentityServer, place, providers

PROVE = reverse("account_reauthenticate")


@pytest.fixture
def client(school: IdentityServer, anna: User) -> Client:
    """Anna's browser; her password has just been given."""
    return sign_in(anna)


def deeds() -> list[tuple[str, dict[str, Any]]]:
    rows = AuditEvent.objects.filter(action__startswith="connection.").order_by("pk")
    return [(row.action, row.details) for row in rows]


def mails() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(kind="accounts.message").order_by("pk")
    return [(row.email, row.payload["subject"]) for row in rows]


def has_page(client: Client) -> str:
    answer = client.get(LIST)
    assert answer.status_code == 200
    return str(answer.content.decode())


# Connecting


def test_connecting(school: IdentityServer, anna: User, client: Client) -> None:
    assert "Not connected." in has_page(client)
    html = said(client, go(client, school, "add"))
    assert "Connected. You can sign in with School of Music now." in html
    row = SocialAccount.objects.get()
    assert (row.user, row.provider, row.uid, row.extra_data) == (anna, "school", mark(), {})
    assert deeds() == [("connection.added", {"provider": "school"})]
    assert mails() == [(anna.email, "An account was connected with yours")]
    assert "School of Music" in Delivery.objects.get().payload["text"]
    assert url("add") not in html
    other = Client()
    go(other, school)
    assert is_in(other)


def test_the_mail_is_in_the_readers_language(school: IdentityServer, anna: User, client: Client) -> None:
    User.objects.update(language="de")
    go(client, school, "add")
    with translation.override("de"):
        subject = translation.gettext("An account was connected with yours")
    assert mails() == [(anna.email, subject)]
    assert subject != "An account was connected with yours"


def test_other_sessions_end_and_this_one_stays(school: IdentityServer, anna: User, client: Client) -> None:
    elsewhere = sign_in(anna)
    go(client, school, "add")
    assert (is_in(elsewhere), is_in(client)) == (False, True)
    there = Client()
    go(there, school)
    make_session(anna)
    client.post(url("end"))
    assert (is_in(there), is_in(client)) == (False, True)


def test_the_password_is_asked_for_first(school: IdentityServer, anna: User, as_user: Any) -> None:
    client = as_user(anna)
    asked = client.post(url("add"))
    assert asked["Location"].startswith(PROVE)
    assert school.asked == []
    page: Any = client.post(asked["Location"], {"password": PASSWORD})
    answer = come_back(client, school.approve(page.context["address"]))
    assert "Connected." in said(client, answer)
    client.logout()
    client.force_login(anna)
    asked = client.post(url("end"))
    assert asked["Location"].startswith(PROVE)
    assert SocialAccount.objects.count() == 1
    assert "Removed." in said(client, client.post(asked["Location"], {"password": PASSWORD}))
    assert SocialAccount.objects.count() == 0


def test_who_has_nothing_to_prove_with_is_told_how(school: IdentityServer, anna: User, as_user: Any) -> None:
    make_connection(anna)
    anna.set_unusable_password()
    anna.save()
    for way in ("add", "end"):
        answer = as_user(anna).post(url(way))
        assert answer.status_code == 403
        assert "Forgot your password?" in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_an_account_of_somebody_else_stays_theirs(school: IdentityServer, client: Client) -> None:
    ben = make_user("Ben")
    make_connection(ben)
    html = said(client, go(client, school, "add"))
    assert "is connected already" in html
    assert "Ben" not in html
    assert SocialAccount.objects.get().user == ben
    assert (deeds(), mails()) == ([], [])


def test_connecting_it_again_changes_nothing(school: IdentityServer, anna: User, client: Client) -> None:
    """From a page that was open before."""
    elsewhere = sign_in(anna)
    make_connection(anna)
    assert "is connected already" in said(client, go(client, school, "add"))
    assert (SocialAccount.objects.count(), deeds(), mails()) == (1, [], [])
    assert is_in(elsewhere)


def test_one_of_each_place(school: IdentityServer, anna: User, client: Client) -> None:
    make_connection(anna, "person-0")
    assert "Remove that one first." in said(client, go(client, school, "add"))
    assert SocialAccount.objects.get().uid == mark("person-0")


@pytest.mark.parametrize("error", [RuntimeError, KeyError, ValueError, OSError])
def test_a_connection_is_whole_or_not_at_all(
    school: IdentityServer, client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """And what goes wrong here is not laid upon the school."""

    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr("apps.accounts.connecting.tell", fail)
    address = school.approve(leave(client, "add"))
    with pytest.raises(error):
        come_back(client, address)
    assert (SocialAccount.objects.count(), deeds()) == (0, [])


def test_cancelling_and_failing_lead_back_to_the_list(school: IdentityServer, client: Client) -> None:
    answer = come_back(client, school.cancel(leave(client, "add")))
    assert answer["Location"] == LIST
    assert "You stopped at School of Music" in said(client, answer)
    school.claims = {"nonce": "another"}
    answer = go(client, school, "add")
    assert answer["Location"] == LIST
    html = said(client, answer)
    assert "could not tell us who you are" in html
    assert "sign in with your password" not in html
    fetching.forget()
    school.status["/.well-known/openid-configuration"] = 500
    assert client.post(url("add"))["Location"] == LIST
    assert SocialAccount.objects.count() == 0


def test_who_was_signed_out_meanwhile_connects_nothing(school: IdentityServer, client: Client) -> None:
    address = school.approve(leave(client, "add"))
    client.post(reverse("account_logout"))
    answer = come_back(client, address)
    assert answer["Location"] == reverse("account_login")
    html = said(client, answer)
    assert LOST in html
    assert "could not tell us who you are" not in html
    assert SocialAccount.objects.count() == 0


def test_an_account_that_is_being_signed_in_connects_nothing_to_who_came_next(
    school: IdentityServer, client: Client
) -> None:
    """Anna went to the school, then Ben signed in at this browser: her way back is not his."""
    address = school.approve(leave(client, "add"))
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": make_user("Ben").email, "password": PASSWORD})
    answer = come_back(client, address)
    assert answer["Location"] == LIST
    html = said(client, answer)
    assert LOST in html
    assert "could not tell us who you are" not in html
    assert SocialAccount.objects.count() == 0


# Removing


def test_removing(school: IdentityServer, anna: User, client: Client) -> None:
    make_connection(anna)
    assert f'action="{url("end")}"' in has_page(client)
    html = said(client, client.post(url("end")))
    assert "Removed. School of Music signs you in no more." in html
    assert "Not connected." in html
    assert SocialAccount.objects.count() == 0
    assert deeds() == [("connection.ended", {"provider": "school"})]
    assert mails() == [(anna.email, "A connected account was removed")]
    assert go(Client(), school)["Location"] == url("unknown")


def test_somebody_elses_is_as_one_that_is_not_there(school: IdentityServer, client: Client) -> None:
    absent = client.post(url("end"))
    make_connection(make_user("Ben"))
    assert (absent.status_code, client.post(url("end")).status_code) == (404, 404)
    assert SocialAccount.objects.count() == 1


def without_password(user: User, client: Client) -> None:
    """Their session goes on, and counts as just proved."""
    user.set_unusable_password()
    user.save()
    session = client.session
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})


def test_the_last_way_in_stays(school: IdentityServer, anna: User, client: Client) -> None:
    make_connection(anna)
    without_password(anna, client)
    html = has_page(client)
    assert "Nothing else signs you in, so it stays." in html
    assert url("end") not in html
    assert "It stays: nothing else signs you in." in said(client, client.post(url("end")))
    assert (SocialAccount.objects.count(), deeds(), mails()) == (1, [], [])


def test_a_passkey_is_another_way_in(school: IdentityServer, anna: User, client: Client) -> None:
    make_connection(anna)
    without_password(anna, client)
    key = Authenticator.objects.create(user=anna, type=Authenticator.Type.WEBAUTHN, data={})
    assert url("end") not in has_page(client), "a second step alone signs nobody in"
    assert "It stays" in said(client, client.post(url("end")))
    key.data = {"credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    key.save()
    assert url("end") in has_page(client)
    assert "Removed." in said(client, client.post(url("end")))


def test_another_place_is_one_while_it_is_offered(
    school: IdentityServer, anna: User, client: Client, settings: SettingsFixture
) -> None:
    make_connection(anna)
    make_connection(anna, provider="work")
    without_password(anna, client)
    assert "It stays" in said(client, client.post(url("end")))
    settings.SOCIALACCOUNT_PROVIDERS = providers(place(school.url), place(school.url, "Work", "work"))
    assert "Removed." in said(client, client.post(url("end")))
    assert "It stays" in said(client, client.post(url("end", "work")))


def test_two_at_once_leave_one(
    school: IdentityServer, transactional_db: None, settings: SettingsFixture
) -> None:
    """Without a password, from two tabs: each sees the other's as the one that stays."""
    settings.SOCIALACCOUNT_PROVIDERS = providers(place(school.url), place(school.url, "Work", "work"))
    anna = make_user("Zoe")
    anna.set_unusable_password()
    anna.save()
    rows = [make_connection(anna), make_connection(anna, provider="work")]
    refused = []

    def end(row: SocialAccount) -> None:
        try:
            services.end_connection(connection=row, by=anna, session_key=None, now=timezone.now())
        except services.LastWayIn:
            refused.append(row)
        finally:
            connection.close()

    tabs = [threading.Thread(target=end, args=(row,)) for row in rows]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=anna.pk)
        for tab in tabs:
            tab.start()
    for tab in tabs:
        tab.join()
    assert (len(refused), SocialAccount.objects.count()) == (1, 1)


# What is set, and what is not any more


def test_nothing_set_is_nothing_there(anna: User) -> None:
    client = sign_in(anna)
    assert client.get(LIST).status_code == 404
    for way in ("add", "end", "enter"):
        assert client.post(url(way)).status_code == 404, way
        assert way != "enter" or Client().post(url(way)).status_code == 404
    for way in ("back", "unknown"):
        assert Client().get(url(way)).status_code == 404, way
    assert "/sign-in/" not in Client().get(reverse("account_login")).content.decode()
    assert LIST not in client.get(reverse("accounts:settings")).content.decode()


def test_a_place_that_is_taken_away(school: IdentityServer, anna: User, settings: SettingsFixture) -> None:
    """It signs nobody in; whoever had connected it can see that, and remove it."""
    client = sign_in(anna)
    make_connection(anna)
    settings.SOCIALACCOUNT_PROVIDERS = providers()
    assert Client().post(url("enter")).status_code == 404
    html = has_page(client)
    assert "Nobody can sign in with it here any more." in html
    assert url("add") not in html
    answer = client.post(url("end"))
    assert answer["Location"] == reverse("accounts:settings")
    assert "Removed. school signs you in no more." in said(client, answer)
    assert client.get(LIST).status_code == 404


def test_two_places(school: IdentityServer, anna: User, client: Client, settings: SettingsFixture) -> None:
    work = place(school.url, "Work & Sons <b>", "work")
    settings.SOCIALACCOUNT_PROVIDERS = providers(place(school.url), work)
    school.homes.add(f"http://testserver{url('back', 'work')}")
    page: Any = client.post(url("add", "work"))
    come_back(client, school.approve(page.context["address"]))
    assert [row.provider for row in SocialAccount.objects.all()] == ["work"]
    html = has_page(client)
    assert "Work &amp; Sons &lt;b&gt;" in html
    assert url("add") in html
    assert url("end", "work") in html


def state_of(user: User) -> str | None:
    found = own_lines(user, timezone.now())
    return next((line.state for lines in found.values() for line in lines if line.url == LIST), None)


def test_the_line_in_the_settings(school: IdentityServer, anna: User, settings: SettingsFixture) -> None:
    assert state_of(anna) == "none"
    make_connection(anna)
    assert state_of(anna) == "School of Music"
    settings.SOCIALACCOUNT_PROVIDERS = providers()
    assert state_of(anna) == "school"
    SocialAccount.objects.all().delete()
    assert state_of(anna) is None


def test_an_erasure_takes_it(school: IdentityServer, anna: User) -> None:
    make_connection(anna)
    make_connection(make_user("Ben"), "person-2")
    list(eraser.steps(Subject.PERSON, anna.pk))
    assert [row.uid for row in SocialAccount.objects.all()] == [mark("person-2")]
