"""A person's settings, the language of the page now, and a student's name."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from apps.accounts.models import Student, User
from apps.core.days import is_time_zone, zone_of
from apps.core.models import AuditEvent
from apps.core.zones import city_of, find_zone, zones_by_city
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
SENT = {
    "display_name": "Anna Berg",
    "language": "de",
    "time_zone": "America/New_York",
    "week_starts_on": "6",
}
URL = "/settings/"


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna")


def test_settings_are_saved(anna: User, as_user: SignIn) -> None:
    client = as_user(anna)
    answer = client.post(URL, SENT)
    assert answer["Location"] == URL
    anna.refresh_from_db()
    assert (anna.display_name, anna.language, anna.time_zone, anna.week_starts_on) == (
        "Anna Berg",
        "de",
        "America/New_York",
        6,
    )
    assert answer.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "de"
    assert 'lang="de"' in client.get(URL).content.decode()


def test_the_form_shows_what_is_set(anna: User, as_user: SignIn) -> None:
    as_user(anna).post(URL, SENT)
    form = as_user(anna).get(URL).context["form"]
    shown = SENT | {"week_starts_on": 6, "time_zone": "New York"}
    assert {name: form[name].value() for name in SENT} == shown


def test_the_page_leads_to_the_account(anna: User, as_user: SignIn) -> None:
    html = as_user(anna).get(URL).content.decode()
    for name in ("account_email", "account_change_password", "mfa_index"):
        assert f'href="{reverse(name)}"' in html


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "x" * 10_000),
        ("display_name", "\u200d"),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("week_starts_on", "3"),
        ("week_starts_on", "Monday"),
    ],
)
def test_bad_input_is_said_beside_its_field(anna: User, as_user: SignIn, field: str, value: str) -> None:
    answer = as_user(anna).post(URL, SENT | {field: value})
    assert list(answer.context["form"].errors) == [field]
    anna.refresh_from_db()
    assert anna.display_name == "Anna"


@pytest.mark.parametrize("name", ["<b>Ann</b>", "مريم", "👩‍🎤"])
def test_names_are_shown_as_typed(anna: User, as_user: SignIn, name: str) -> None:
    html = as_user(anna).post(URL, SENT | {"display_name": name}, follow=True).content.decode()
    assert "<b>Ann</b>" not in html
    anna.refresh_from_db()
    assert anna.display_name == name


def test_extra_fields_change_nothing(anna: User, as_user: SignIn) -> None:
    more = {
        "is_staff": "on",
        "is_superuser": "on",
        "email": "x@people.example",
        "checklist_hidden_at": "2026-01-01",
    }
    as_user(anna).post(URL, SENT | more)
    after = User.objects.get(pk=anna.pk)
    assert (after.is_staff, after.is_superuser, after.email) == (False, False, anna.email)
    assert after.checklist_hidden_at is None


def test_settings_are_for_the_signed_in(db: None) -> None:
    assert Client().get(URL)["Location"] == f"{reverse('account_login')}?next={URL}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        (" são  paulo ", "America/Sao_Paulo"),
        ("new_york", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_zone_is_found_by_its_city(anna: User, as_user: SignIn, typed: str, kept: str) -> None:
    as_user(anna).post(URL, SENT | {"time_zone": typed})
    anna.refresh_from_db()
    assert anna.time_zone == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Berln", "Do you mean one of these: Berlin?"),
        ("San", "Do you mean one of these: San Juan, San Luis, San Marino?"),
        ("Munich", "Please type a large city where the clocks are the same as yours."),
        ("<b>Berlin</b>", "We do not know this city."),
        ("🎻", "We do not know this city."),
        ("x" * 65, "at most 64"),
    ],
)
def test_an_unknown_city_is_helped_with(anna: User, as_user: SignIn, typed: str, says: str) -> None:
    answer = as_user(anna).post(URL, SENT | {"time_zone": typed})
    (error,) = answer.context["form"].errors["time_zone"]
    assert says in error
    assert escape(typed) in answer.content.decode()  # nothing typed is lost


@pytest.mark.parametrize("zone", ["Europe/Istanbul", "US/Eastern", "Gone/Zone"])
def test_what_is_left_alone_stays_what_it_was(anna: User, as_user: SignIn, zone: str) -> None:
    """Other names of a zone show a city that finds the usual name."""
    User.objects.filter(pk=anna.pk).update(time_zone=zone)
    client = as_user(anna)
    shown = client.get(URL).context["form"]["time_zone"].value()
    assert client.post(URL, SENT | {"time_zone": shown}).status_code == 302
    assert User.objects.get(pk=anna.pk).time_zone == zone


def test_the_cities_stand_on_the_page_and_the_devices_zone_can_be_offered(
    cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.user("guardian"))
    for address in (URL, edit(cast.student)):
        html = client.get(address).content.decode()
        assert 'list="time-zones"' in html
        assert '<datalist id="time-zones"><option value="ACT">' in html
        assert '<option value="New York"></option>' in html
        assert 'data-zone="UTC"' in html
        assert "data-zone-offer hidden" in html
        assert "js/accounts/time_zone.js" in html
        assert html.count("<option value=") < 500


def test_every_city_finds_a_zone_of_its_name() -> None:
    assert len(zones_by_city()) > 400
    for city, zone in zones_by_city().items():
        assert is_time_zone(zone)
        assert (city_of(zone), find_zone(city)) == (city, zone)


def test_an_own_language_wins_over_the_devices(anna: User, as_user: SignIn) -> None:
    """A family tablet keeps the cookie of whoever used it last."""
    User.objects.filter(pk=anna.pk).update(language="de")
    client = as_user(anna)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(URL)
    assert 'lang="de"' in answer.content.decode()
    assert answer["Content-Language"] == "de"


@pytest.mark.parametrize(("chosen", "kept"), [("de", "de"), ("xx", "en"), ("", "en")])
def test_the_switch_is_a_setting_when_signed_in(anna: User, as_user: SignIn, chosen: str, kept: str) -> None:
    as_user(anna).post(reverse("set_language"), {"language": chosen, "next": URL})
    anna.refresh_from_db()
    assert anna.language == kept


def test_the_switch_is_a_cookie_when_signed_out(db: None) -> None:
    client = Client()
    answer = client.post(reverse("set_language"), {"language": "de", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert 'lang="de"' in client.get("/account/login/").content.decode()
    assert Client().get(reverse("set_language")).status_code == 405


def test_each_reader_has_their_own_clock(anna: User, as_user: SignIn) -> None:
    User.objects.filter(pk=anna.pk).update(time_zone="Asia/Tokyo")
    seen: list[str] = []
    client = as_user(anna)
    handler: Any = client.handler  # its list of middlewares is nobody's business but ours here
    handler.load_middleware()

    def look(request: HttpRequest, *args: Any) -> None:
        seen.append(timezone.get_current_timezone_name())

    handler._view_middleware = [look, *handler._view_middleware]
    client.get(URL)
    assert seen == ["Asia/Tokyo"]
    assert timezone.get_current_timezone_name() == "UTC"
    translation.activate("en")


@pytest.mark.parametrize(
    ("name", "expected"), [("Europe/Berlin", "Europe/Berlin"), ("Gone/Zone", "UTC"), ("../x", "UTC")]
)
def test_a_zone_that_is_gone_is_utc(name: str, expected: str) -> None:
    assert str(zone_of(name)) == expected


def test_a_page_comes_even_when_the_zone_is_gone(anna: User, as_user: SignIn) -> None:
    User.objects.filter(pk=anna.pk).update(time_zone="Gone/Zone")
    assert as_user(anna).get(URL).status_code == 200


# A student's name and zone


def edit(student: Student) -> str:
    return reverse("accounts:student-edit", args=[student.pk])


def test_a_student_is_corrected(cast: Cast, as_user: SignIn) -> None:
    sent = {
        "name": "Mia Marie",
        "time_zone": "Asia/Tokyo",
        "user": "",
        "age_band": "adult",
        "max_minutes": "9",
    }
    answer = as_user(cast.user("guardian")).post(edit(cast.student), sent)
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])
    after = Student.objects.get(pk=cast.student.pk)
    assert (after.name, after.time_zone) == ("Mia Marie", "Asia/Tokyo")
    assert (after.user, after.age_band, after.max_minutes) == (cast.user("student"), "teen", None)
    assert AuditEvent.objects.filter(action="student.changed", student_id=after.pk).count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 10_000), ("time_zone", "Mars/Olympus")]
)
def test_a_bad_correction(cast: Cast, as_user: SignIn, field: str, value: str) -> None:
    sent = {"name": "Mia", "time_zone": "UTC"} | {field: value}
    answer = as_user(cast.user("guardian")).post(edit(cast.student), sent)
    assert list(answer.context["form"].errors) == [field]


def test_who_corrects(cast: Cast, as_user: SignIn) -> None:
    codes = {
        "student": 200,
        "guardian": 200,
        "teacher": 403,
        "viewer": 403,
        "stranger": 404,
        "superuser": 404,
    }
    assert {name: as_user(cast.user(name)).get(edit(cast.student)).status_code for name in codes} == codes
    leo = make_student("Leo")
    make_teaching(cast.user("teacher"), leo)
    assert as_user(cast.user("teacher")).get(edit(leo)).status_code == 200


# The account's addresses


def test_a_single_address_offers_only_what_can_be_done(anna: User, as_user: SignIn) -> None:
    client = as_user(anna)
    html = client.get(reverse("account_email")).content.decode()
    assert anna.email in html
    assert "Confirmed" in html
    assert "action_add" in html
    assert [
        name for name in ("action_primary", "action_remove", "action_send", "radio") if name in html
    ] == []


def test_a_single_address_that_waits_can_be_mailed_again(anna: User, as_user: SignIn) -> None:
    EmailAddress.objects.filter(user=anna).update(verified=False)
    client = as_user(anna)
    html = client.get(reverse("account_email")).content.decode()
    assert "Not confirmed yet" in html
    assert f'name="email" value="{anna.email}"' in html
    before = Delivery.objects.count()
    answer = client.post(reverse("account_email"), {"email": anna.email, "action_send": "1"})
    assert answer.status_code == 302
    assert Delivery.objects.count() == before + 1


def test_several_addresses_are_a_choice(anna: User, as_user: SignIn) -> None:
    EmailAddress.objects.create(user=anna, email="second@people.example", verified=True)
    html = as_user(anna).get(reverse("account_email")).content.decode()
    assert [name for name in ("action_primary", "action_remove", "radio") if name not in html] == []


def test_only_the_login_page_waits_for_typing(anna: User, as_user: SignIn) -> None:
    assert "autofocus" in Client().get(reverse("account_login")).content.decode()
    assert "autofocus" not in Client().get(reverse("account_signup")).content.decode()
    assert "autofocus" not in as_user(anna).get(URL).content.decode()
