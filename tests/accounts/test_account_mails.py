"""Mails about the account itself: our words, our address, and worth sending as long as their link works."""

import re
from datetime import timedelta
from pathlib import Path

import allauth
import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from django.conf import LazySettings
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.notifications.models import Delivery
from tests.factories.accounts import make_user

ALLAUTH = Path(allauth.__file__).parent / "templates"
OURS = Path(__file__).resolve().parent.parent.parent / "templates"
# allauth can send codes instead of links; these settings never do.
SWITCHED_OFF = {"account/email/login_code", "account/email/password_reset_code"}
PREFIXES = sorted(
    {
        str(path.relative_to(ALLAUTH)).removesuffix("_subject.txt")
        for app in ("account", "mfa", "socialaccount")
        for path in ALLAUTH.glob(f"{app}/email/*_subject.txt")
    }
    - SWITCHED_OFF
)
LINKED = {
    "account/email/email_confirmation": ("activate_url", "Confirm the address"),
    "account/email/email_confirmation_signup": ("activate_url", "Confirm the address"),
    "account/email/password_reset_key": ("password_reset_url", "Choose a new password"),
    "account/email/account_already_exists": ("password_reset_url", "Choose a new password"),
    "account/email/unknown_account": ("signup_url", "Sign up"),
}
CHANGES = {
    "deleted_email": "old@people.example",
    "from_email": "from@x.example",
    "to_email": "to@x.example",
    "place": "School of Music",
}


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna", time_zone="Asia/Tokyo")


