"""The list of where a person is signed in: it is true, it costs nothing, and what ends is over at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User, UserSession
from apps.accounts.tasks import forget_sessions
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.privacy.services import eraser
from tests.accounts.test_admin import with_factor
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.sessions import make_session

SignIn = Callable[[User], Client]
LIST, OTHERS = reverse("accounts:session-list"), reverse("accounts:session-end-others")
PASSWORD = "woodshed-demo"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0 <script>"


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna")


def sign_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("home:start")).status_code == 200


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_id=client.session.session_key)


def end(row: UserSession) -> str:
    return reverse("accounts:session-end", args=[row.pk])


# What is noted


def test_signing_in_puts_the_browser_on_the_list_and_nothing_else_of_it(anna: User) -> None:
    row = row_of(sign_in(anna))
    assert (row.user, row.browser) == (anna, "Firefox, Windows")
    kept = {field.name for field in UserSession._meta.get_fields()}
    assert kept == {"id", "session", "user", "browser", "signed_in_at", "seen_at"}


def test_an_unknown_browser_has_a_word(anna: User) -> None:
    client = sign_in(anna, "curl/8")
    assert row_of(client).browser == ""
    assert "<strong>A browser</strong>" in client.get(LIST).content.decode()


def set_seen(client: Client, moment: datetime) -> None:
    UserSession.objects.filter(pk=row_of(client).pk).update(seen_at=moment)


def test_a_page_asks_no_more_and_writes_once_in_a_quarter_of_an_hour(anna: User) -> None:
    client = sign_in(anna)
    client.get(LIST)
    with CaptureQueriesContext(connection) as fresh:
        client.get(LIST)
    assert not any("UPDATE" in query["sql"] for query in fresh.captured_queries)
    set_seen(client, timezone.now() - timedelta(minutes=14))
    with CaptureQueriesContext(connection) as young:
        client.get(LIST)
    assert len(young) == len(fresh)
    set_seen(client, timezone.now() - timedelta(minutes=16))
    with CaptureQueriesContext(connection) as old:
        client.get(LIST)
    assert len(old) == len(fresh) + 1
    assert row_of(client).seen_at > timezone.now() - timedelta(minutes=1)
    with CaptureQueriesContext(connection) as again:
        client.get(LIST)
    assert len(again) == len(fresh)


def test_of_two_requests_at_once_one_writes(anna: User) -> None:
    client, now = sign_in(anna), timezone.now()
    services.note_seen(session_key=str(client.session.session_key), now=now + timedelta(minutes=20))
    first = row_of(client).seen_at
    services.note_seen(session_key=str(client.session.session_key), now=now + timedelta(minutes=21))
    assert row_of(client).seen_at == first


def test_a_session_of_before_the_list_comes_onto_it(anna: User, as_user: SignIn) -> None:
    client = as_user(anna)
    UserSession.objects.all().delete()
    client.get(LIST, headers={"user-agent": FIREFOX})
    assert row_of(client).browser == "Firefox, Windows"


@pytest.mark.django_db(transaction=True)
def test_a_session_that_just_ended_stays_off_the_list(transactional_db: None) -> None:
    anna = make_user("Anna")
    services.begin_session(session_key="x" * 32, user=anna, browser="", now=timezone.now())
    assert not UserSession.objects.exists()


def test_a_childs_session_is_on_the_list_of_its_devices_alone(anna: User) -> None:
    zoe = make_student("Zoe")
    make_guardianship(zoe, anna)
    login = make_child_login(zoe, anna)
    client = child_client(zoe, anna)
    assert client.get(reverse("home:student")).status_code == 200
    assert not UserSession.objects.filter(user=login.user).exists()
    assert client.get(LIST).status_code == 403


# The page


def test_the_page_marks_this_browser_and_says_when_the_others_were_seen(anna: User) -> None:
    client = sign_in(anna)
    now = timezone.now()
    for days, browser in ((0, "Safari, iPad"), (1, "Edge, Windows"), (9, "Chrome, Android")):
        make_session(anna, browser=browser, seen_at=now - timedelta(days=days))
    html = client.get(LIST).content.decode()
    assert html.count("This browser") == 1
    for words in ("Last seen today.", "Last seen yesterday.", "Last seen on ", "Safari, iPad"):
        assert words in html
    mine = row_of(client)
    assert end(mine) not in html
    assert all(end(row) in html for row in UserSession.objects.exclude(pk=mine.pk))


def test_days_are_the_readers(anna: User) -> None:
    """A minute before the reader's midnight was yesterday, whatever day it was in UTC."""
    User.objects.filter(pk=anna.pk).update(time_zone="Pacific/Auckland")
    client = sign_in(anna)
    local = timezone.localtime(timezone.now(), ZoneInfo("Pacific/Auckland"))
    make_session(
        anna, browser="Edge, Windows", seen_at=local.replace(hour=0, minute=0) - timedelta(minutes=1)
    )
    assert "Last seen yesterday." in client.get(LIST).content.decode()


