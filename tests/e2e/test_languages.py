"""The switch at the foot of each page: German at once, and from then on."""

from collections.abc import Callable

import pytest

from tests.conftest import Cast
from tests.e2e.conftest import PASSWORD, Visitor

Enter = Callable[..., Visitor]
FIRST_PAGES = {
    "student": ("/practice/", "My practice", ["Mein Üben", "Jetzt eintragen", "Was ich gemacht habe"]),
    "teacher": ("/studio/", "My students", ["Meine Schülerinnen und Schüler", "Neues durchsehen"]),
    "guardian": ("/family/", "My family", ["Meine Familie", "Wer dieses Tagebuch sehen kann"]),
}


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def speak(person: Visitor, language: str) -> None:
    person.press(language)
    assert person.page.get_by_role("button", name=language).get_attribute("aria-pressed") == "true"


def language_of(person: Visitor) -> str | None:
    return person.page.get_attribute("html", "lang")


def test_a_stranger_reads_german_and_signs_in(visitor: Enter, cast: Cast) -> None:
    """The choice is the browser's until somebody signs in; then their own setting counts."""
    guest = visitor()
    guest.visit("/")
    assert guest.says("What happens between two lessons matters most.")
    speak(guest, "Deutsch")
    assert guest.says("Am meisten zählt, was zwischen zwei Stunden passiert.")
    guest.check()
    guest.visit("/account/signup/")
    assert guest.says("Dein Name")
    guest.check()
    guest.visit("/account/login/")
    guest.fill(login=cast.user("teacher").email, password=PASSWORD)
    guest.press("Anmelden")
    assert guest.page.url.endswith("/studio/")
    assert language_of(guest) == cast.user("teacher").language == "en"


@pytest.mark.parametrize("role", sorted(FIRST_PAGES))
def test_the_first_pages_speak_german(visitor: Enter, cast: Cast, role: str) -> None:
    path, english, german = FIRST_PAGES[role]
    person = visitor()
    person.is_signed_in(cast.user(role))
    person.visit(path)
    assert (language_of(person), person.says(english)) == ("en", True)
    speak(person, "Deutsch")
    assert person.page.url.endswith(path)
    assert language_of(person) == "de"
    assert [word for word in german if not person.says(word)] == []
    assert not person.says(english)
    person.check()
    cast.user(role).refresh_from_db()
    assert cast.user(role).language == "de"
    for page in (f"/students/{cast.student.pk}/diary/", f"/entries/{cast.entry.pk}/"):
        person.visit(page)
        assert language_of(person) == "de"
        person.check()
    speak(person, "English")
    assert language_of(person) == "en"


def test_a_comment_is_answered_in_german(visitor: Enter, cast: Cast) -> None:
    """The part that htmx asks for as well."""
    teacher = visitor(locale="de-DE")
    teacher.is_signed_in(cast.user("teacher"))
    teacher.visit(f"/entries/{cast.entry.pk}/")
    speak(teacher, "Deutsch")
    teacher.page.get_by_role("button", name="Senden").click()
    teacher.page.get_by_text("Schreib zuerst etwas.").wait_for()
    teacher.page.fill("#comments .card [name=body]", "Schön!")
    teacher.page.get_by_role("button", name="Senden").click()
    teacher.page.locator(".comment:focus", has_text="Schön!").wait_for()
    assert teacher.page.locator("#talk-status").inner_text() == "Dein Kommentar steht da."
