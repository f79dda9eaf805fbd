"""The page of permissions: what it says to whom, and its buttons behind the password."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services as accounts
from apps.accounts.models import Guardianship, Student, User
from apps.consent.models import ConsentEvent, Method, Purpose
from apps.consent.texts import CURRENT
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_guardianship, make_student, make_user
from tests.factories.consent import AGREED, make_consent
from tests.privacy.conftest import confirmed

SignIn = Callable[[User], Client]


def page_of(cast: Cast, client: Client) -> str:
    return " ".join(client.get(f"/students/{cast.student.pk}/consents/").content.decode().split())


def url(cast: Cast, post: str = "") -> str:
    return f"/students/{cast.student.pk}/consents/{post}"


def test_a_guardian_reads_each_text_and_what_was_said(cast: Cast, as_user: SignIn) -> None:
    make_consent(cast.student, cast.user("second_guardian"), Purpose.SMS)
    make_consent(cast.student, cast.user("guardian"), Purpose.SMS, given=False)
    page = page_of(cast, as_user(cast.user("guardian")))
    for text in CURRENT.values():
        assert str(text.title) in page
        assert str(text.what).replace("'", "&#x27;") in page
    assert page.count("Nobody has said anything yet") == 4
    assert "<strong>Taken back</strong> by <bdi>Guardian Qzguardian</bdi>" in page
    assert "Second Guardian Qzsecondguardian" in page  # in the history
    assert page.count(">I agree<") == 5
    assert page.count("Stop collecting") == 1


def test_a_child_reads_simple_words_and_finds_no_button(cast: Cast, as_user: SignIn) -> None:
    page = page_of(cast, as_user(cast.user("student")))
    for text in CURRENT.values():
        assert str(text.plain) in page
    assert "They decide it until you are old enough" in page
    for post in ("give", "withdraw", "country"):
        assert f"/consents/{post}/" not in page


def test_a_child_whose_diary_rests_is_told_whom_to_ask(cast: Cast, as_user: SignIn) -> None:
    make_consent(cast.student, cast.user("guardian"), given=False)
    page = page_of(cast, as_user(cast.user("student")))
    assert "Ask a grown-up to join" in page
    assert "Nothing new can be written in this diary now" in page


def test_a_former_childs_guardian_reads_that_the_student_decides(cast: Cast, as_user: SignIn) -> None:
    cast.student.birth_month = birth_month(18)
    cast.student.save(update_fields=["birth_month"])
    assert "The student decides this alone now" in page_of(cast, as_user(cast.user("guardian")))
    assert ">I agree<" in page_of(cast, as_user(cast.user("student")))


@pytest.mark.parametrize(
    ("post", "sent"),
    [
        ("give/", {"purpose": "recordings", "version": "1"}),
        ("withdraw/", {"purpose": "core"}),
        ("country/", {"country": "AT"}),
    ],
)
def test_the_password_is_asked_for_and_then_it_goes_on(
    cast: Cast, as_user: SignIn, post: str, sent: dict[str, str]
) -> None:
    client, before = as_user(cast.user("guardian")), ConsentEvent.objects.count()
    asked = client.post(url(cast, post), sent)
    assert asked["Location"].startswith("/account/reauthenticate/")
    cast.student.refresh_from_db()
    assert (ConsentEvent.objects.count(), cast.student.country) == (before, "")
    done = client.post(asked["Location"], {"password": "woodshed-demo"})
    assert done["Location"] == url(cast)
    cast.student.refresh_from_db()
    assert (ConsentEvent.objects.count(), cast.student.country) in ((before + 1, ""), (before, "AT"))


def test_stop_and_go_on(cast: Cast, as_user: SignIn) -> None:
    client = confirmed(as_user(cast.user("guardian")))
    answer = client.post(url(cast, "withdraw/"), {"purpose": "core"}, follow=True).content.decode()
    assert "Noted: this is taken back." in answer
    cast.student.refresh_from_db()
    assert not cast.student.collecting
    client.post(url(cast, "give/"), {"purpose": "core", "version": AGREED})
    cast.student.refresh_from_db()
    assert cast.student.collecting


@pytest.mark.parametrize(
    ("post", "sent", "words"),
    [
        ("give/", {}, "Nothing was changed"),
        ("give/", {"purpose": "all", "version": "1"}, "Nothing was changed"),
        ("give/", {"purpose": "sms", "version": "x" * 9999}, "Nothing was changed"),
        ("give/", {"purpose": "sms", "version": "2"}, "Please read it once more"),
        ("withdraw/", {}, "Nothing was changed"),
        ("withdraw/", {"purpose": "\0"}, "Nothing was changed"),
        ("country/", {"country": "ZZ"}, "Select a valid choice"),
    ],
)
def test_what_no_button_sends_changes_nothing(
    cast: Cast, as_user: SignIn, post: str, sent: dict[str, str], words: str
) -> None:
    client, before = confirmed(as_user(cast.user("guardian"))), ConsentEvent.objects.count()
    assert words in client.post(url(cast, post), sent, follow=True).content.decode()
    assert ConsentEvent.objects.count() == before


@pytest.mark.parametrize(
    ("post", "sent"),
    [
        ("give/", {"purpose": "recordings", "version": "1"}),
        ("withdraw/", {"purpose": "core"}),
        ("country/", {"country": "AT"}),
    ],
)
def test_a_say_that_is_lost_behind_the_door_counts_for_nothing(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch, post: str, sent: dict[str, str]
) -> None:
    """The guardianship ends between the page's door and the service's lock."""
    client, before = confirmed(as_user(cast.user("guardian"))), ConsentEvent.objects.count()

    def end() -> int:
        mine = Guardianship.objects.filter(guardian=cast.user("guardian"))
        return mine.update(ended_at=timezone.now())

    monkeypatch.setattr("apps.consent.views.pages.writes_too_often", lambda request: end() == 0)
    monkeypatch.setattr("apps.consent.views.pages.in_time", lambda request, form: end() == 1)
    assert client.post(url(cast, post), sent).status_code == 403
    assert ConsentEvent.objects.count() == before


def test_an_adult_says_it_for_themselves(cast: Cast, as_user: SignIn) -> None:
    ada, now = cast.user("stranger"), timezone.now()
    student = accounts.create_own_student(
        user=ada, name="Ada", birth_month=birth_month(40), country="DE", agreed=True, now=now
    )
    client = confirmed(as_user(ada))
    client.post(f"/students/{student.pk}/consents/withdraw/", {"purpose": "core"})
    student.refresh_from_db()
    assert not student.collecting
    assert ConsentEvent.objects.latest("pk").method == "self"


@pytest.fixture
def teo(db: None) -> User:
    return make_user("Teo")


@pytest.fixture
def alone(teo: User) -> Student:
    """Fourteen in Austria, without a guardian: old enough to agree there."""
    student = make_student("Teo", user=teo, birth_month=birth_month(14), country="AT", collecting=False)
    make_consent(student, teo, method=Method.SELF)
    return student


def test_nobody_moves_away_from_their_own_say(alone: Student, teo: User, as_user: SignIn) -> None:
    """In Germany nobody could decide for them, so a guardian comes first; what was typed stands there."""
    client = confirmed(as_user(teo))
    answer = client.post(reverse("consent:country-change", args=[alone.pk]), {"country": "DE"})
    assert answer.context["form"].errors == {
        "country": ["There you are too young to decide alone. Invite a parent or guardian first."]
    }
    assert answer.context["form"]["country"].value() == "DE"
    alone.refresh_from_db()
    assert alone.country == "AT"
    client.post(reverse("consent:country-change", args=[alone.pk]), {"country": "GB"})
    alone.refresh_from_db()
    assert alone.country == "GB"


def test_a_guardian_moves_with_the_child(alone: Student, as_user: SignIn) -> None:
    guardian = make_user("Gil")
    make_guardianship(alone, guardian)
    client = confirmed(as_user(guardian))
    client.post(reverse("consent:country-change", args=[alone.pk]), {"country": "DE"})
    alone.refresh_from_db()
    assert alone.country == "DE"


def test_whoever_agreed_may_always_take_it_back(alone: Student, teo: User, as_user: SignIn) -> None:
    """Also where somebody else decides by now, or nobody; but only what is theirs, and no more than that."""
    make_consent(alone, make_user("Gil"), Purpose.INSIGHTS)
    Student.objects.filter(pk=alone.pk).update(country="DE")
    client = confirmed(as_user(teo))
    page = client.get(reverse("consent:student-consents", args=[alone.pk])).content.decode()
    withdraw_url = reverse("consent:consent-withdraw", args=[alone.pk])
    assert page.count(withdraw_url) == 1
    assert reverse("consent:consent-give", args=[alone.pk]) not in page
    assert client.post(withdraw_url, {"purpose": "insights"}).status_code == 403
    assert client.post(withdraw_url, {"purpose": "core"}).status_code == 302
    alone.refresh_from_db()
    assert not alone.collecting
    assert client.post(withdraw_url, {"purpose": "core"}).status_code == 403


def test_the_page_of_people_leads_there(cast: Cast, as_user: SignIn) -> None:
    for who, found in [("guardian", True), ("student", True), ("teacher", False)]:
        people = as_user(cast.user(who)).get(f"/students/{cast.student.pk}/people/").content.decode()
        assert (url(cast) in people) is found


def test_nothing_yet(cast: Cast, as_user: SignIn) -> None:
    student = make_student("Leo", user=cast.user("stranger"), collecting=False)
    page = as_user(cast.user("stranger")).get(f"/students/{student.pk}/consents/").content.decode()
    assert "Nothing yet." in page
