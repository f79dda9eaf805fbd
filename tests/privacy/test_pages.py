"""The pages: what they say to whom in each state, and that the password is asked for."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.privacy import queries
from apps.privacy.models import Erasure, Export
from apps.privacy.services import erasures, exports
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.lists.rows import make_copies

from .conftest import SignIn, confirmed, make_export, members
from .dumps import finish
from .test_erasures import ask

PERSON = "/settings/data/"


def diary(student: Student) -> str:
    return f"/students/{student.pk}/data/"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# Copies


@pytest.mark.parametrize("page", ["person", "diary"])
def test_from_the_button_to_the_file(cast: Cast, as_user: SignIn, page: str) -> None:
    url = PERSON if page == "person" else diary(cast.student)
    client = as_user(cast.user("guardian"))
    assert "You have not asked for a copy yet." in text(client.get(url))
    asked = client.post(f"{url}export/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert not Export.objects.exists()
    # The password sends on what was stopped.
    done = client.post(asked["Location"], {"password": "woodshed-demo", "next": f"{url}export/"})
    assert done["Location"] == url
    waiting = text(client.get(url))
    assert "waiting to begin" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    exports.run_due(clock=timezone.now)
    ready = text(client.get(url))
    assert "A ZIP file of" in ready
    assert "every 3s" not in ready
    export = Export.objects.get()
    answer = client.get(f"/exports/{export.pk}/file/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="woodshed-')
    assert "data.json" in members(b"".join(answer))
    assert AuditEvent.objects.filter(action="export.downloaded", target_id=export.pk).count() == 1


def test_the_file_asks_for_the_password_too(cast: Cast, as_user: SignIn) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    answer = as_user(cast.user("guardian")).get(f"/exports/{export.pk}/file/")
    assert answer["Location"].startswith("/account/reauthenticate/")


def test_another_guardian_finds_neither_list_nor_file(cast: Cast, as_user: SignIn) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    client = confirmed(as_user(cast.user("second_guardian")))
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert "You have not asked for a copy yet." in text(client.get(diary(cast.student)))


def test_a_file_that_is_gone_leads_back(cast: Cast, as_user: SignIn) -> None:
    for student, page in [(cast.student, diary(cast.student)), (None, PERSON)]:
        export = make_export(cast.user("guardian"), student)
        default_storage.delete(export.path)
        client = confirmed(as_user(cast.user("guardian")))
        answer = client.get(f"/exports/{export.pk}/file/", follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert "no longer there" in text(answer)


def test_progress_and_failure_are_said(cast: Cast, as_user: SignIn) -> None:
    export = exports.request_export(by=cast.user("guardian"), student=None, now=timezone.now())
    client = as_user(cast.user("guardian"))
    running = {"state": "running", "lease_until": timezone.now(), "rows_done": 30, "rows_total": 120}
    Export.objects.filter(pk=export.pk).update(**running)
    shown = text(client.get(PERSON))
    assert '<progress max="100" value="25"' in shown
    assert "30 of 120 rows" in shown
    Export.objects.filter(pk=export.pk).update(state="failed", lease_until=None)
    assert "We could not make this copy." in text(client.get(PERSON))
    Export.objects.filter(pk=export.pk).update(state="gone")
    assert "deleted" in text(client.get(PERSON))


def test_too_many_are_refused_in_words(cast: Cast, as_user: SignIn, settings: Any) -> None:
    settings.EXPORTS_PER_PERSON_AND_DAY = 0
    client = confirmed(as_user(cast.user("guardian")))
    answer = client.post(f"{PERSON}export/", follow=True)
    assert "You have asked for many copies today." in text(answer)
    assert not Export.objects.exists()


# Erasing a diary


def test_a_guardian_asks_and_another_keeps_it(cast: Cast, as_user: SignIn) -> None:
    url, client = f"{diary(cast.student)}erase/", confirmed(as_user(cast.user("guardian")))
    page = text(client.get(url))
    assert "Second Guardian Qzsecondguardian" in page
    assert "each of them can stop it" in page
    assert "at_once" not in page
    refused = client.post(url, {})
    assert "Please read the page and say so here." in text(refused)
    asked = client.post(url, {"understood": "on", "at_once": "on"})
    assert asked["Location"] == diary(cast.student)
    erasure = Erasure.objects.get()
    assert erasure.due_at > timezone.now() + timedelta(days=29)
    other = as_user(cast.user("second_guardian"))
    assert "This diary will be erased" in text(other.get(diary(cast.student)))
    kept = other.post(f"/erasures/{erasure.pk}/stop/", follow=True)
    assert kept.redirect_chain == [(diary(cast.student), 302)]
    assert "Stopped. Nothing will be erased." in text(kept)
    erasure.refresh_from_db()
    assert erasure.state == "objected"


def test_a_child_is_told_and_can_stop_it(cast: Cast, as_user: SignIn) -> None:
    erasure = ask(cast.user("guardian"), cast.student)
    client = as_user(cast.user("student"))
    page = text(client.get(diary(cast.student)))
    assert "Your guardians look after this" in page
    assert "Ask for a copy" not in page
    assert f"/erasures/{erasure.pk}/stop/" in page
    assert client.post(f"/erasures/{erasure.pk}/stop/").status_code == 302
    erasure.refresh_from_db()
    assert erasure.state == "objected"


def test_a_sole_guardian_may_have_it_done_at_once(cast: Cast, as_user: SignIn) -> None:
    client = confirmed(as_user(cast.user("other_guardian")))
    url = f"{diary(cast.other_student)}erase/"
    assert "at_once" in text(client.get(url))
    client.post(url, {"understood": "on", "at_once": "on"})
    assert "This diary will be erased" in text(client.get(diary(cast.other_student)))
    finish(timezone.now())
    assert client.get(diary(cast.other_student)).status_code == 404


def test_somebody_who_joined_since_the_page_was_opened_is_asked(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = confirmed(as_user(cast.user("other_guardian")))
    make_guardianship(cast.other_student, cast.user("stranger"))
    monkeypatch.setattr(queries, "others_of", Older(queries.others_of))
    answer = client.post(f"{diary(cast.other_student)}erase/", {"understood": "on", "at_once": "on"})
    assert "they must be asked first" in text(answer)
    assert not Erasure.objects.exists()


class Older:
    """Nobody else at the first look, everybody at the second."""

    def __init__(self, original: Any) -> None:
        self.original, self.looks = original, 0

    def __call__(self, *args: Any) -> Any:
        self.looks += 1
        return [] if self.looks == 1 else self.original(*args)


def test_too_late_is_said(cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    erasure = ask(cast.user("guardian"), cast.student)

    def begun(**kwargs: Any) -> None:
        raise erasures.ErasureHasBegun

    monkeypatch.setattr(erasures, "stop_erasure", begun)
    answer = as_user(cast.user("guardian")).post(f"/erasures/{erasure.pk}/stop/", follow=True)
    assert "This can no longer be stopped." in text(answer)


def test_a_running_one_offers_no_way_back(cast: Cast, as_user: SignIn) -> None:
    erasure = ask(cast.user("guardian"), cast.student)
    Erasure.objects.filter(pk=erasure.pk).update(state="running")
    page = text(as_user(cast.user("guardian")).get(diary(cast.student)))
    assert "It is being erased right now." in page
    assert "/stop/" not in page


# Erasing an account


def test_leaving_says_what_goes_and_what_stays(cast: Cast, as_user: SignIn) -> None:
    make_student("Own", user=cast.user("other_guardian"), age_band=AgeBand.ADULT)
    page = text(confirmed(as_user(cast.user("other_guardian"))).get(f"{PERSON}erase/"))
    assert "Your own diary" in page
    assert "The diary of <bdi>Noah Qznoah</bdi>: nobody would be left who answers for it" in page
    assert "lessons were held" not in page
    guardian = text(confirmed(as_user(cast.user("guardian"))).get(f"{PERSON}erase/"))
    assert "The diary of <bdi>Mia Qzmia</bdi>: others of the family go on with it." in guardian
    teacher = text(confirmed(as_user(cast.user("teacher"))).get(f"{PERSON}erase/"))
    assert "lessons were held" in teacher
    assert "It stays without your name." in teacher


def test_leaving_in_thirty_days_and_staying_after_all(cast: Cast, as_user: SignIn) -> None:
    client = confirmed(as_user(cast.user("teacher")))
    assert "Please read the page" in text(client.post(f"{PERSON}erase/", {"at_once": "on"}))
    assert client.post(f"{PERSON}erase/", {"understood": "on"})["Location"] == PERSON
    page = text(client.get(PERSON))
    assert "Your account will be erased" in page
    assert "Erase my account" not in page
    kept = client.post(f"/erasures/{Erasure.objects.get().pk}/stop/", follow=True)
    assert kept.redirect_chain == [(PERSON, 302)]
    assert "Erase my account" in text(kept)


def test_leaving_at_once_signs_out(cast: Cast, as_user: SignIn) -> None:
    client = confirmed(as_user(cast.user("stranger")))
    answer = client.post(f"{PERSON}erase/", {"understood": "on", "at_once": "on"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Your account is being erased." in text(answer)
    assert "_auth_user_id" not in client.session
    finish(timezone.now())
    assert User.objects.get(pk=cast.user("stranger").pk).is_erased


def test_the_password_comes_before_the_question(cast: Cast, as_user: SignIn) -> None:
    for who, url in [("guardian", f"{diary(cast.student)}erase/"), ("teacher", f"{PERSON}erase/")]:
        client = as_user(cast.user(who))
        for send in (client.get, client.post):
            answer = send(url, {"understood": "on"})
            assert answer["Location"].startswith("/account/reauthenticate/")
    assert not Erasure.objects.exists()


def test_the_ways_to_it(cast: Cast, as_user: SignIn) -> None:
    people = f"/students/{cast.student.pk}/people/"
    shown = {
        who: diary(cast.student) in text(as_user(cast.user(who)).get(people))
        for who in ("student", "guardian", "teacher", "viewer")
    }
    assert shown == {"student": True, "guardian": True, "teacher": False, "viewer": False}
    assert PERSON in text(as_user(cast.user("teacher")).get("/settings/"))


def test_nobody_is_signed_out_of_a_page_of_their_own(cast: Cast) -> None:
    for url in (PERSON, diary(cast.student), f"{PERSON}erase/"):
        assert Client().get(url)["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("page", "queries"), [("person", 6), ("diary", 6)])
def test_any_number_of_copies_costs_the_same(cast: Cast, as_user: SignIn, page: str, queries: int) -> None:
    """Five at most are shown; here, not in the table of lists, because they have no name to be counted by."""
    url, student = (PERSON, None) if page == "person" else (diary(cast.student), cast.student)
    client = as_user(cast.user("guardian"))
    counts, there = {}, 0
    for count in (1, 3, 50):
        make_copies(cast, range(there, count), student)
        there = count
        with CaptureQueriesContext(connection) as found:
            answer = client.get(url)
        assert text(answer).count("A ZIP file of") == min(count, 5)
        counts[count] = len(found.captured_queries)
    assert counts == dict.fromkeys((1, 3, 50), queries)
