"""What was signed stays findable, with every word, and can be reported."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.practice import queries
from apps.practice.models import WeekSignOff
from apps.private_teaching.models import Teaching
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.practice import make_entry, make_sign_off
from tests.practice.weeks import (
    DAY,
    SIGN,
    WEEK,
    SignIn,
    diary,
    monday,
    sign,
    url,
    version,
)


def signed_list(cast: Cast, client: Client, query: str = "") -> str:
    answer = client.get(reverse("practice:sign-off-list", args=[cast.student.pk]) + query)
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("student", True),
        ("guardian", True),
        ("second_guardian", True),
        ("teacher", True),
        ("second_teacher", False),
        ("viewer", False),
    ],
)
def test_signed_weeks_stay_findable(cast: Cast, as_user: SignIn, name: str, reads: bool) -> None:
    """Weeks later, with every word, for the family and the teacher who asked."""
    long_ago = monday(cast) - 20 * WEEK
    row = make_sign_off(cast.teaching, long_ago, cast.user("guardian"), note="She was ill.")
    client = as_user(cast.user(name))
    page = signed_list(cast, client)
    assert ("She was ill." in page) == ("Signed by <bdi>Guardian Qzguardian</bdi>" in page) == reads
    assert ("No week is signed yet" in page) != reads
    link = reverse("practice:sign-off-list", args=[cast.student.pk])
    assert (f'"{link}"' in diary(cast, client)) == reads
    report = reverse("practice:sign-off-report", args=[row.pk])
    assert (f'"{report}"' in page) == (reads and name != "guardian"), "nobody reports their own words"
    assert client.get(report).status_code == (200 if reads else 404)


def test_more_than_a_page_of_them(cast: Cast, as_user: SignIn) -> None:
    for number in range(21):
        make_sign_off(
            cast.teaching, monday(cast) - number * WEEK, cast.user("guardian"), note=f"Word {number}."
        )
    client = as_user(cast.user("student"))
    page = signed_list(cast, client)
    assert "Word 19." in page
    assert "Word 20." not in page
    [older] = re.findall(r'rel="next" href="[^"]*(\?page=[^"]+)"', page)
    assert "Word 20." in signed_list(cast, client, older)
    assert "Word 0." in signed_list(cast, client, "?page=garbage")


def test_a_word_is_reported_with_what_it_says(cast: Cast, as_user: SignIn) -> None:
    row = make_sign_off(cast.teaching, monday(cast), cast.user("guardian"), note="Not kind at all.")
    address = reverse("practice:sign-off-report", args=[row.pk])
    answer = as_user(cast.user("student")).post(address, {"category": "unkind", "words": "Please look."})
    assert answer.status_code == 302
    report = Report.objects.get()
    assert (report.kind, report.item_id) == ("sign-off", row.pk)
    assert "Not kind at all." in report.evidence
    WeekSignOff.objects.update(note="")
    assert as_user(cast.user("student")).get(address).status_code == 404


@pytest.mark.parametrize("name", ["student", "guardian"])
def test_the_whole_family_is_said_to_read_the_word(
    cast: Cast, as_user: SignIn, asked: Teaching, name: str
) -> None:
    page = diary(cast, as_user(cast.user(name)))
    assert ("The whole family reads it too." in page) == (name == "guardian")
    described = re.findall(r'<textarea[^>]* aria-describedby="([^"]+)"', page)
    assert all(f'id="{key}"' in page for key in described)
    assert bool(described) == (name == "guardian")


@pytest.fixture
def two_open(cast: Cast, asked: Teaching) -> Teaching:
    """Neither of the last two finished weeks is signed; Mia practised in both."""
    make_entry(cast.student, cast.user("student"), minutes=25, practised_on=monday(cast) - 2 * DAY)
    Teaching.objects.filter(pk=asked.pk).update(sign_off_since=monday(cast) - 3 * WEEK)
    return Teaching.objects.get(pk=asked.pk)


@pytest.mark.parametrize("weeks", [1, 2, 5])
def test_no_other_week_is_signed_than_the_one_sent(
    cast: Cast, as_user: SignIn, two_open: Teaching, weeks: int
) -> None:
    """Somebody was quicker, or the week is too old: the note was not written about the week that is open."""
    before = monday(cast) - weeks * WEEK
    client = as_user(cast.user("second_guardian"))
    shown = {"week": before.isoformat(), "version": version(two_open, before), "note": "We were away."}
    signed = [sign(cast, two_open, week=before)] if weeks == 1 else []
    answer = client.post(url(two_open), shown)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["week"] is None
    assert ("Somebody else of the family was quicker" in page) == (weeks == 1)
    assert ("Another week has ended meanwhile" in page) == (weeks != 1)
    assert "This week cannot be signed now" in page
    assert "We were away." in page
    assert 'name="week"' not in page
    assert SIGN not in page
    assert [row.pk for row in WeekSignOff.objects.all()] == [row.pk for row in signed]
    assert SIGN in diary(cast, client), "the other week is still to be signed, there"


def test_a_refused_week_is_shown_again_and_no_other(cast: Cast, as_user: SignIn, two_open: Teaching) -> None:
    before, client = monday(cast) - WEEK, as_user(cast.user("guardian"))
    shown = {"week": before.isoformat(), "version": version(two_open, before), "note": "We were away."}
    make_entry(cast.student, cast.user("student"), minutes=5, practised_on=before)
    answer = client.post(url(two_open), shown)
    assert answer.context["week"].first == before
    assert f'name="week" value="{before.isoformat()}"' in answer.content.decode()
    again = shown | {"version": version(two_open, before)}
    assert client.post(url(two_open), again).status_code == 302
    row = WeekSignOff.objects.get()
    assert (row.week_on, row.minutes, row.note) == (before, 30, "We were away.")


def test_an_earlier_week_that_changed_since_is_asked_for_again(
    cast: Cast, as_user: SignIn, two_open: Teaching
) -> None:
    def firsts() -> list[object]:
        return [week.first for week in queries.asked_weeks_of(two_open, now=timezone.now())]

    before, client = monday(cast) - WEEK, as_user(cast.user("guardian"))
    sign(cast, two_open, week=before)
    assert firsts() == [monday(cast)]
    assert "Changed since." not in diary(cast, client)
    make_entry(cast.student, cast.user("student"), minutes=5, practised_on=before)
    assert firsts() == [monday(cast), before]
    page = diary(cast, client)
    assert "Changed since." in page
    assert "Sign it again" in page
    sign(cast, two_open, week=before)
    assert firsts() == [monday(cast)]


def test_the_list_says_what_has_changed_since(cast: Cast, as_user: SignIn) -> None:
    """Also of a week that is too old to be signed again; what is private makes no difference."""
    old, older = monday(cast) - 10 * WEEK, monday(cast) - 11 * WEEK
    for week in (old, older):
        make_sign_off(cast.teaching, week, cast.user("guardian"))
    client = as_user(cast.user("teacher"))
    make_entry(cast.student, cast.user("student"), practised_on=old, is_private=True)
    assert "Changed since." not in signed_list(cast, client)
    make_entry(cast.student, cast.user("student"), practised_on=old)
    page = signed_list(cast, client)
    assert page.count("Changed since.") == 1
    first, second = page.split('<h2 class="card-title">')[1:]
    assert "Changed since." in first
    assert "Changed since." not in second