def test_nobody_sees_the_sessions_of_somebody_else(cast: Cast, as_user: SignIn) -> None:
    make_session(cast.user("guardian"), browser="Edge, Windows")
    assert "Edge, Windows" not in as_user(cast.user("second_guardian")).get(LIST).content.decode()


def test_what_an_older_password_signed_in_is_not_on_the_page(anna: User, as_user: SignIn) -> None:
    """A password that was changed by a command tells nobody."""
    make_session(anna, browser="Edge, Windows")
    anna.set_password("another long one")
    anna.save()
    assert "Edge, Windows" not in as_user(anna).get(LIST).content.decode()


def test_a_session_that_is_over_is_not_on_the_page(anna: User, as_user: SignIn) -> None:
    row = make_session(anna, browser="Edge, Windows")
    Session.objects.filter(pk=row.session_id).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "Edge, Windows" not in as_user(anna).get(LIST).content.decode()
    forget_sessions()
    assert not UserSession.objects.filter(pk=row.pk).exists()


# Ending


def test_one_session_is_ended_and_no_other(anna: User) -> None:
    here, there, third = sign_in(anna), sign_in(anna), sign_in(anna)
    answer = here.post(end(row_of(there)), follow=True)
    assert "Signed out there." in answer.content.decode()
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    assert AuditEvent.objects.filter(action="session.ended", actor_id=anna.pk).count() == 1
    assert UserSession.objects.filter(user=anna).count() == 2


def test_ending_this_one_is_signing_out(anna: User) -> None:
    client = sign_in(anna)
    key = client.session.session_key
    with patch("apps.accounts.views.sessions.logout") as logout:
        assert client.post(end(row_of(client)))["Location"] == reverse("home:landing")
    assert logout.called
    assert not Session.objects.filter(pk=key).exists(), "also without what signing out does"
    assert not UserSession.objects.exists()
    assert not is_in(client)


def test_ending_all_others_leaves_this_one(cast: Cast) -> None:
    anna, foreign = cast.user("guardian"), make_session(cast.user("second_guardian"))
    here, there, third = sign_in(anna), sign_in(anna), sign_in(anna)
    answer = here.post(OTHERS, follow=True)
    assert "Signed out in 2 other places." in answer.content.decode()
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)
    assert UserSession.objects.filter(pk=foreign.pk).exists()
    event = AuditEvent.objects.get(action="session.others_ended")
    assert (event.actor_id, event.details) == (anna.pk, {"count": 2})


def test_where_there_is_no_other_nothing_is_written(anna: User) -> None:
    client = sign_in(anna)
    assert "You are signed in nowhere else." in client.post(OTHERS, follow=True).content.decode()
    assert not AuditEvent.objects.filter(action="session.others_ended").exists()


@pytest.mark.parametrize("who", ["second_guardian", "superuser"])
def test_nobody_ends_the_session_of_somebody_else(cast: Cast, as_user: SignIn, who: str) -> None:
    row = make_session(cast.user("guardian"))
    assert as_user(cast.user(who)).post(end(row)).status_code == 404
    assert Session.objects.filter(pk=row.session_id).exists()


