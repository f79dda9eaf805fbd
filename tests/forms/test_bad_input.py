"""What cannot be is said beside its field, and nothing that was typed is lost.

Read from the page as a browser has it: the message belongs to the field (``aria-describedby``), and the
form would send again what was typed.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.sweep.world import sign_in

from .page import Page, lost
from .posts import POSTS, Post, Sent
from .state import keys_now, snapshot

# Made anew, never shown again (no browser takes back a file), or not typed by anybody.
NEVER_KEPT = (
    "photo",
    "file",
    "picture",
    "sheet",
    "key",
    "next",
    "password1",
    "kind",
    "lines-TOTAL_FORMS",
    "lines-INITIAL_FORMS",
)


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


def post_of(route: str, what: str = "") -> Post:
    (found,) = [post for post in POSTS if (post.route, post.what) == (route, what)]
    return found


def browser(cast: Cast, post: Post) -> Client:
    post.prepare(cast)
    client, _cookies = sign_in(cast.user(post.who) if post.who else None)
    return client


def address(cast: Cast, post: Post) -> str:
    return reverse(post.route, args=post.arguments(cast)) + post.query


def refused(cast: Cast, post: Post, field: str, **changed: object) -> str:
    """Send it; what is said beside the field. Nothing was written, and nothing typed is gone."""
    client = browser(cast, post)
    known = keys_now()
    before = snapshot(known)
    sent: Sent = post.fields(cast) | changed
    answer = client.post(address(cast, post), sent)
    assert answer.status_code == 200
    assert snapshot(known) == before
    html = answer.content.decode()
    assert lost(html, sent, but=NEVER_KEPT) == {}
    said = Page(html).said_beside(field)
    assert said, f"nothing is said beside {field}"
    return said


ENTRY_FORMS = ["practice:entry-log", "practice:entry-edit"]


@pytest.mark.parametrize("route", ENTRY_FORMS)
@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ("0", "One minute is the least"),
        ("-1", "One minute is the least"),
        ("301", "split the session: 300 minutes at most"),
        ("1441", "A day has 1440 minutes"),
        ("abc", "whole number"),
        ("12.5", "whole number"),
        ("", "How long did you practise"),
    ],
)
def test_minutes_that_cannot_be(cast: Cast, route: str, minutes: str, words: str) -> None:
    assert words in refused(cast, post_of(route), "minutes", minutes=minutes)


@pytest.mark.parametrize("route", ENTRY_FORMS)
def test_tomorrow_in_the_students_zone(cast: Cast, route: str) -> None:
    type(cast.student).objects.filter(pk=cast.student.pk).update(time_zone="Pacific/Kiritimati")
    cast.student.refresh_from_db()
    tomorrow = cast.student.today(timezone.now()) + timedelta(days=1)
    said = refused(cast, post_of(route), "practised_on", practised_on=tomorrow.isoformat())
    assert f"still to come where {cast.student.name} lives" in said


@pytest.mark.parametrize("route", ENTRY_FORMS)
@pytest.mark.parametrize("day", ["garbage", "2026-02-31", "0001-01-01", "99999-01-01"])
def test_a_day_that_is_none(cast: Cast, route: str, day: str) -> None:
    assert refused(cast, post_of(route), "practised_on", practised_on=day)


@pytest.mark.parametrize("route", ENTRY_FORMS)
def test_a_teaching_of_somebody_else_is_no_choice(cast: Cast, route: str) -> None:
    foreign = cast.user("other_teacher").teachings.get()
    client, post = browser(cast, post_of(route)), post_of(route)
    sent = post.fields(cast) | {"audience": str(foreign.pk), "notes": "A long note"}
    html = client.post(address(cast, post), sent).content.decode()
    assert Page(html).said_beside("audience")
    assert set(lost(html, sent, but=NEVER_KEPT)) == {"audience"}, "a choice that is none cannot be shown"


@pytest.mark.parametrize("route", ENTRY_FORMS)
def test_a_day_of_more_than_24_hours(cast: Cast, route: str) -> None:
    """An entry of 23 h 59 leaves one minute of its day; with two more it would be 24 h 01."""
    today = cast.student.today(timezone.now())
    PracticeEntry.objects.filter(student=cast.student).exclude(pk=cast.entry.pk).delete()
    type(cast.student).objects.filter(pk=cast.student.pk).update(max_minutes=1440)
    if route == "practice:entry-edit":
        assert "A day has 1440 minutes" in refused(cast, post_of(route), "minutes", minutes="1441")
        return
    client = browser(cast, post_of(route))
    free = {"audience": "", "lines-0-minutes": "", "practised_on": (today - timedelta(days=1)).isoformat()}
    sent = post_of(route).fields(cast) | free | {"minutes": "1439"}
    assert client.post(address(cast, post_of(route)), sent).status_code == 302
    assert PracticeEntry.objects.filter(student=cast.student, minutes=1439).count() == 1
    more = free | {"key": "00000000-0000-4000-8000-000000000001", "minutes": "2"}
    assert "longer than 24 hours" in refused(cast, post_of(route), "minutes", **more)


@pytest.mark.parametrize("route", ENTRY_FORMS)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("lines-0-title", "x" * 201, "200"),
        ("lines-0-title", "", "what these minutes were for"),
        ("lines-0-minutes", "0", "1"),
        ("lines-0-minutes", "abc", "whole number"),
        ("started_at_time", "25:61", "time"),
    ],
)
def test_a_line_or_an_hour_that_cannot_be(cast: Cast, route: str, field: str, value: str, words: str) -> None:
    assert words in refused(cast, post_of(route), field, **{field: value})


@pytest.mark.parametrize("words", ["", "   ", "short"])
def test_a_comment_or_an_entry_without_words(cast: Cast, words: str) -> None:
    line = dict.fromkeys((f"lines-0-{name}" for name in ("title", "minutes", "tempo", "repetitions")), "")
    empty = {"description": words, "again": [], **line}
    said = refused(cast, post_of("practice:entry-log"), "description", **empty)
    assert "at least 10 characters" in said
    if not words.strip():
        post = post_of("practice:comment-add", "by guardian")
        assert "Write something first" in refused(cast, post, "body", body=words)


@pytest.mark.parametrize(
    ("route", "field", "value", "words"),
    [
        ("private_teaching:student-create", "name", "", "fill this in"),
        ("private_teaching:student-create", "name", "\u200b", "can be seen"),
        ("private_teaching:student-create", "instrument", "", "fill this in"),
        ("private_teaching:teaching-create", "instrument", "", "fill this in"),
        ("private_teaching:teaching-create", "instrument", "PIANO", "already"),
        ("accounts:student-edit", "name", "", "fill this in"),
        ("accounts:settings", "display_name", "", "fill this in"),
        ("accounts:settings", "time_zone", "Mars", "do not know this city"),
        ("accounts:invitation-create", "email", "nobody", "look like an e-mail"),
        ("accounts:grant-create", "email", "nobody@", "look like an e-mail"),
        ("accounts:grant-create", "until", "2020-01-01", "This day is over"),
        ("accounts:grant-create", "until", "2999-01-01", "a year at most"),
        ("accounts:grant-create", "until", "soon", "valid date"),
        ("home:start", "name", "", "fill this in"),
        ("account_signup", "display_name", "", "fill this in"),
        ("account_signup", "email", "nobody", "look like an e-mail"),
        ("account_signup", "password1", "short", "at least 10"),
    ],
)
def test_every_form_says_it_beside_the_field(
    cast: Cast, route: str, field: str, value: str, words: str
) -> None:
    assert words in refused(cast, post_of(route), field, **{field: value})
