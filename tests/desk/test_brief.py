"""One pupil on one screen: what happened since the last lesson, and only what is the teacher's to read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.assignments.models import Assignment
from apps.desk.queries import Brief, brief_of
from apps.lessons.models import Attendance, Lesson, OwnNote
from apps.practice.content import Line
from apps.practice.models import PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work
from tests.factories.lessons import make_lesson, place_lesson, write_notes
from tests.factories.practice import make_entry

AsUser = Callable[[User], Client]
NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def brief(cast: Cast, who: str = "teacher", now: datetime = NOW) -> Brief:
    found = brief_of(cast.user(who), cast.student, now=now)
    assert found is not None
    return found


def log(cast: Cast, days_ago: int, **content: Any) -> None:
    make_entry(cast.student, cast.user("guardian"), now=NOW - days_ago * DAY, **content)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """With an empty diary: its days are those of this file's own clock."""
    PracticeEntry.objects.all().delete()
    PracticeDay.objects.all().delete()
    return cast


@pytest.fixture
def week(cast: Cast) -> Cast:
    """A lesson a week ago and one in an hour."""
    place_lesson(cast.teaching, NOW - 7 * DAY, shared_note="Bars 9 to 16")
    place_lesson(cast.teaching, NOW + HOUR)
    return cast


class TestSince:
    def test_from_the_last_lesson_on(self, week: Cast) -> None:
        log(week, 9, minutes=50)
        log(week, 6, minutes=20)
        log(week, 1, minutes=25)
        log(week, 1, minutes=5)
        found = brief(week)
        assert str(found.since) == "2026-11-11"
        assert (found.sessions, found.minutes, found.days) == (3, 50, 2)
        assert found.last is not None
        assert found.last.shared_note == "Bars 9 to 16"

    def test_a_lesson_that_did_not_take_place_is_not_the_last(self, week: Cast) -> None:
        for attendance in (Attendance.MISSED, Attendance.EXCUSED, Attendance.TEACHER_AWAY):
            place_lesson(week.teaching, NOW - (2 + len(attendance)) * HOUR, attendance=attendance, minutes=5)
        place_lesson(week.teaching, NOW - DAY, cancelled_at=NOW)
        found = brief(week)
        assert found.last is not None
        assert found.last.starts_at == NOW - 7 * DAY

    def test_the_lesson_at_hand_is_todays_also_when_it_is_over(self, week: Cast) -> None:
        found = brief(week)
        assert found.lesson is not None
        assert found.lesson.starts_at == NOW + HOUR
        later = brief(week, now=NOW + 6 * HOUR)
        assert later.lesson == found.lesson
        assert later.last == found.last
        assert brief(week, now=NOW + 3 * DAY).lesson is None

    def test_without_lessons_two_weeks(self, cast: Cast) -> None:
        found = brief(cast)
        assert (str(found.since), found.last, found.lesson) == ("2026-11-04", None, None)

    def test_only_own_lessons(self, cast: Cast) -> None:
        place_lesson(cast.second_teaching, NOW - DAY, shared_note="Another's")
        assert brief(cast).last is None


