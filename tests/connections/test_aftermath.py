"""Somebody else connected their account to mine: what I am told, and how I get rid of it."""

import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsFixture

from apps.accounts import admin
from apps.accounts.models import Invitation, User, UserSession
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_user
from tests.factories.safeguarding import make_member
from tests.factories.sessions import make_session

from .conftest import PASSWORD, go, is_in, make_connection, said, sign_in, url
from .server import IdentityServer, providers

NEW = "another-long-word-7"
STILL = "Your new password changes nothing about this"


def choose_a_new_password(user: User) -> str:
    """By the link in the mail; the page on which one ends."""
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    text = Delivery.objects.order_by("pk").last().payload["text"]  # type: ignore[union-attr]
    found = re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", text)
    assert found is not None
    form: Any = client.get(found[1], follow=True)
    sent = {"password1": NEW, "password2": NEW}
    return str(client.post(form.request["PATH_INFO"], sent, follow=True).content.decode())


def test_the_mail_says_that_a_new_password_is_not_enough(school: IdentityServer, anna: User) -> None:
    go(sign_in(anna), school, "add")
    text = " ".join(Delivery.objects.get(kind="accounts.message").payload["text"].split())
    advice = "open Settings, Connected accounts, and remove that account: a new password alone does not"
    assert "choose a new password at once" in text
    assert advice in text
    assert text.index("choose a new password at once") < text.index(advice)


def test_after_a_reset_the_old_connection(school: IdentityServer, anna: User) -> None:
    """It still signs in, so the page says so; removing it ends that, and who came in by it is out."""
    make_connection(anna)
    html = choose_a_new_password(anna)
    assert STILL in html
    assert "School of Music" in html
    stranger = Client()
    go(stranger, school)
    assert is_in(stranger)
    client = Client()
    client.post(reverse("account_login"), {"login": anna.email, "password": NEW})
    client.post(reverse("account_reauthenticate"), {"password": NEW})
    assert "Removed." in said(client, client.post(url("end")))
    assert (is_in(client), is_in(stranger)) == (True, False)
    assert go(Client(), school)["Location"] == url("unknown")


@pytest.mark.parametrize("is_connected", [True, False])
def test_without_one_that_signs_in_nothing_is_said(
    school: IdentityServer, anna: User, settings: SettingsFixture, is_connected: bool
) -> None:
    if is_connected:
        make_connection(anna)
        settings.SOCIALACCOUNT_PROVIDERS = providers()
    assert STILL not in choose_a_new_password(anna)


def remove_as(staff: User, as_user: Any, *people: User, **more: str) -> Any:
    """By the action of the list; with ``confirmed`` by the button of the page that it shows."""
    sent = {"action": "end_connections", "_selected_action": [str(person.pk) for person in people]}
    return as_user(staff).post(reverse("admin:accounts_user_changelist"), sent | more, follow=True)


