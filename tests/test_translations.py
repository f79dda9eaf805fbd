"""German is complete, sound and said to whoever reads German; `make messages` would change nothing."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

import allauth
import django
import polib
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from apps.accounts.models import User
from apps.accounts.models.invitations import InvitationRole
from apps.core.languages import SPOKEN
from apps.core.templatetags.ui import day, duration, short_day, spoken_duration
from apps.notifications import services as notifications
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment
from config import messages
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_user
from tests.limits import forget_tries
from tests.sweep.routes import Route, all_routes
from tests.sweep.world import World, make_world, undone
from tests.translations import (
    CHECKOUT,
    FORMAL,
    LIBRARIES,
    OURS,
    PLAIN,
    catalogue,
    holes,
    same_in_both,
    source,
    translations,
    words,
)

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

MODULES = sorted((CHECKOUT / "apps").rglob("*.py"))
EXTRACTOR = all(shutil.which(program) for program in ("xgettext", "msgmerge", "msguniq", "msgattrib"))


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """What a checkout has not compiled yet is compiled first, as `make test` does."""
    if messages.compile_all(CHECKOUT):
        trans_real._translations.clear()  # type: ignore[attr-defined]


# -- the catalogues


@pytest.mark.skipif(
    not EXTRACTOR and os.environ.get("CI") != "true", reason="gettext's programs are not installed here"
)
def test_make_messages_would_change_nothing(tmp_path: Path) -> None:
    """The very command of the Makefile, in a copy."""
    for name in ("apps", "config", "templates", "locale", "manage.py"):
        (shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy)(CHECKOUT / name, tmp_path / name)
    makefile = (CHECKOUT / "Makefile").read_text().replace("\\\n", " ")
    (arguments,) = re.findall(r"manage\.py (makemessages .*)", makefile)
    subprocess.run([sys.executable, "manage.py", *shlex.split(arguments)], cwd=tmp_path, check=True)

    made = polib.pofile(str(tmp_path / OURS.relative_to(CHECKOUT)))
    now, before = {source(entry) for entry in made}, {source(entry) for entry in catalogue(OURS)}
    assert now - before == set(), "not collected yet: run make messages"
    assert before - now == set(), "no longer said anywhere: run make messages"
    assert {source(entry) for entry in made if entry.fuzzy} == set()
    assert (tmp_path / LIBRARIES.relative_to(CHECKOUT)).read_text() == LIBRARIES.read_text()


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(CHECKOUT)) for path in MODULES])
def test_no_text_hides_from_the_collector(path: Path) -> None:
    """xgettext does not look into f-strings: a text inside one would stay English."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    hidden = [
        f"line {inner.lineno}: {ast.unparse(inner)}"
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for inner in ast.walk(joined)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in marks
    ]
    assert hidden == []


@pytest.mark.parametrize("path", [OURS, LIBRARIES, PLAIN], ids=["ours", "libraries", "plain"])
def test_everything_is_translated(path: Path) -> None:
    assert catalogue(path), "an empty catalogue holds nothing"
    unfinished = [
        entry.msgid
        for entry in catalogue(path)
        if entry.fuzzy or entry.obsolete or not all(text.strip() for text in translations(entry))
    ]
    assert unfinished == []


@pytest.mark.parametrize("path", [OURS, LIBRARIES, PLAIN], ids=["ours", "libraries", "plain"])
def test_each_text_has_the_placeholders_and_tags_of_its_source(path: Path) -> None:
    for entry in catalogue(path):
        english = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        for text, original in zip(translations(entry), english, strict=True):
            assert holes(text) == holes(original), original
            assert text.endswith("\n") == original.endswith("\n"), original


def test_both_plural_forms_are_there() -> None:
    assert catalogue(OURS).metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    plural = [entry for entry in catalogue(OURS) if entry.msgid_plural]
    assert plural
    assert all(set(entry.msgstr_plural) == {0, 1} for entry in plural)


@pytest.mark.parametrize("path", [OURS, LIBRARIES], ids=["ours", "libraries"])
def test_german_says_du_and_quotes_like_german(path: Path) -> None:
    for entry in catalogue(path):
        for text in translations(entry):
            assert not FORMAL.search(text), text
            plain = re.sub(r"<[^>]*>", "", text)
            assert not re.search(r"[\"”]|\.\.\.|\w'\w| - ", plain), text


