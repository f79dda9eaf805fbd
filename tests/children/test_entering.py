"""The child's side of the door: pictures, numbers, cards; strange devices learn nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship
from apps.children import services
from apps.children.models import ChildLogin, TrustedDevice
from apps.core.models import AuditEvent
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import PICTURES, PIN, child_client, make_child_login, trust, trusted_client

from .conftest import Family

NAME = reverse("children:sign-in")
ASK = "Ask a grown-up to let this device in."


def press(client: Client, device: TrustedDevice, pictures: str = PICTURES) -> Any:
    """The four buttons, one after the other; the answer to the last."""
    url, answer, picks = reverse("children:secret-enter", args=[device.pk]), None, ""
    for picture in pictures.split("-"):
        answer = client.post(url, {"picks": picks, "pick": picture})
        picks = f"{picks}-{picture}".strip("-")
    return answer


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_pictures_lead_to_the_own_diary(family: Family) -> None:
    client = trusted_client(family.child, family.guardian)
    page = client.get(NAME).content.decode()
    assert "Zoë" in page
    assert "Berg" not in page
    device = TrustedDevice.objects.get()
    assert client.post(NAME, {"username": " ZOE47 "}).headers["Location"] == reverse(
        "children:secret-enter", args=[device.pk]
    )
    step = client.post(reverse("children:secret-enter", args=[device.pk]), {"picks": "", "pick": "cat"})
    assert "Picture 2 of 4" in step.content.decode()
    answer = press(client, device)
    assert answer.headers["Location"] == reverse("home:student")
    home = client.get(answer.headers["Location"])
    assert home.status_code == 200
    assert "Nora Berg" in home.content.decode()
    device.refresh_from_db()
    assert device.last_used_at is not None
    event = AuditEvent.objects.get(action="child.signed-in")
    assert (event.actor_id, event.student_id) == (family.login.user_id, family.child.pk)


def test_a_number_leads_in_too(family: Family) -> None:
    make_child_login(family.child, family.guardian, kind="pin", value=PIN)
    client = trusted_client(family.child, family.guardian)
    url = reverse("children:secret-enter", args=[TrustedDevice.objects.get().pk])
    assert "Your number" in client.get(url).content.decode()
    assert "Type six digits" in client.post(url, {"pin": "47091"}).content.decode()
    assert "That was not it" in client.post(url, {"pin": "470914"}).content.decode()
    assert client.post(url, {"pin": "470 913"}).headers["Location"] == reverse("home:student")
    assert is_signed_in(client)


def test_wrong_pictures_begin_again(family: Family) -> None:
    client = trusted_client(family.child, family.guardian)
    page = press(client, TrustedDevice.objects.get(), "cat-sun-key-boat").content.decode()
    assert "That was not it" in page
    assert "Picture 1 of 4" in page
    assert not is_signed_in(client)


def test_what_is_no_picture_counts_for_nothing(family: Family) -> None:
    client = trusted_client(family.child, family.guardian)
    page = press(client, TrustedDevice.objects.get(), "cat-sun-boat-tiger").content.decode()
    assert "Picture 4 of 4" in page


@pytest.mark.parametrize("username", ["zoe47", "nobody1"])
def test_a_strange_device_gets_one_answer_and_looks_nobody_up(
    family: Family, username: str, django_assert_num_queries: Any
) -> None:
    client = Client()
    with django_assert_num_queries(0):
        page = client.post(NAME, {"username": username}).content.decode()
    assert ASK in page
    assert "Zoë" not in page


def test_the_answers_are_the_same_letter_for_letter(family: Family) -> None:
    """But for what was typed and the form's token."""
    client, trusted = Client(), trusted_client(make_guarded("Ben", family), family.guardian)
    for browser in (client, trusted):
        pages = []
        for username in ("zoe47", "noe48"):
            response = browser.post(NAME, {"username": username})
            page = response.content.decode().replace(username, "NAME")
            token = response.context["csrf_token"]
            pages.append((response.status_code, page.replace(str(token), "TOKEN")))
        assert pages[0] == pages[1]
        assert ASK in pages[0][1]


def make_guarded(name: str, family: Family) -> Any:
    student = make_student(name)
    make_guardianship(student, family.guardian)
    make_child_login(student, family.guardian)
    return student


def test_the_secret_page_is_there_on_that_device_only(family: Family) -> None:
    device = trust(Client(), family.child, family.guardian)
    url = reverse("children:secret-enter", args=[device.pk])
    assert Client().get(url).status_code == 404
    other = trusted_client(make_guarded("Ben", family), family.guardian)
    assert other.get(url).status_code == 404
    assert press(other, device).status_code == 404
    assert not is_signed_in(other)


def test_a_card_consumes_nothing_when_a_scanner_looks(family: Family) -> None:
    login = services.make_card(student=family.child, by=family.guardian, now=timezone.now())
    url = reverse("children:card-enter", args=[login.card_token])
    client = trusted_client(family.child, family.guardian)
    before = AuditEvent.objects.count()
    for _look in range(3):
        response = client.get(url)
        assert "Hello Zoë!" in response.content.decode()
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert not is_signed_in(client)
    assert AuditEvent.objects.count() == before
    assert client.post(url).headers["Location"] == reverse("home:student")
    assert is_signed_in(client)
    assert client.post(url).headers["Location"] == reverse("home:student"), "a card is for every day"