def ask(*people: User, staff: User, as_user: Any, **more: str) -> tuple[str, dict[str, Any]]:
    """The page that names them, and what its button sends."""
    answer = remove_as(staff, as_user, *people, **more)
    assert answer.status_code == 200
    html = answer.content.decode()
    form = html.partition('<form method="post">')[2].partition("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    sent = {name: [value for other, value in fields if other == name] for name, _ in fields}
    sent.pop("csrfmiddlewaretoken", None)
    return html, sent


def test_a_superuser_removes_them(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    anna, ben = make_user("Anna"), make_user("Ben")
    make_connection(anna)
    make_connection(anna, provider="studio")
    kept = make_connection(ben, "person-2")
    make_session(anna)
    chief = make_member(cast.user("superuser"))
    assert (
        "2 connected accounts removed." in remove_as(chief, as_user, anna, confirmed="yes").content.decode()
    )
    assert SocialAccount.objects.get() == kept
    events = AuditEvent.objects.filter(action="connection.ended").order_by("pk")
    assert [(row.actor_id, row.target_id, row.details) for row in events] == [
        (chief.pk, anna.pk, {"provider": "school"}),
        (chief.pk, anna.pk, {"provider": "studio"}),
    ]
    assert not UserSession.objects.filter(user=anna).exists()
    assert AuditEvent.objects.get(action="session.others_ended").actor_id == chief.pk
    told = [row.payload for row in Delivery.objects.filter(recipient=anna)]
    assert [mail["subject"] for mail in told] == ["A connected account was removed"] * 2
    for place in ("School of Music", "studio"):
        words = f"The people who run this Woodshed removed the account of {place} from"
        assert sum(words in " ".join(mail["text"].split()) for mail in told) == 1
    assert not any("internet address" in mail["text"] for mail in told), "where the staff sit is theirs"


def test_nobody_else_of_the_staff_does(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    anna = make_user("Anna")
    make_connection(anna)
    support = make_member(cast.user("staff"), "support")
    for more in ({}, {"confirmed": "yes"}):
        assert 'name="confirmed"' not in remove_as(support, as_user, anna, **more).content.decode()
    assert SocialAccount.objects.count() == 1
    assert not AuditEvent.objects.filter(action="connection.ended").exists()


def test_first_a_page_names_them(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    """Who was chosen by mistake is seen there; nothing has happened yet, and the button does it to these."""
    anna, ben, zoe = make_user("Anna"), make_user("Ben <b>", email="ben@people.example"), make_user("Zoe")
    for person, number in ((anna, "1"), (ben, "2")):
        make_connection(person, number)
        make_connection(person, number, provider="studio")
    kept = make_connection(make_user("Kim"), "3")
    chief = make_member(cast.user("superuser"))
    html, sent = ask(anna, ben, zoe, staff=chief, as_user=as_user)
    assert f"<bdi>Anna</bdi>, {anna.email}: School of Music, studio" in html
    assert f"<bdi>Ben &lt;b&gt;</bdi>, {ben.email}: School of Music, studio" in html
    assert "Kim" not in html
    assert zoe.email not in html, "nothing happens to who has connected nothing"
    assert SocialAccount.objects.count() == 5
    assert not AuditEvent.objects.filter(action="connection.ended").exists()
    assert sent["_selected_action"] == [str(anna.pk), str(ben.pk)]
    page = reverse("admin:accounts_user_changelist")
    html = as_user(chief).post(page, sent, follow=True).content.decode()
    assert "4 connected accounts removed." in html
    assert SocialAccount.objects.get() == kept


def test_all_of_the_list_is_who_is_named(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    """Also whom the page of the list did not show; the button says no "all"."""
    people = [make_user(name) for name in ("Anna", "Ben")]
    for person in people:
        make_connection(person, person.display_name)
    chief = make_member(cast.user("superuser"))
    html, sent = ask(chief, staff=chief, as_user=as_user, select_across="1")
    assert all(person.email in html for person in people)
    assert set(sent) == {"action", "confirmed", "_selected_action"}
    assert sent["_selected_action"] == [str(person.pk) for person in people]


def test_no_more_than_somebody_reads(
    cast: Cast, school: IdentityServer, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "MOST_AT_ONCE", 1)
    people = [make_user(name) for name in ("Anna", "Ben")]
    for person in people:
        make_connection(person, person.display_name)
    chief = make_member(cast.user("superuser"))
    for more in ({}, {"confirmed": "yes"}):
        html = remove_as(chief, as_user, *people, **more).content.decode()
        assert "These are 2 people with connected accounts. Choose fewer of them." in html
    assert SocialAccount.objects.count() == 2
    ask(people[0], staff=chief, as_user=as_user)


def test_nobody_to_do_it_to(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    chief = make_member(cast.user("superuser"))
    html = remove_as(chief, as_user, make_user("Anna"), confirmed="yes").content.decode()
    assert "None of them has connected an account." in html


# On the way to an invitation


def test_who_is_new_goes_on_to_where_they_wanted(school: IdentityServer, db: None) -> None:
    client = Client()
    answer = go(client, school, next="/settings/")
    assert answer["Location"] == f"{url('unknown')}?next=%2Fsettings%2F"
    assert f'href="{reverse("account_signup")}?next=%2Fsettings%2F"' in said(client, answer)
    html = client.get(url("unknown"), {"next": "https://evil.example/"}).content.decode()
    assert f'href="{reverse("account_signup")}"' in html, "only addresses of ours are carried on"


def open_invitation(cast: Cast) -> tuple[Client, Invitation]:
    """A browser that has opened the link of one."""
    client, row = Client(), make_invitation(cast.student, cast.user("guardian"))
    assert client.get(reverse("accounts:invitation-show", args=[row.token])).status_code == 200
    return client, row


def test_who_was_invited_comes_back_to_it(cast: Cast, school: IdentityServer) -> None:
    """Whatever page they had wanted before: that is not said to wait."""
    client, row = open_invitation(cast)
    html = said(client, go(client, school, next="/settings/"))
    assert "Your invitation waits" in html
    assert f'href="{reverse("account_login")}"' in html
    assert f'href="{reverse("account_signup")}"' in html
    zoe = make_user("Zoe")
    answer = client.post(reverse("account_login"), {"login": zoe.email, "password": PASSWORD})
    assert answer["Location"] == reverse("accounts:invitation-show", args=[row.token])


@pytest.mark.parametrize("change", ["cancelled_at", "expires_at", "declined_at"])
def test_an_invitation_that_is_over_waits_for_nobody(cast: Cast, school: IdentityServer, change: str) -> None:
    client, row = open_invitation(cast)
    Invitation.objects.filter(pk=row.pk).update(**{change: timezone.now()})
    html = said(client, go(client, school, next="/settings/"))
    assert "Your invitation waits" not in html
    assert f'href="{reverse("account_login")}?next={reverse("accounts:connection-list")}"' in html
    assert f'href="{reverse("account_signup")}?next=%2Fsettings%2F"' in html
