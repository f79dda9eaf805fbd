"""The history: the same page for everybody, each with what they may read."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import FocusArea, NewMark, PracticeEntry
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

READERS = ("student", "guardian", "teacher", "viewer")


def page(client: Client, cast: Cast, name: str, query: str = "") -> str:
    client.force_login(cast.user(name))
    answer = client.get(f"/students/{cast.student.pk}/diary/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> list[str]:
    """The entries on the page, in its order."""
    return [part[:36] for part in text.split('data-entry="')[1:]]


def test_each_reader_sees_what_they_may(client: Client, cast: Cast) -> None:
    all_three = {str(cast.entry.pk), str(cast.private_entry.pk), str(cast.addressed_entry.pk)}
    assert set(shown(page(client, cast, "student"))) == all_three
    assert set(shown(page(client, cast, "guardian"))) == all_three
    assert set(shown(page(client, cast, "teacher"))) == {str(cast.entry.pk)}
    assert set(shown(page(client, cast, "second_teacher"))) == all_three - {str(cast.private_entry.pk)}
    assert set(shown(page(client, cast, "viewer"))) == {str(cast.entry.pk)}


def test_what_is_new_is_sent_from_no_paragraph(client: Client, cast: Cast) -> None:
    """A browser ends a paragraph where a form begins, and what stood beside it falls below."""
    before = page(client, cast, "teacher").partition(" data-seen")[0]
    assert before.rpartition("<form")[2].endswith('entries/seen/"')
    assert re.findall(r"</?p[ >]", before)[-1] == "</p>"


@pytest.mark.parametrize(
    "name", ["former_teacher", "former_guardian", "expired_guest", "stranger", "superuser"]
)
def test_others_learn_nothing(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user(name))
    foreign = client.get(f"/students/{cast.student.pk}/diary/")
    absent = client.get(f"/students/{uuid4()}/diary/")
    assert (foreign.status_code, absent.status_code) == (404, 404)


def test_pages_follow_one_another_and_keep_the_filters(client: Client, cast: Cast) -> None:
    for _ in range(25):
        make_entry(
            cast.student,
            cast.user("student"),
            minutes=1,
            preparing_for_exam=True,
            lines=[Line("Fugue", minutes=1)],
        )
    client.force_login(cast.user("teacher"))
    first = client.get(f"/students/{cast.student.pk}/diary/?exam=1&view=table")
    assert len(first.context["rows"]) == 20
    assert "exam=1" in first.context["older_url"]
    assert "view=table" in first.context["older_url"]
    second = client.get(first.context["older_url"])
    assert len(second.context["rows"]) == 5
    assert second.context["older_url"] is None
    back = client.get(second.context["newer_url"])
    assert back.context["rows"] == first.context["rows"]


@pytest.mark.parametrize(
    "query",
    [
        "?page=zzz&from=garbage&teacher=x",
        "?from=2026-02-31",
        "?exam=perhaps",
        "?focus=nonsense",
        "?page=%00",
        "?teacher=00000000-0000-0000-0000-000000000000",
        "?to=99999-01-01",
    ],
)
@pytest.mark.parametrize("name", READERS)
def test_garbage_is_left_out_with_a_note(client: Client, cast: Cast, name: str, query: str) -> None:
    text = page(client, cast, name, query)
    assert "was not understood" in text
    assert str(cast.entry.pk) in shown(text)


def test_sense_survives_beside_garbage(client: Client, cast: Cast) -> None:
    tomorrow = cast.entry.practised_on + timedelta(days=1)
    text = page(client, cast, "student", f"?page=zzz&from={tomorrow}")
    assert shown(text) == []
    assert "Nothing fits" in text


def test_a_foreign_teaching_in_the_filter_is_as_good_as_garbage(client: Client, cast: Cast) -> None:
    query = f"?teacher={cast.second_teaching.pk}"
    assert "was not understood" in page(client, cast, "teacher", query)
    assert shown(page(client, cast, "guardian", query)) == [str(cast.addressed_entry.pk)]
    assert shown(page(client, cast, "second_teacher", query)) == [str(cast.addressed_entry.pk)]


def test_the_private_filter_is_the_familys(client: Client, cast: Cast) -> None:
    assert shown(page(client, cast, "student", "?private=1")) == [str(cast.private_entry.pk)]
    assert shown(page(client, cast, "teacher", "?private=1")) == [str(cast.entry.pk)]


@pytest.mark.parametrize(
    ("query", "content"),
    [
        ("?performance=1", {"preparing_for_performance": True}),
        ("?exam=on", {"preparing_for_exam": True}),
        ("?q=barCAROLLE", {"lines": [Line("Barcarolle")]}),
        ("?q=thumb", {"struggles": "The thumb is slow"}),
        ("?q=100%25", {"notes": "100% of the page"}),
    ],
)
def test_filters_find(client: Client, cast: Cast, query: str, content: dict[str, Any]) -> None:
    entry = make_entry(cast.student, cast.user("student"), **content)
    assert shown(page(client, cast, "teacher", query)) == [str(entry.pk)]


def test_the_focus_filter_finds(client: Client, cast: Cast) -> None:
    cast.entry.focus_areas.set(FocusArea.objects.filter(slug="rhythm"))
    assert shown(page(client, cast, "student", "?focus=rhythm")) == [str(cast.entry.pk)]


def test_days_given_the_wrong_way_round_are_turned(client: Client, cast: Cast) -> None:
    day = cast.entry.practised_on
    query = f"?from={day + timedelta(days=2)}&to={day - timedelta(days=2)}"
    assert len(shown(page(client, cast, "student", query))) == 3


@pytest.mark.parametrize(
    ("name", "sessions", "minutes"), [("student", 3, 90), ("teacher", 1, 30), ("second_teacher", 2, 60)]
)
@pytest.mark.parametrize("query", ["", "?from=2000-01-01", "?to=2999-01-01", "?q=minuet"])
def test_the_figures_are_those_of_the_reader_by_days_and_by_entries(
    client: Client, cast: Cast, name: str, sessions: int, minutes: int, query: str
) -> None:
    client.force_login(cast.user(name))
    figures = client.get(f"/students/{cast.student.pk}/diary/{query}").context["statistics"]
    assert (figures.total_sessions, figures.total_minutes, figures.last_seven_days_minutes) == (
        sessions,
        minutes,
        minutes,
    )
    assert figures.average_minutes == 30


def test_day_headings_sum_the_whole_day_as_the_reader_counts_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    rows = client.get(f"/students/{cast.student.pk}/diary/").context["rows"]
    assert {vars(row)["day_minutes"] for row in rows} == {90}
    client.force_login(cast.user("teacher"))
    rows = client.get(f"/students/{cast.student.pk}/diary/").context["rows"]
    assert {vars(row)["day_minutes"] for row in rows} == {30}
    assert "1 h 30 min" in page(client, cast, "guardian")


def test_the_empty_page_teaches_the_first_step(client: Client, db: None) -> None:
    user = make_user("Lone")
    student = make_student("Lone", user=user)
    client.force_login(user)
    text = client.get(f"/students/{student.pk}/diary/").content.decode()
    assert "The first page is still empty" in text
    assert f"/students/{student.pk}/diary/log/" in text
    assert f'action="/students/{student.pk}/diary/quick/"' in text


def test_a_teacher_of_an_empty_diary_is_not_asked_to_log(client: Client, cast: Cast) -> None:
    services.delete_entry(entry=cast.entry, by=cast.user("student"), now=timezone.now())
    text = page(client, cast, "teacher")
    assert "Nothing here yet" in text
    assert "/diary/log/" not in text


def test_the_family_reads_who_sees_the_diary(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    readers = client.get(f"/students/{cast.student.pk}/diary/").context["readers"]
    others = [
        cast.student.name,
        str(cast.user("second_guardian")),
        *(f"{cast.user(name)} (teacher)" for name in ("teacher", "second_teacher")),
        *(f"{cast.user(name)} (guest)" for name in ("viewer", "commenter", "logger")),
    ]
    assert (readers[0], set(readers[1:]), len(readers)) == ("you", set(others), 8)
    assert "Second Guardian" not in page(client, cast, "teacher")


def test_the_table_shows_the_same_entries(client: Client, cast: Cast) -> None:
    services.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(
            practised_on=cast.entry.practised_on,
            minutes=30,
            description="Only words, no line",
            preparing_for_exam=True,
            preparing_for_performance=True,
        ),
        now=timezone.now(),
    )
    text = page(client, cast, "student", "?view=table")
    assert set(shown(text)) == {str(pk) for pk in PracticeEntry.objects.values_list("pk", flat=True)}
    assert "Only words, no line" in text
    assert "Private" in text


# New marks


def marks(text: str) -> list[str]:
    """What the page would send as seen."""
    return re.findall(r'name="mark" value="(\d+)"', text)


def test_new_entries_can_be_marked_as_seen(client: Client, cast: Cast) -> None:
    text = page(client, cast, "teacher")
    assert "Mark as seen" in text
    assert f'data-of="{cast.entry.pk}"' in text
    answer = client.post("/entries/seen/", {"mark": marks(text), "next": "/studio/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/studio/")
    assert not NewMark.objects.filter(teaching=cast.teaching).exists()
    assert NewMark.objects.filter(teaching=cast.second_teaching).count() == 2
    assert "Mark as seen" not in page(client, cast, "teacher")


def test_an_entry_that_is_new_for_two_instruments_is_seen_once_for_both(client: Client, cast: Cast) -> None:
    make_teaching(cast.user("teacher"), cast.student, "Organ")
    entry = make_entry(cast.student, cast.user("student"))
    client.force_login(cast.user("teacher"))
    shown = marks(client.get(f"/entries/{entry.pk}/").content.decode())
    assert len(shown) == 2
    client.post("/entries/seen/", {"mark": shown})
    assert not NewMark.objects.filter(entry=entry, teaching__teacher=cast.user("teacher")).exists()


def test_the_script_gets_an_empty_answer(client: Client, cast: Cast) -> None:
    sent = {"mark": marks(page(client, cast, "teacher"))}
    answer = client.post("/entries/seen/", sent, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not NewMark.objects.filter(teaching=cast.teaching).exists()


@pytest.mark.parametrize("mark", ["", "x", "-1", "0", "1.5", "9" * 18, "9" * 19, "9" * 5000, "²", "\x00"])
def test_what_is_no_mark_takes_nothing_away(client: Client, cast: Cast, mark: str) -> None:
    before = NewMark.objects.count()
    client.force_login(cast.user("teacher"))
    answer = client.post("/entries/seen/", {"mark": mark, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/home/"
    assert NewMark.objects.count() == before


def test_marks_of_others_stay(client: Client, cast: Cast) -> None:
    before = NewMark.objects.count()
    shown = marks(page(client, cast, "teacher"))
    assert shown
    for name in ("guardian", "student", "second_teacher", "former_teacher", "stranger"):
        client.force_login(cast.user(name))
        client.post("/entries/seen/", {"mark": shown})
    assert NewMark.objects.count() == before


def test_a_read_marks_nothing(client: Client, cast: Cast) -> None:
    before = NewMark.objects.count()
    page(client, cast, "teacher")
    assert client.get("/entries/seen/").status_code == 405
    assert NewMark.objects.count() == before