def written(prefix: str, user: User) -> Delivery:
    """What lies in the outbox after allauth sent this mail in a request."""
    request = RequestFactory(headers={"user-agent": "<b>Firefox</b>"}).get("/")
    with allauth_context.request_context(request):
        if prefix in LINKED:
            address = {LINKED[prefix][0]: f"http://testserver/account/{prefix[-4:]}/"}
            get_adapter().send_mail(prefix, user.email, {"user": user} | address)
        else:
            get_adapter().send_notification_mail(prefix, user, CHANGES)
    return Delivery.objects.get()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_mail_is_ours(prefix: str) -> None:
    for part in ("subject", "message"):
        assert Path(get_template(f"{prefix}_{part}.txt").origin.name).is_relative_to(OURS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_text_and_html_say_the_same(anna: User, prefix: str, language: str) -> None:
    anna.language = language
    payload = written(prefix, anna).payload
    paragraphs = [" ".join(part.split()) for part in payload["text"].split("\n\n")]
    assert paragraphs[0] == {"en": "Hello,", "de": "Hallo,"}[language]
    assert "Woodshed" in payload["text"]
    assert not re.search(r"[{}]|\n\n\n|example\.com|two-factor", payload["text"], re.IGNORECASE)
    assert "<h1" in payload["html"]
    assert payload["subject"] in payload["html"]
    for paragraph in paragraphs:
        shown = paragraph.replace("<b>Firefox</b>", "&lt;b&gt;Firefox&lt;/b&gt;")
        assert shown in payload["html"]
    assert ("It happened on" in payload["text"]) is (language == "en" and prefix not in LINKED)
    if prefix not in LINKED:
        assert payload["text"].count("<b>Firefox</b>") == 1


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_one_link_is_on_our_own_address(anna: User, settings: LazySettings, prefix: str) -> None:
    """Whatever host the request came by: an address in a mail must be the one that people know."""
    settings.SITE_URL = "https://diary.example"
    payload = written(prefix, anna).payload
    path = f"/account/{prefix[-4:]}/" if prefix in LINKED else reverse("account_reset_password")
    links = [f"https://diary.example{path}"]
    if prefix == "account/email/email_changed":
        links = []  # a new password would go to whoever has the account now
    assert re.findall(r"https?://\S+", payload["text"]) == links
    words = LINKED.get(prefix, ("", "Choose a new password"))[1]
    buttons = re.findall(r'<a class="action" href="([^"]*)"[^>]*>([^<]*)</a>', payload["html"])
    assert buttons == [(link, words) for link in links]
    assert "testserver" not in payload["html"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_person_is_written_to_in_their_own_language_and_zone(anna: User, prefix: str) -> None:
    """allauth tells its notices not whose they are; the request may be somebody else's, or German."""
    with translation.override("de"), time_machine.travel("2026-03-01T20:00:00Z", tick=False):
        delivery = written(prefix, anna)
    assert (delivery.recipient, delivery.language) == (anna, "en")
    assert delivery.payload["text"].startswith("Hello,")
    if prefix not in LINKED:
        assert "on March 2, 2026 at 5 a.m.," in delivery.payload["text"]


def test_an_unknown_reader_gets_the_language_of_the_page(db: None) -> None:
    client = Client(headers={"accept-language": "de"})
    client.post(reverse("account_reset_password"), {"email": "nobody@people.example"})
    delivery = Delivery.objects.get()
    assert (delivery.recipient, delivery.language) == (None, "de")
    assert "nobody@people.example" in delivery.payload["text"]


# -- as long as the link works


def ask_for_reset(user: User) -> Delivery:
    Client().post(reverse("account_reset_password"), {"email": user.email})
    return Delivery.objects.get()


def link_in(delivery: Delivery) -> str:
    (path,) = re.findall(r"https?://[^/\s]+(/\S+)", delivery.payload["text"])
    return str(path)


@pytest.mark.parametrize(("seconds", "works"), [(-60, True), (60, False)])
def test_a_reset_expires_with_its_link(anna: User, settings: LazySettings, seconds: int, works: bool) -> None:
    delivery = ask_for_reset(anna)
    assert delivery.expires_at - delivery.created_at == timedelta(days=1)
    assert "The link works for 1\xa0day." in delivery.payload["text"]
    with time_machine.travel(delivery.expires_at + timedelta(seconds=seconds)):
        page = Client().get(link_in(delivery), follow=True)
    assert ('name="password1"' in page.content.decode()) is works


@pytest.mark.parametrize(("seconds", "works"), [(-60, True), (60, False)])
def test_a_confirmation_expires_with_its_link(db: None, seconds: int, works: bool) -> None:
    sent = {"display_name": "Ben", "email": "ben@people.example", "password1": "purple-metronome-9"}
    Client().post(reverse("account_signup"), sent)
    delivery = Delivery.objects.get()
    assert delivery.expires_at - delivery.created_at == timedelta(days=3)
    assert "The link works for 3\xa0days." in delivery.payload["text"]
    with time_machine.travel(delivery.expires_at + timedelta(seconds=seconds)):
        page = Client().get(link_in(delivery))
    assert (page.context.get("confirmation") is not None) is works


def test_lifetimes_follow_the_settings(anna: User, settings: LazySettings) -> None:
    settings.PASSWORD_RESET_TIMEOUT = 2 * 3600
    delivery = ask_for_reset(anna)
    assert delivery.expires_at - delivery.created_at == timedelta(hours=2)
    assert "The link works for 2\xa0hours." in delivery.payload["text"]


def test_news_of_the_account_is_kept_as_long_as_other_news(anna: User) -> None:
    delivery = written("account/email/password_changed", anna)
    assert delivery.expires_at - delivery.created_at == timedelta(days=3)


# -- nobody learns who has an account


def test_a_reset_for_an_unknown_address_answers_alike(anna: User) -> None:
    answers = []
    for email in (anna.email, "nobody@people.example"):
        client = Client()
        first = client.post(reverse("account_reset_password"), {"email": email})
        page = client.get(first["Location"]).content.decode()
        answers.append((first.status_code, first["Location"], re.sub(r'value="\w{64}"', "", page)))
    assert answers[0] == answers[1]
    assert Delivery.objects.count() == 2


def test_signing_up_twice_tells_the_owner_only(anna: User) -> None:
    anna.language = "de"
    anna.save(update_fields=["language"])
    sent = {"display_name": "Eve", "email": anna.email, "password1": "purple-metronome-9"}
    Client().post(reverse("account_signup"), sent)
    delivery = Delivery.objects.get()
    assert (delivery.recipient, delivery.payload["subject"]) == (anna, "Du hast schon ein Konto")
    assert timezone.is_aware(delivery.expires_at)
