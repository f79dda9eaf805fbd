"""The tap itself is tested: it lets through what may be read and catches a planted leak."""

import gzip
import logging

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoAssertNumQueries

from apps.accounts.services import revoke_grant
from tests import canaries as tap
from tests.conftest import Cast

FAMILY = {"student", "guardian", "second_guardian"}
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}


def echo(request: HttpRequest) -> HttpResponse:
    """A careless page: it says whatever it was told to by a header, which no reader types."""
    body = request.headers["Told"].encode()
    if "packed" in request.GET:
        return HttpResponse(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    return HttpResponse(body)


urlpatterns = [path("echo/", echo), path("join/secret/", echo), path("staff/echo/", echo)]
pytestmark = pytest.mark.urls("tests.test_canaries")


def told(cast: Cast, who: str | None, text: str, page: str = "/echo/") -> None:
    client = Client()
    if who is not None:
        client.force_login(cast.user(who))
    client.get(page, headers={"Told": text})


def test_who_may_read_each_word(cast: Cast) -> None:
    """The second opinion, by equality: it must not drift towards whatever the rules say."""
    expected = {
        "Qzsharednotes": FAMILY | TEACHERS | GUESTS,
        "Qzprivatestruggles": FAMILY,
        "Qzaddressedachievements": FAMILY | {"second_teacher"},
        "Qzmia": FAMILY | TEACHERS | GUESTS,
        "Qznoah": {"other_teacher", "other_guardian"},
        "Qzguardian": FAMILY | TEACHERS | GUESTS,
        "Qzformerteacher": FAMILY | TEACHERS | GUESTS | {"former_teacher"},
        "Qzotherteacher": {"other_teacher", "other_guardian"},
        "guardian@people.example": FAMILY | TEACHERS,
        "teacher@people.example": FAMILY | {"teacher"},
        "viewer@people.example": FAMILY | {"viewer"},
        "stranger@people.example": {"stranger"},
    }
    assert {
        word: {name for name, user in vars(cast.people).items() if cast.canaries.may_read(word, user, "/")}
        for word in expected
    } == expected


def test_every_text_of_every_entry_holds_a_word(cast: Cast) -> None:
    for name, entry in [("shared", cast.entry), ("private", cast.private_entry)]:
        for text in ("description", "struggles", "achievements", "notes"):
            assert f"Qz{name}{text}" in getattr(entry, text)
            assert f"Qz{name}{text}" in cast.canaries.words


@pytest.mark.parametrize("who", ["student", "guardian"])
def test_what_may_be_read_passes(cast: Cast, who: str) -> None:
    told(cast, who, "Notes Qzprivatenotes and guardian@people.example")


@pytest.mark.parametrize("who", ["teacher", "viewer", "former_guardian", "stranger", "superuser", None])
def test_a_leaked_field_is_caught_and_named(cast: Cast, who: str | None) -> None:
    with pytest.raises(tap.CanaryLeaked, match=r"GET /echo/ showed .*notes of the private entry"):
        told(cast, who, "Notes Qzprivatenotes")


@pytest.mark.parametrize("packed", ["/echo/", "/echo/?packed=1"])
def test_packing_hides_nothing(cast: Cast, packed: str) -> None:
    with pytest.raises(tap.CanaryLeaked):
        told(cast, "stranger", "Qzmia", packed)


def test_an_address_inside_another_is_another(cast: Cast) -> None:
    """second.teacher@… ends with teacher@…, which the second teacher may not see."""
    told(cast, "second_teacher", "second.teacher@people.example")
    with pytest.raises(tap.CanaryLeaked, match="address of teacher"):
        told(cast, "second_teacher", "teacher@people.example")


def test_what_a_person_typed_may_come_back(cast: Cast) -> None:
    client = Client(headers={"Told": "stranger@people.example"})
    client.post("/echo/", {"login": "stranger@people.example"})


def test_rights_are_those_of_the_moment(cast: Cast) -> None:
    told(cast, "viewer", "Qzsharednotes")
    revoke_grant(
        student=cast.student,
        user=cast.user("viewer"),
        by=cast.user("guardian"),
        now=cast.entry.created_at,
    )
    with pytest.raises(tap.CanaryLeaked):
        told(cast, "viewer", "Qzsharednotes")


def test_staff_read_in_the_admin_only(cast: Cast) -> None:
    told(cast, "staff", "Qzprivatenotes", "/staff/echo/")
    with pytest.raises(tap.CanaryLeaked):
        told(cast, "staff", "Qzprivatenotes")


def test_whoever_holds_an_invitation_reads_names_and_no_diary(cast: Cast) -> None:
    told(cast, None, "Qzguardian invites you to Qzmia", "/join/secret/")
    with pytest.raises(tap.CanaryLeaked):
        told(cast, None, "Qzsharednotes", "/join/secret/")


def test_a_mail_may_leak_too(cast: Cast) -> None:
    mail.EmailMessage("New", "Qzprivatenotes", to=["Teacher <teacher@people.example>"]).send()
    with pytest.raises(tap.CanaryLeaked, match=r"a mail told .*notes of the private entry"):
        tap.check_mails()
    mail.outbox.clear()


def test_a_subject_tells_no_name_of_the_family(cast: Cast) -> None:
    mail.EmailMessage("Teacher Qzteacher wrote about Mia", to=["guardian@people.example"]).send()
    tap.check_mails()
    mail.EmailMessage("News of Mia Qzmia", to=["guardian@people.example"]).send()
    with pytest.raises(tap.CanaryLeaked, match=r"a mail's subject told: .*name of mia"):
        tap.check_mails()
    mail.outbox.clear()


def test_a_log_must_hold_no_word_at_all(cast: Cast) -> None:
    logging.getLogger("django.request").warning("saved %s", "Qzsharednotes")
    assert cast.canaries.logged == ["notes of the shared entry"]
    cast.canaries.logged.clear()


def test_the_tap_asks_no_counted_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = Client()
    client.force_login(cast.user("guardian"))
    with django_assert_num_queries(2):
        client.get("/echo/", headers={"Told": "Qzprivatenotes guardian@people.example"})


def test_answers_are_counted(cast: Cast) -> None:
    before = tap.scanned["answers"]
    told(cast, None, "nothing")
    assert tap.scanned["answers"] == before + 1
