"""Reading along by a link: what it shows, what it never shows, and how it is opened."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import ReaderLink, User
from apps.parent_portal.queries.weeks import WEEKS_BACK, read_week
from apps.practice.content import Line
from apps.practice.models import PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_reader_link, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

READING = "/family/read/"
DAY = timedelta(days=1)


def show(link: ReaderLink) -> str:
    return reverse("parent_portal:link-show", args=[link.token])


def opened(link: ReaderLink) -> Client:
    client = Client()
    assert client.post(reverse("parent_portal:link-open", args=[link.token]))["Location"] == READING
    return client


@pytest.fixture
def link(cast: Cast) -> ReaderLink:
    return make_reader_link(cast.student, cast.user("guardian"))


def say(entry: PracticeEntry, who: User, role: AuthorRole, body: str, thread: Teaching | None = None) -> None:
    add_comment(key=uuid4(), entry=entry, by=who, role=role, body=body, now=timezone.now(), thread=thread)


def test_looking_at_the_link_opens_nothing(link: ReaderLink) -> None:
    """Programs that look through mail follow links; none of them presses a button."""
    client = Client()
    for method in ("get", "head", "get"):
        answer = getattr(client, method)(show(link))
        assert answer.status_code == 200
        assert not answer.cookies.get("reader")
    assert "Mia" not in client.get(show(link)).content.decode()
    link.refresh_from_db()
    assert (link.opened_at, link.openings) == (None, 0)
    assert client.get(READING).status_code == 404


def test_the_button_opens_a_page_and_signs_nobody_in(link: ReaderLink) -> None:
    client = opened(link)
    cookie = client.cookies["reader"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (READING, "Strict", True)
    assert cookie["max-age"] == 12 * 3600
    assert "sessionid" not in client.cookies
    answer = client.get(READING)
    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated
    assert client.get(reverse("parent_portal:overview")).status_code == 302
    link.refresh_from_db()
    assert link.openings == 1


def test_it_shows_what_is_for_everybody_and_nothing_else(cast: Cast, link: ReaderLink) -> None:
    """The canaries of the private and the addressed entry, and all names, are on watch."""
    make_entry(
        cast.student, cast.user("student"), minutes=25, lines=[Line("Minuet in G", minutes=25)], enjoyment=2
    )
    say(cast.entry, cast.user("teacher"), AuthorRole.TEACHER, "Lovely legato")
    say(cast.entry, cast.user("teacher"), AuthorRole.TEACHER, "Only for you", cast.teaching)
    say(cast.entry, cast.user("guardian"), AuthorRole.GUARDIAN, "Well done, dear")
    html = opened(link).get(READING).content.decode()
    assert "What Mia practised" in html
    assert "Minuet in G" in html
    assert "Lovely legato" in html
    for name in ("description", "achievements"):
        assert getattr(cast.entry, name) in html
    for word in ("Only for you", "Well done, dear", "Qzsharedstruggles", "Qzsharednotes", "Qzmia", "Fun:"):
        assert word not in html
    assert "Qzprivate" not in html
    assert "Qzaddressed" not in html
    assert "1 h 10 min on 1 day." not in html


def test_private_rows_make_no_difference(cast: Cast, link: ReaderLink) -> None:
    client, student = opened(link), cast.student

    def page() -> str:
        html: str = client.get(READING).content.decode()
        return html.partition("<main")[2].partition("csrfmiddlewaretoken")[0]

    before = page()
    make_entry(student, cast.user("student"), is_private=True, minutes=50, description="Secret")
    make_entry(student, cast.user("student"), addressed_to=cast.second_teaching, minutes=50)
    gone = make_entry(student, cast.user("student"), minutes=50)
    PracticeEntry.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    assert page() == before
    make_entry(student, cast.user("student"), minutes=50)
    assert page() != before


@pytest.mark.parametrize("page", ["show", "open", "reading"])
def test_no_cache_no_search_engine_no_referrer(link: ReaderLink, page: str) -> None:
    client = opened(link)
    answer = {
        "show": lambda: client.get(show(link)),
        "open": lambda: client.post(reverse("parent_portal:link-open", args=[link.token])),
        "reading": lambda: client.get(READING),
    }[page]()
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    # The host at most; "no-referrer" would take the page's own forms their origin.
    assert answer["Referrer-Policy"] == "strict-origin"
    if page != "open":
        assert '<meta name="robots" content="noindex">' in answer.content.decode()


def lost(client: Client, path: str, *, post: bool = False) -> str:
    answer = client.post(path) if post else client.get(path)
    assert answer.status_code == 404
    html: str = answer.content.decode()
    assert "ask whoever sent it to you for a new one" in html
    return html


def test_what_opens_nothing_answers_alike(cast: Cast, link: ReaderLink) -> None:
    over = make_reader_link(cast.student, cast.user("guardian"), email="over@people.example")
    ReaderLink.objects.filter(pk=over.pk).update(
        made_at=timezone.now() - 9 * DAY, expires_at=timezone.now() - DAY
    )
    services.end_reader_link(link=link, by=cast.user("guardian"), now=timezone.now())
    never = "f" * 64

    def answers(token: str) -> list[str]:
        show_url = reverse("parent_portal:link-show", args=[token])
        open_url = reverse("parent_portal:link-open", args=[token])
        pages = [lost(Client(), show_url), lost(Client(), open_url, post=True)]
        return [page.replace(token, "TOKEN").partition("<main")[2].partition("</main>")[0] for page in pages]

    assert answers(never) == answers(over.token) == answers(link.token)


def test_a_browser_that_opened_it_asks_anew_for_each_page(cast: Cast, link: ReaderLink) -> None:
    client = opened(link)
    services.end_reader_link(link=link, by=cast.user("guardian"), now=timezone.now())
    lost(client, READING)


def test_whoever_is_quicker_than_the_button(
    cast: Cast, link: ReaderLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def over(**fields: object) -> None:
        raise services.LinkIsOver

    monkeypatch.setattr(services, "open_reader_link", over)
    client = Client()
    lost(client, reverse("parent_portal:link-open", args=[link.token]), post=True)
    assert "reader" not in client.cookies


def test_the_cookie_of_one_link_opens_no_other(cast: Cast, link: ReaderLink) -> None:
    other = make_reader_link(cast.other_student, cast.user("other_guardian"), email="x@people.example")
    client, second = opened(link), opened(other)
    assert "What Noah practised" in second.get(READING).content.decode()
    mine, theirs = client.cookies["reader"].value, second.cookies["reader"].value
    _key, _colon, rest = mine.partition(":")
    for forged in (
        f"{other.pk}:{rest}",
        f"{other.pk}:{theirs.split(':')[1]}:x:y",
        f"{other.pk}",
        "",
        "a:b:c:d",
    ):
        client.cookies["reader"] = forged
        lost(client, READING)


def test_a_cookie_that_names_no_mark_opens_nothing(link: ReaderLink, monkeypatch: pytest.MonkeyPatch) -> None:
    client = opened(link)
    ReaderLink.objects.filter(pk=link.pk).update(token_hash="0" * 64)
    lost(client, READING)


def test_the_page_closes_by_itself(link: ReaderLink) -> None:
    start = datetime(2030, 1, 9, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        ReaderLink.objects.filter(pk=link.pk).update(expires_at=start + 3 * DAY)
        client = opened(link)
        assert client.get(READING).status_code == 200
    with time_machine.travel(start + timedelta(hours=13), tick=False):
        lost(client, READING)
        ReaderLink.objects.filter(pk=link.pk).update(expires_at=start + timedelta(hours=14))
        assert opened(link).cookies["reader"]["max-age"] == 3600


def test_the_reader_closes_it(link: ReaderLink) -> None:
    client = opened(link)
    answer = client.post(reverse("parent_portal:reading-close"), follow=True)
    assert "The diary is closed here." in answer.content.decode()
    assert client.cookies["reader"]["max-age"] == 0
    assert client.get(reverse("parent_portal:reading-close")).status_code == 405


def test_weeks_are_turned_as_far_as_the_link_reads(db: None) -> None:
    now = datetime(2026, 3, 18, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        parent, child = make_user("Parent", week_starts_on=6), make_student("Ben", time_zone="UTC")
        make_guardianship(child, parent)
        link = ReaderLink.objects.select_related("student", "made_by").get(
            pk=make_reader_link(child, parent).pk
        )

    def week(asked: str, *, when: datetime = now) -> tuple[str, ...]:
        page = read_week(link, asked=asked, now=when)
        return tuple(str(day) for day in (page.week[0].date, page.older, page.newer))

    assert week("") == ("2026-03-15", "2026-03-08", "None")
    assert week("2026-03-14") == ("2026-03-08", "2026-03-01", "2026-03-15")
    assert week("1999-01-01") == week("0001-01-01") == week("not a day") == week("2026-02-30") == week("")
    assert week("2001-01-01") == ("2026-02-15", "None", "2026-02-22")
    assert WEEKS_BACK == 4
    assert week("2400-01-01") == week("")
    assert week("", when=now + 7 * DAY) == ("2026-03-22", "2026-03-15", "None")


def test_days_are_the_childs(db: None) -> None:
    """At ten in the evening in New York it is tomorrow in London."""
    now = datetime(2026, 3, 15, 22, tzinfo=UTC) + timedelta(hours=5)
    parent, child = make_user("Parent"), make_student("Ben", time_zone="America/New_York")
    make_guardianship(child, parent)
    make_entry(child, parent, practised_on=child.today(now), minutes=30)
    with time_machine.travel(now, tick=False):
        link = make_reader_link(child, parent)
        page = read_week(link, asked="", now=now)
    assert [day.minutes for day in page.week] == [0] * 6 + [30]
    assert (page.minutes, page.practised_days) == (30, 1)


def test_an_empty_week_says_so(db: None) -> None:
    parent, child = make_user("Parent"), make_student("Ben")
    make_guardianship(child, parent)
    html = opened(make_reader_link(child, parent)).get(READING).content.decode()
    assert "Nothing is written down for this week." in html


def test_a_full_week_costs_what_an_empty_one_costs(cast: Cast, link: ReaderLink) -> None:
    client = opened(link)

    def cost(rows: int) -> int:
        for number in range(rows):
            entry = make_entry(cast.student, cast.user("student"), minutes=5, lines=[Line(f"Row {number}")])
            say(entry, cast.user("teacher"), AuthorRole.TEACHER, f"Said {number}")
        with CaptureQueriesContext(connection) as found:
            assert client.get(READING).status_code == 200
        return len(found.captured_queries)

    assert [cost(rows) for rows in (0, 1, 3, 20)] == [3] * 4


def test_names_in_every_script_and_html_are_shown_as_they_are(cast: Cast, settings: Any) -> None:
    child = make_student("<b>Ōno</b> 😀")
    make_guardianship(child, cast.user("guardian"))
    make_teaching(cast.user("teacher"), child)
    make_entry(child, cast.user("guardian"), description="<script>alert(1)</script> אבגד" + "x" * 200)
    html = opened(make_reader_link(child, cast.user("guardian"))).get(READING).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; אבגד" in html