def test_a_card_is_nothing_on_a_strange_device(family: Family, django_assert_num_queries: Any) -> None:
    login = services.make_card(student=family.child, by=family.guardian, now=timezone.now())
    pages = []
    for token in (login.card_token, "0" * 64):
        with django_assert_num_queries(0):
            response = Client().post(reverse("children:card-enter", args=[token]))
        pages.append(response.content.decode().replace(token, ""))
        assert response.status_code == 200
    assert ASK in pages[0]
    assert "Zoë" not in pages[0]


@pytest.mark.parametrize("again", [True, False])
def test_a_replaced_or_revoked_card_is_paper(family: Family, again: bool) -> None:
    old = services.make_card(student=family.child, by=family.guardian, now=timezone.now()).card_token
    change = services.make_card if again else services.revoke_card
    change(student=family.child, by=family.guardian, now=timezone.now())
    client = trusted_client(family.child, family.guardian)
    assert ASK in client.post(reverse("children:card-enter", args=[old])).content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", [services.make_card, services.revoke_card])
def test_a_card_that_was_replaced_meanwhile_leads_nobody_in(family: Family, change: Any) -> None:
    """It was looked up a moment ago; whoever enters asks once more, under the device's lock."""
    card = services.make_card(student=family.child, by=family.guardian, now=timezone.now()).card_token
    trusted_client(family.child, family.guardian)
    device = TrustedDevice.objects.get()
    change(student=family.child, by=family.guardian, now=timezone.now())
    with pytest.raises(services.WrongSecret):
        services.enter_with_card(device=device, token=card, now=timezone.now())


def test_the_card_of_a_brother_needs_its_own_trust(family: Family) -> None:
    ben = make_guarded("Ben", family)
    card = services.make_card(student=ben, by=family.guardian, now=timezone.now()).card_token
    client = trusted_client(family.child, family.guardian)
    assert ASK in client.post(reverse("children:card-enter", args=[card])).content.decode()
    trust(client, ben, family.guardian)
    assert client.post(reverse("children:card-enter", args=[card])).status_code == 302
    assert client.get(reverse("home:student")).context["user"] == ChildLogin.objects.get(student=ben).user


def test_nothing_of_the_session_before_is_left(family: Family) -> None:
    client = child_client(family.child, family.guardian)
    session = client.session
    session["secret of before"] = "yes"
    session.save()
    key = client.session.session_key
    press(client, TrustedDevice.objects.get())
    assert client.session.session_key != key
    assert "secret of before" not in client.session


class TestSessionEnds:
    def home(self, client: Client) -> int:
        return client.get(reverse("home:student")).status_code

    def test_when_the_device_is_revoked(self, family: Family) -> None:
        here, there = (child_client(family.child, family.guardian) for _each in range(2))
        device = TrustedDevice.objects.get(pk=here.session["child"]["device"])
        services.revoke_device(device=device, by=family.guardian, now=timezone.now())
        answer = here.get(reverse("home:student"))
        assert (answer.status_code, answer.headers["Location"]) == (302, NAME)
        assert "You were signed out" in here.get(NAME).content.decode()
        assert self.home(there) == 200, "other devices go on"

    def test_when_who_trusted_it_is_guardian_no_more(self, family: Family) -> None:
        make_guardianship(family.child, make_user("Otto"))
        client = child_client(family.child, family.guardian)
        assert self.home(client) == 200
        Guardianship.objects.filter(guardian=family.guardian).update(ended_at=timezone.now())
        assert self.home(client) == 302

    def test_when_the_cookie_of_the_device_is_not_there(self, family: Family) -> None:
        """A session that was carried off to another device is worth nothing."""
        client = child_client(family.child, family.guardian)
        del client.cookies[settings.DEVICE_COOKIE_NAME]
        assert self.home(client) == 302

    def test_when_the_secret_is_new(self, family: Family) -> None:
        client = child_client(family.child, family.guardian)
        make_child_login(family.child, family.guardian, kind="pin", value=PIN)
        assert self.home(client) == 302

    def test_when_the_sign_in_is_closed(self, family: Family) -> None:
        client = child_client(family.child, family.guardian)
        services.close_login(student=family.child, by=family.guardian, now=timezone.now())
        assert self.home(client) == 302

    def test_without_a_mark(self, family: Family) -> None:
        client = Client()
        client.force_login(family.login.user)
        assert self.home(client) == 302

    def test_after_thirty_days_without_a_visit(self, family: Family) -> None:
        client = trusted_client(family.child, family.guardian)
        press(client, TrustedDevice.objects.get())
        client.get(reverse("home:student"))
        left = client.session.get_expiry_date() - timezone.now()
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
        assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 3600

    def test_each_day_it_begins_anew(self, family: Family) -> None:
        client = trusted_client(family.child, family.guardian)
        press(client, TrustedDevice.objects.get())
        client.get(reverse("home:student"))
        first = client.get(reverse("home:student"))
        assert settings.SESSION_COOKIE_NAME not in first.cookies, "not with every page"
        session = client.session
        session["child_seen_on"] = "2026-01-01"
        session.save()
        assert settings.SESSION_COOKIE_NAME in client.get(reverse("home:student")).cookies

    def test_scripts_are_told(self, family: Family) -> None:
        client = Client()
        for headers, status in [({"X-Requested-With": "x"}, 401), ({"HX-Request": "true"}, 200)]:
            client.force_login(family.login.user)
            answer = client.get(reverse("home:student"), headers=headers)
            assert answer.status_code == status
        assert answer.headers["HX-Redirect"] == NAME