def test_account_pages_say_du_too() -> None:
    """allauth's German mixes "du" and "Sie"; where it does, ours is said."""
    spec = find_spec("allauth")
    assert spec is not None
    assert spec.origin is not None
    theirs = polib.pofile(str(Path(spec.origin).with_name("locale") / "de" / "LC_MESSAGES" / "django.po"))
    said = [entry for entry in theirs if not entry.obsolete]
    assert any(FORMAL.search(text) for entry in said for text in translations(entry)), "no longer needed"
    with translation.override("de"):
        formal = [
            entry.msgid
            for entry in said
            for number in (1, 2)
            if FORMAL.search(translation.ngettext(entry.msgid, entry.msgid_plural, number))
            or FORMAL.search(translation.gettext(entry.msgid))
        ]
    assert formal == []


def test_plain_english_replaces_what_the_libraries_say() -> None:
    said = {
        entry.msgid
        for module in (allauth, django)
        for file in Path(module.__path__[0]).glob("**/locale/*/LC_MESSAGES/django.po")
        if file.parts[-3] in ("de", "en")
        for entry in polib.pofile(str(file))
        if not entry.obsolete
    }
    assert {entry.msgid for entry in catalogue(PLAIN)} - said == set()
    with translation.override("en"):
        assert translation.gettext("Sign In") == "Sign in"
        assert (
            translation.ngettext(
                "This password is too short. It must contain at least %d character.",
                "This password is too short. It must contain at least %d characters.",
                10,
            )
            == "This is too short: it takes at least %d characters."
        )


def test_the_catalogues_name_no_person_or_machine() -> None:
    for path in (OURS, LIBRARIES, PLAIN):
        text = path.read_text()
        assert catalogue(path).metadata["Last-Translator"] == "Woodshed"
        assert not re.search(r"@(?!people\.example)[\w-]+\.\w", text.split("msgid", 2)[1])
        assert not re.search(r"^#: .*:\d", text, re.MULTILINE), "line numbers make every change a conflict"


def test_dates_and_times_are_written_the_german_way() -> None:
    with translation.override("de"):
        assert day(date(2026, 11, 21)) == "Sa, 21. Nov. 2026"
        assert short_day(date(2026, 3, 1)) == "1. März"
        assert (duration(45), duration(60), duration(95)) == ("45 Min.", "1 Std.", "1 Std. 35 Min.")
        assert (spoken_duration(1), spoken_duration(2)) == ("1 Minute", "2 Minuten")


# -- the pages


@pytest.fixture
def world(db: None) -> World:
    return make_world()


# Developers' and machines' pages. Staff's site is Django's, in Django's German.
NOT_FOR_READERS = re.compile(
    r"admin:|notifications:|home:styleguide|healthz|set_language|mfa_webauthn_signup|mfa_.*json"
)
READERS = ("anonymous", "student", "guardian", "teacher", "commenter")
# The world's data: an instrument, a piece, a page, an address, initials, a code, a host. All else has "Qz".
CODES = r"[2-9A-Z]{3} [2-9A-Z]{3}|localhost:8000/join/|music\.example"
PAGE = "Theo|I teach children and grown-ups.*|Guardian|Other|school|studio"
DATA = re.compile(
    r"Qz|@|^(?:: )?([A-Z]{1,2}|Violin|Piano|Flute|Cello|Minuet.*|Anna Keller|Mia|Noah|Pia(?: · Piano)?"
    rf"|{PAGE}|{CODES})$"
)
PLACES = {
    part.replace("_", " ").replace("/", ", ")
    for zone in available_timezones()
    for part in (zone, zone.split("/", 1)[-1])
}


# The other shapes of a page.
QUERIES = {"practice:entry-list": ("?view=table", "?q=nothing-like-it", "?from=never")}


def addresses(world: World, route: Route) -> Iterator[str]:
    for values in world.objects.get(route.carries, {}).values():
        for query in ("", *QUERIES.get(route.name, ())):
            yield route.url(values) + query


def ask(world: World, who: str, url: str, language: str) -> Any:
    """The page as this person sees it whose language is ``language``."""
    User.objects.update(language=language)
    forget_tries()
    with undone():
        return world.client(who).get(url, headers={"accept-language": language})


def english_left(world: World, who: str, url: str, known: set[str]) -> set[str]:
    """What the German page says in the very words of the English one, but for texts that were looked at."""
    german = ask(world, who, url, "de")
    if german.status_code != 200 or not german.headers["Content-Type"].startswith("text/html"):
        return set()
    html = german.content.decode()
    assert '<html lang="de"' in html, url
    assert not any(FORMAL.search(text) for text in words(html)), url
    shared = same_in_both() | PLACES | set(SPOKEN.values())

    def is_shared(text: str) -> bool:
        return text.removesuffix(" · Woodshed").rstrip(" 0123456789") in shared

    new = {text for text in words(html) - known if not is_shared(text) and not DATA.search(text)}
    known |= new
    # The same page in English is fetched only where something is said that no page before it said.
    return new & words(ask(world, who, url, "en").content.decode()) if new else set()