def test_a_superuser_ends_one_for_somebody_who_cannot_and_it_is_on_the_record(
    cast: Cast, as_user: SignIn
) -> None:
    gone, stays = make_session(cast.user("guardian")), make_session(cast.user("guardian"))
    office = as_user(with_factor(cast.user("superuser")))
    sent = {"action": "end", "_selected_action": [str(gone.pk)]}
    answer = office.post(reverse("admin:accounts_usersession_changelist"), sent, follow=True)
    assert "1 session ended." in answer.content.decode()
    assert not Session.objects.filter(pk=gone.session_id).exists()
    assert Session.objects.filter(pk=stays.session_id).exists()
    event = AuditEvent.objects.get(action="session.ended")
    assert (event.actor_id, event.target_id) == (cast.user("superuser").pk, gone.pk)


# Changing what signs in


def test_a_new_password_ends_the_others_and_not_this_one(anna: User) -> None:
    here, there = sign_in(anna), sign_in(anna)
    sent = {"oldpassword": PASSWORD, "password1": "purple-metronome-9", "password2": "purple-metronome-9"}
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    # At once, before any of them asks for a page.
    assert [each.session_id for each in UserSession.objects.all()] == [here.session.session_key]
    assert (is_in(here), is_in(there)) == (True, False)
    row = UserSession.objects.get(user=anna)
    assert (row.session_id, row.browser) == (here.session.session_key, "Firefox, Windows")
    assert [session.pk for session in Session.objects.all()] == [row.session_id]


def test_a_reset_ends_them_all(anna: User) -> None:
    there = sign_in(anna)
    anna.refresh_from_db()
    key = EmailAwarePasswordResetTokenGenerator().make_token(anna)
    client = Client()
    url = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(anna), key])
    page = client.get(url)["Location"]
    sent = {"password1": "purple-metronome-9", "password2": "purple-metronome-9"}
    assert client.post(page, sent).status_code == 302
    assert not UserSession.objects.filter(user=anna).exists()
    assert not is_in(there)


def test_a_reset_in_a_browser_that_is_signed_in_has_an_answer(anna: User) -> None:
    """Its own session is not deleted under its feet; it ends because the password is another."""
    client = sign_in(anna)
    anna.refresh_from_db()
    key = EmailAwarePasswordResetTokenGenerator().make_token(anna)
    url = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(anna), key])
    sent = {"password1": "purple-metronome-9", "password2": "purple-metronome-9"}
    assert client.post(client.get(url)["Location"], sent).status_code == 302
    assert not is_in(client)


def test_a_new_second_step_ends_the_others(anna: User) -> None:
    here, there = sign_in(anna), sign_in(anna)
    factor = Authenticator.objects.create(user=anna, type="totp", data={"secret": "x" * 32})
    request = HttpRequest()
    request.session = here.session
    authenticator_added.send(sender=Authenticator, request=request, user=anna, authenticator=factor)
    assert (is_in(here), is_in(there)) == (True, False)


def test_signing_out_takes_it_off_the_list(anna: User) -> None:
    client = sign_in(anna)
    client.post(reverse("account_logout"))
    assert not UserSession.objects.exists()


def test_somebody_else_on_the_same_browser_has_a_row_of_their_own(cast: Cast) -> None:
    client = sign_in(cast.user("guardian"))
    client.force_login(cast.user("teacher"))
    assert [row.user for row in UserSession.objects.all()] == [cast.user("teacher")]


# Leaving


def test_an_erasure_takes_them_along(cast: Cast) -> None:
    """Also the session of somebody else that knows the person."""
    gone, stays = cast.user("stranger"), cast.user("guardian")
    make_session(gone)
    knows, other = sign_in(stays), make_session(stays)
    session = knows.session
    session["account_verified_email"] = gone.email
    session.save()
    list(eraser.steps(Subject.PERSON, gone.pk))
    assert list(UserSession.objects.all()) == [other]
    assert [row.pk for row in Session.objects.all()] == [other.session_id]