class TestFacts:
    def test_lines_words_and_questions(self, week: Cast) -> None:
        log(week, 3, lines=[Line("Minuet", minutes=10, tempo=80), Line("Scales")], struggles="The trill")
        log(week, 2, lines=[Line("minuet", minutes=5, tempo=92)], minutes=5, achievements="It sings")
        entry = make_entry(week.student, week.user("guardian"), now=NOW - DAY)
        words: dict[str, Any] = {"entry": entry, "thread": None, "now": NOW - HOUR}
        add_comment(
            key=uuid4(), by=week.user("guardian"), role=AuthorRole.GUARDIAN, body="Which fingering?", **words
        )
        add_comment(
            key=uuid4(), by=week.user("teacher"), role=AuthorRole.TEACHER, body="Second finger", **words
        )
        found = brief(week)
        rows = {row.title.casefold(): (row.sessions, row.minutes, row.tempo) for row in found.practised}
        assert rows["minuet"] == (2, 15, 92)
        assert rows["scales"] == (1, 0, 0)
        assert [entry.struggles for entry in found.hard] == ["The trill"]
        assert [entry.achievements for entry in found.well] == ["It sings"]
        assert [comment.body for comment in found.said] == ["Which fingering?"]

    def test_what_is_open_and_what_was_done_since(self, week: Cast) -> None:
        now = timezone.now()
        for title in ("Old and done", "Open", "Done lately"):
            make_assignment(week.teaching, title)
        for title in ("Old and done", "Done lately"):
            work(step_of(Assignment.objects.get(title=title)), week.user("student"))
        old = Assignment.objects.get(title="Old and done").steps.get().completions.get()
        old.done_on = week.student.today(now) - 60 * DAY
        old.save()
        found = brief(week, now=now)
        assert {each.row.title for each in found.assignments} == {"Open", "Done lately"}

    def test_what_is_private_or_another_teachers_makes_no_difference(self, week: Cast) -> None:
        log(week, 2, minutes=20, struggles="The trill")
        before = brief(week)
        log(week, 1, minutes=45, struggles="Secret", is_private=True, lines=[Line("Secret piece")])
        log(week, 1, minutes=45, struggles="Not yours", addressed_to=week.second_teaching)
        make_assignment(week.second_teaching, "Not yours")
        after = brief(week)
        assert (after.minutes, after.practised, after.hard) == (before.minutes, before.practised, before.hard)
        assert after.assignments == []

    def test_a_private_note_is_its_writers(self, week: Cast) -> None:
        last = Lesson.objects.order_by("starts_at")[0]
        OwnNote.objects.create(lesson=last, author=week.user("teacher"), body="Tired", changed_at=NOW)
        assert brief(week).last_own_note == "Tired"
        assert brief(week, "second_teacher").last_own_note == ""

    def test_no_pupil_no_brief(self, week: Cast) -> None:
        assert brief_of(week.user("guardian"), week.student, now=NOW) is None
        Teaching.objects.update(ended_at=NOW)
        assert brief_of(week.user("teacher"), week.student, now=NOW) is None


class TestPage:
    def test_notes_and_assignments_are_written_beside_it_and_come_back(
        self, cast: Cast, as_user: AsUser
    ) -> None:
        write_notes(make_lesson(cast.teaching, timezone.now() + HOUR), own_note="For me alone")
        client, url = as_user(cast.user("teacher")), reverse("desk:brief", args=[cast.student.pk])
        page = client.get(url)
        assert "For me alone" in page.content.decode()
        notes = {"attendance": "excused", "shared_note": "Bars 1 to 8", "own_note": "", "next": url}
        notes["version"] = page.context["notes_form"].initial["version"]
        lesson = Lesson.objects.get()
        assert client.post(reverse("lessons:lesson-notes", args=[lesson.pk]), notes).url == url  # type: ignore[attr-defined]
        lesson.refresh_from_db()
        assert lesson.shared_note == "Bars 1 to 8"
        sent = {
            "key": str(uuid4()),
            "title": "Minuet",
            "students": [str(cast.teaching.pk)],
            "next": url,
            "steps-TOTAL_FORMS": "1",
            "steps-INITIAL_FORMS": "0",
            "steps-0-label": TEN_TIMES.label,
            "steps-0-kind": "repetitions",
            "steps-0-goal": "10",
        }
        assert client.post(reverse("assignments:assignment-add"), sent).url == url  # type: ignore[attr-defined]
        html = client.get(url).content.decode()
        assert "Minuet" in html
        assert "0 of 10 times" in html
        assert "Bars 1 to 8" in html

    @pytest.mark.parametrize(("who", "status"), [("guardian", 403), ("viewer", 403), ("stranger", 404)])
    def test_nobody_else_gets_in(self, cast: Cast, as_user: AsUser, who: str, status: int) -> None:
        assert (
            as_user(cast.user(who)).get(reverse("desk:brief", args=[cast.student.pk])).status_code == status
        )

    def test_a_pupil_of_whom_nothing_is_known_yet(self, cast: Cast, as_user: AsUser) -> None:
        html = (
            as_user(cast.user("teacher")).get(reverse("desk:brief", args=[cast.student.pk])).content.decode()
        )
        assert "Nothing is open." in html
        assert "Plan a lesson" in html