ROUTES = [route for route in all_routes() if not NOT_FOR_READERS.match(route.name)]


@pytest.mark.parametrize("who", READERS)
def test_no_page_says_english_to_a_german(world: World, who: str) -> None:
    known: set[str] = set()
    left = {
        (route.name, text)
        for route in ROUTES
        for url in addresses(world, route)
        for text in english_left(world, who, url, known)
    }
    assert left == set()


def test_a_visitor_reads_german_where_the_browser_wishes_it(client: Client, db: None) -> None:
    german = client.get("/", headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    assert "Das Übetagebuch für den Musikunterricht" in german.content.decode()
    assert german.headers["Content-Language"] == "de"
    assert "Accept-Language" in german.headers["Vary"]
    english = client.get("/", headers={"accept-language": "fr"})
    assert "The practice diary for music lessons" in english.content.decode()


def test_refusals_are_german(world: World) -> None:
    student = str(world.cast.student.pk)
    absent = ask(world, "teacher", "/nowhere/", "de")
    refused = ask(world, "teacher", reverse("accounts:student-edit", args=[student]), "de")
    assert (absent.status_code, refused.status_code) == (404, 403)
    assert "Hier ist nichts" in words(absent.content.decode())
    assert "Diese Tür ist für dich geschlossen" in words(refused.content.decode())


@pytest.mark.parametrize("who", ["student", "guardian", "teacher", "stranger"])
def test_the_first_page_is_german(cast: Cast, client: Client, who: str) -> None:
    """A person's own language wins over the browser's."""
    User.objects.update(language="de")
    client.force_login(cast.user(who))
    page = client.get("/home/", follow=True, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert '<html lang="de"' in page.content.decode()
    assert {"Abmelden", "Einstellungen"} <= words(page.content.decode())


# -- the switch


def test_the_switch_stands_on_the_page_and_sticks(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert 'action="/i18n/setlang/"' in page
    assert '<button name="language" value="de" lang="de"' in page
    answer = client.post("/i18n/setlang/", {"language": "de", "next": "/"})
    assert answer.headers["Location"] == "/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    for url in ("/", "/account/login/", "/nowhere/"):
        assert '<html lang="de"' in client.get(url, headers={"accept-language": "en"}).content.decode(), url


def test_the_switch_keeps_a_persons_language_for_every_device(db: None) -> None:
    anna, here, there = make_user("Anna"), Client(), Client()
    for browser in (here, there):
        browser.force_login(anna)
    here.post("/i18n/setlang/", {"language": "de", "next": "/settings/"})
    assert "Einstellungen" in words(there.get("/settings/").content.decode())


# -- the mail


def deliver() -> list[Any]:
    with translation.override("en"):
        notifications.deliver_due(clock=timezone.now)
    return mail.outbox


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.STUDENT, InvitationRole.GRANTEE])
def test_an_invitation_is_in_the_language_that_was_chosen(cast: Cast, role: InvitationRole) -> None:
    make_invitation(cast.other_student, cast.user("other_teacher"), role=role, language="de")
    (message,) = deliver()
    assert message.subject == "Other Teacher Qzotherteacher lädt dich zu einem Übetagebuch ein"
    assert "Öffne diesen Link, um zu antworten:" in message.body
    html = str(message.alternatives[0][0])
    assert 'lang="de"' in html
    assert "Einladung beantworten" in words(html)
    assert_german(message)


def test_mail_about_the_diary_is_in_each_readers_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.user("guardian").pk).update(language="de")
    add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Bravo!",
        now=timezone.now(),
        thread=cast.teaching,
    )
    by_reader = {message.to[0]: message for message in deliver()}
    german = by_reader.pop(cast.user("guardian").email)
    assert "Lies es im Tagebuch und antworte dort:" in german.body
    assert_german(german)
    assert by_reader
    assert all("Read it in the diary" in message.body for message in by_reader.values())


def test_account_mail_is_in_the_persons_own_language(client: Client, db: None) -> None:
    make_user("Anna", language="de")
    client.post(
        reverse("account_reset_password"),
        {"email": "anna@people.example"},
        headers={"accept-language": "en"},
    )
    (message,) = deliver()
    assert "Passwort" in message.subject
    assert_german(message)


def assert_german(message: Any) -> None:
    """Nobody is called "Sie", and no line is one that we have in English."""
    said = {line.strip() for line in message.body.splitlines()} | words(str(message.alternatives[0][0]))
    english = {entry.msgid for entry in catalogue(OURS)} - same_in_both()
    assert said & english == set()
    assert not any(FORMAL.search(text) for text in said)
