"""The tools' pages: for everybody, with nothing of anybody where a browser keeps them; and to the form."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.tools.kept import FILES, MODULES
from apps.tools.views import MOST_DIARIES
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.children import child_client, make_child_login

SignIn = Callable[..., Client]


def kept_by(answer_text: str) -> dict[str, object]:
    found = re.match(r"self\.KEPT = (.+);\n", answer_text)
    assert found is not None
    kept: dict[str, object] = json.loads(found[1])
    return kept


def test_the_page_says_where_the_worker_and_its_scope_are(client: Client, db: None) -> None:
    page = client.get("/tools/").content.decode()
    assert 'data-worker="/tools/worker.js?language=en" data-scope="/tools/"' in page
    assert "<noscript>" in page


def test_what_a_browser_keeps_is_drawn_for_nobody(cast: Cast, as_user: SignIn) -> None:
    """Byte for byte the same, whoever asks; and it starts no session."""
    user = cast.user("guardian")
    signed_in = as_user(user).get("/tools/offline/")
    assert signed_in.content == Client().get("/tools/offline/").content
    text = signed_in.content.decode()
    assert user.email in as_user(user).get("/tools/").content.decode()
    assert user.email not in text
    assert "csrfmiddlewaretoken" not in text
    assert "<form" not in text
    assert not Client().get("/tools/offline/").cookies


@pytest.mark.parametrize(
    ("asked", "spoken"), [("de", "de"), ("en", "en"), ("", "en"), ("xx", "en"), ("../", "en")]
)
def test_the_kept_page_speaks_the_language_of_its_address(
    client: Client, db: None, asked: str, spoken: str
) -> None:
    page = client.get("/tools/offline/", {"language": asked}).content.decode()
    assert f'<html lang="{spoken}"' in page
    kept = kept_by(client.get("/tools/worker.js", {"language": asked}).content.decode())
    assert kept["page"] == f"/tools/offline/?language={spoken}"
    # What comes afterwards speaks the reader's own again.
    assert '<html lang="en"' in client.get("/tools/").content.decode()


def test_the_worker_is_a_script_that_names_what_it_keeps(client: Client, db: None) -> None:
    answer = client.get("/tools/worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'importScripts("/static/js/tools/offline.js")' in answer.content.decode()
    assert kept_by(answer.content.decode())["files"] == [f"/static/{name}" for name in FILES]


def test_every_file_that_is_kept_is_there_and_every_module_is_kept() -> None:
    """One that is missing would keep the browser from keeping any."""
    assert [name for name in FILES if not finders.find(name)] == []
    ours = {path.stem for path in Path(settings.BASE_DIR, "static/js/tools").glob("*.js")}
    assert ours == {*MODULES, "offline"}


def test_what_the_timer_ran_for_leads_to_the_form_of_the_own_diary(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.user("student")).get("/tools/log/?minutes=25")
    assert answer["Location"] == f"/students/{cast.student.pk}/diary/log/?minutes=25"


@pytest.mark.parametrize(
    "minutes", ["", "-5", "25&next=//evil.example", "1e3", "99999", "\u0663\u0660x", "x"]
)
def test_what_are_no_minutes_do_not_go_along(cast: Cast, as_user: SignIn, minutes: str) -> None:
    answer = as_user(cast.user("student")).get("/tools/log/", {"minutes": minutes})
    assert answer["Location"] == f"/students/{cast.student.pk}/diary/log/"


def test_a_child_gets_to_the_own_form(cast: Cast) -> None:
    child = make_student("Zoe")
    make_guardianship(child, cast.user("guardian"))
    make_child_login(child, cast.user("guardian"))
    client = child_client(child, cast.user("guardian"))
    assert client.get("/tools/").status_code == 200
    assert client.get("/tools/log/?minutes=7")["Location"] == f"/students/{child.pk}/diary/log/?minutes=7"


def test_who_may_write_in_two_diaries_chooses(cast: Cast, as_user: SignIn) -> None:
    other = make_student("Noah")
    make_guardianship(other, cast.user("guardian"))
    make_student("Somebody else's")
    answer = as_user(cast.user("guardian")).get("/tools/log/?minutes=25")
    text = answer.content.decode()
    led = re.findall(r'href="(/students/[^"]+)"', text)
    names = sorted([(cast.student.name, cast.student.pk), (other.name, other.pk)])
    assert led == [f"/students/{pk}/diary/log/?minutes=25" for _name, pk in names]
    assert "Somebody else" not in text


def test_fifty_are_offered_for_the_price_of_two(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    make_guardianship(make_student("Row"), cast.user("guardian"))
    with CaptureQueriesContext(connection) as for_two:
        client.get("/tools/log/")
    for number in range(MOST_DIARIES):
        make_guardianship(make_student(f"Row {number}"), cast.user("guardian"))
    with CaptureQueriesContext(connection) as for_fifty:
        text = client.get("/tools/log/").content.decode()
    assert len(for_fifty) == len(for_two) <= 12
    assert len(re.findall(r'href="/students/[^"]+/diary/log/"', text)) == MOST_DIARIES


@pytest.mark.parametrize("who", ["teacher", "viewer", "commenter", "stranger"])
def test_who_writes_in_no_diary_is_led_to_the_own_first_page(cast: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(cast.user(who))
    answer = client.get("/tools/log/?minutes=25")
    assert answer["Location"] == reverse("home:index")
    assert "nothing was written down" in client.get(answer["Location"], follow=True).content.decode()


def test_who_is_not_signed_in_does_so_first_and_keeps_the_minutes(client: Client, db: None) -> None:
    answer = client.get("/tools/log/?minutes=25")
    assert answer["Location"] == "/account/login/?next=/tools/log/%3Fminutes%3D25"


def test_the_way_there_stands_on_every_page(cast: Cast, as_user: SignIn, client: Client) -> None:
    """In the navigation of whoever is signed in, and at the end of each page for everybody."""
    link = '<a href="/tools/"'
    assert client.get("/").content.decode().count(link) == 1
    assert as_user(cast.user("stranger")).get("/start/").content.decode().count(link) == 2
    page = as_user(cast.user("teacher")).get("/tools/").content.decode()
    assert f'{link} aria-current="page">' in page


def test_the_timer_on_the_log_form_knows_the_field(cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.user("student")).get(f"/students/{cast.student.pk}/diary/log/").content.decode()
    assert 'data-timer hidden data-field="id_minutes"' in page
    assert 'id="id_minutes"' in page
