"""What a change of lessons leaves alone: what was, what is noted, and whose clocks it was planned by."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.lessons import services
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.models import Attendance, Lesson
from apps.private_teaching.models import Teaching
from apps.repertoire.services import GoneMeanwhile
from tests.conftest import Cast
from tests.factories.lessons import place_lesson
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
NOW = datetime(2027, 3, 10, tzinfo=UTC)


def test_a_lesson_that_took_place_is_not_called_off_for_one_that_is_noted_later(cast: Cast) -> None:
    """Of lessons that ended only what was still to come gives its time away."""
    begin = timezone.now().replace(microsecond=0) - timedelta(days=2)
    over = place_lesson(cast.teaching, begin)
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=begin + timedelta(days=1))
    other = make_teaching(cast.user("teacher"), cast.student, "Flute")
    teacher = cast.user("teacher")
    wall = begin.astimezone(ZoneInfo(teacher.time_zone)).replace(tzinfo=None)
    with pytest.raises(services.LessonOverlaps):
        services.plan_lesson(
            key=uuid4(),
            teaching=other,
            by=teacher,
            content=LessonContent(wall=wall, minutes=30),
            now=timezone.now(),
        )
    over.refresh_from_db()
    assert over.cancelled_at is None


def test_moved_abroad_it_is_on_the_clocks_there(cast: Cast) -> None:
    teacher = cast.user("teacher")
    content = LessonContent(wall=datetime(2027, 3, 18, 15, 30), minutes=30)
    lesson = services.plan_lesson(key=uuid4(), teaching=cast.teaching, by=teacher, content=content, now=NOW)
    teacher.time_zone = "America/New_York"
    teacher.save(update_fields=["time_zone"])
    services.change_lesson(
        lesson=lesson,
        by=teacher,
        content=LessonContent(wall=datetime(2027, 3, 19, 9), minutes=30),
        reason="",
        version=None,
        now=NOW,
    )
    lesson.refresh_from_db()
    assert lesson.time_zone == "America/New_York"
    assert lesson.wall == datetime(2027, 3, 19, 9)


def test_of_those_that_follow_the_one_whose_attendance_is_noted_stays(cast: Cast) -> None:
    rows = services.plan_series(
        key=uuid4(),
        teaching=cast.teaching,
        by=cast.teaching.teacher,
        content=LessonContent(wall=datetime(2027, 3, 18, 15, 30), minutes=30),
        repeat=Repeat(weeks=1, until=date(2027, 4, 8)),
        now=NOW,
    ).lessons
    Lesson.objects.filter(pk=rows[2].pk).update(attendance=Attendance.EXCUSED)
    services.cancel_lesson(lesson=rows[0], by=rows[0].teacher, reason="", now=NOW, following=True)
    left = Lesson.objects.filter(cancelled_at=None)
    assert [row.pk for row in left] == [rows[2].pk]


class TestWhoWasThere:
    """Noted by one press in the week."""

    def test_one_press_notes_it_and_leaves_the_words(self, cast: Cast, as_user: SignIn) -> None:
        begin = timezone.now() - timedelta(hours=2)
        lesson = place_lesson(cast.teaching, begin, shared_note="Slowly")
        client, week = as_user(cast.user("teacher")), reverse("lessons:week")
        html = client.get(week).content.decode()
        assert f'action="{reverse("lessons:lesson-attendance", args=[lesson.pk])}"' in html
        answer = press(client, lesson, "late", next=f"{week}#lesson-{lesson.pk}")
        assert answer == f"{week}#lesson-{lesson.pk}"
        lesson.refresh_from_db()
        assert (lesson.attendance, lesson.shared_note) == ("late", "Slowly")
        assert reverse("lessons:lesson-attendance", args=[lesson.pk]) not in client.get(week).content.decode()

    @pytest.mark.parametrize(
        ("hours", "said"), [(5, "present"), (-2, "no such thing"), (-2, "")], ids=["to come", "odd", "empty"]
    )
    def test_what_cannot_be_is_not_noted(self, cast: Cast, as_user: SignIn, hours: int, said: str) -> None:
        before = "" if hours > 0 else Attendance.LATE
        lesson = place_lesson(cast.teaching, timezone.now() + timedelta(hours=hours), attendance=before)
        client = as_user(cast.user("teacher"))
        press(client, lesson, said)
        assert "once the lesson has begun" in client.get(reverse("lessons:week")).content.decode()
        lesson.refresh_from_db()
        assert lesson.attendance == before

    @pytest.mark.parametrize(("minutes", "is_asked"), [(14, True), (16, False)])
    def test_who_comes_early_is_noted_early(
        self, cast: Cast, as_user: SignIn, minutes: int, is_asked: bool
    ) -> None:
        """The week asks exactly where the form offers it and the service takes it."""
        lesson = place_lesson(cast.teaching, timezone.now() + timedelta(minutes=minutes))
        client = as_user(cast.user("teacher"))
        day = f"?week={timezone.localtime(lesson.starts_at, ZoneInfo(lesson.teacher.time_zone)).date()}"
        html = client.get(reverse("lessons:week") + day).content.decode()
        form = client.get(reverse("lessons:lesson-notes", args=[lesson.pk])).content.decode()
        assert ('name="attendance" value="present"' in html) is is_asked
        assert ('value="present"' in form) is is_asked
        press(client, lesson, "present")
        lesson.refresh_from_db()
        assert (lesson.attendance == "present") is is_asked

    def test_beforehand_somebody_may_excuse_themselves(self, cast: Cast, as_user: SignIn) -> None:
        lesson = place_lesson(cast.teaching, timezone.now() + timedelta(hours=5))
        press(as_user(cast.user("teacher")), lesson, "excused")
        lesson.refresh_from_db()
        assert lesson.attendance == Attendance.EXCUSED

    def test_of_what_is_called_off_nobody_is_asked(self, cast: Cast, as_user: SignIn) -> None:
        begin = timezone.now() - timedelta(hours=2)
        lesson = place_lesson(cast.teaching, begin, cancelled_at=begin)
        client = as_user(cast.user("teacher"))
        notes = reverse("lessons:lesson-notes", args=[lesson.pk])
        assert "id_attendance" not in client.get(notes).content.decode()
        client.post(notes, {"version": lesson.version, "shared_note": "The strings are old", "own_note": ""})
        press(client, lesson, "present")
        lesson.refresh_from_db()
        assert (lesson.attendance, lesson.shared_note) == ("", "The strings are old")

    def test_the_form_of_a_lesson_to_come_offers_what_can_be(self, cast: Cast, as_user: SignIn) -> None:
        lesson = place_lesson(cast.teaching, timezone.now() + timedelta(hours=5))
        notes = reverse("lessons:lesson-notes", args=[lesson.pk])
        html = as_user(cast.user("teacher")).get(notes).content.decode()
        assert ('value="excused"' in html, 'value="present"' in html) == (True, False)

    def test_nothing_more_when_the_lessons_ended_meanwhile(self, cast: Cast) -> None:
        lesson = place_lesson(cast.teaching, timezone.now() - timedelta(hours=2))
        Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
        with pytest.raises(GoneMeanwhile):
            services.note_attendance(
                lesson=lesson, by=cast.user("teacher"), attendance="present", now=timezone.now()
            )
        lesson.refresh_from_db()
        assert lesson.attendance == ""


def press(client: Client, lesson: Lesson, said: str, **more: str) -> str:
    address = reverse("lessons:lesson-attendance", args=[lesson.pk])
    answer = client.post(address, {"attendance": said, **more})
    assert answer.status_code == 302
    return answer["Location"]
