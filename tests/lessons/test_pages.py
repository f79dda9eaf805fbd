"""The pages of lessons, as each of their readers meets them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.lessons.models import Lesson, OwnNote
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.lessons import make_lesson, place_lesson, write_notes
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def shown(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def sent(cast: Cast, **fields: Any) -> dict[str, Any]:
    day = (timezone.now() + 3 * DAY).date().isoformat()
    usual = {"key": "5b0c3f52-8a6f-4c7e-9d1c-2f6a2f3f8a11", "teaching": str(cast.teaching.pk)}
    return usual | {"day": day, "time": "15:30", "minutes": "30", "place": "Room 3", "link": ""} | fields


@pytest.mark.parametrize(
    ("who", "page"), [("student", "home:student"), ("guardian", "parent_portal:overview")]
)
class TestNextLesson:
    def test_the_next_one_stands_on_the_first_page(
        self, cast: Cast, as_user: SignIn, who: str, page: str
    ) -> None:
        make_lesson(cast.teaching, timezone.now() + 9 * DAY, place="Later room")
        lesson = make_lesson(cast.teaching, place="Next room")
        html = shown(as_user(cast.user(who)), page)
        assert "Next lesson:" in html
        assert reverse("lessons:lesson-detail", args=[lesson.pk]) in html
        assert ("Next room" in html, "Later room" in html) == (True, False)

    @pytest.mark.parametrize("change", ["cancelled_at", "deleted_at"])
    def test_none_that_is_called_off(
        self, cast: Cast, as_user: SignIn, who: str, page: str, change: str
    ) -> None:
        make_lesson(cast.teaching)
        Lesson.objects.update(**{change: timezone.now()})
        assert "Next lesson:" not in shown(as_user(cast.user(who)), page)

    @pytest.mark.parametrize("change", ["ended_at", "paused_at"])
    def test_none_of_lessons_that_ended_or_pause(
        self, cast: Cast, as_user: SignIn, who: str, page: str, change: str
    ) -> None:
        make_lesson(cast.teaching)
        Teaching.objects.filter(pk=cast.teaching.pk).update(**{change: timezone.now()})
        assert "Next lesson:" not in shown(as_user(cast.user(who)), page)

    def test_none_of_another_child(self, cast: Cast, as_user: SignIn, who: str, page: str) -> None:
        make_lesson(Teaching.objects.get(student=cast.other_student))
        assert "Next lesson:" not in shown(as_user(cast.user(who)), page)


class TestWeek:
    def test_a_day_begins_at_the_readers_midnight(self, cast: Cast, as_user: SignIn) -> None:
        teacher = cast.user("teacher")
        User.objects.filter(pk=teacher.pk).update(time_zone="America/New_York")
        place_lesson(cast.teaching, datetime(2027, 1, 11, 4, 30, tzinfo=UTC), place="Sunday night")
        assert "Sunday night" in shown(as_user(teacher), "lessons:week", query="?week=2027-01-10")
        assert "Sunday night" not in shown(as_user(teacher), "lessons:week", query="?week=2027-01-11")

    def test_other_peoples_weeks_are_theirs(self, cast: Cast, as_user: SignIn) -> None:
        make_lesson(cast.teaching, timezone.now(), place="Room 3")
        for who in ("second_teacher", "guardian", "stranger"):
            assert "Room 3" not in shown(as_user(cast.user(who)), "lessons:week")

    @pytest.mark.parametrize("week", ["never", "2999-12-31", "2000-01-01", "0001-01-01"])
    def test_any_address_shows_a_week(self, cast: Cast, as_user: SignIn, week: str) -> None:
        assert "No lessons this week" in shown(
            as_user(cast.user("teacher")), "lessons:week", query=f"?week={week}"
        )


class TestPlanning:
    def test_a_lesson_is_planned(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        answer = client.post(reverse("lessons:lesson-add"), sent(cast))
        lesson = Lesson.objects.get()
        assert answer["Location"] == reverse("lessons:lesson-detail", args=[lesson.pk])
        assert (lesson.teaching, lesson.place) == (cast.teaching, "Room 3")

    def test_another_ones_time_is_said_beside_it_and_nothing_typed_is_lost(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        client = as_user(cast.user("teacher"))
        client.post(reverse("lessons:lesson-add"), sent(cast))
        make_teaching(cast.user("teacher"), make_student("Ben"))
        ben = Teaching.objects.get(student__name="Ben")
        second = sent(cast, key="6b0c3f52-8a6f-4c7e-9d1c-2f6a2f3f8a12", teaching=str(ben.pk), place="Room 4")
        answer = client.post(reverse("lessons:lesson-add"), second)
        assert Lesson.objects.count() == 1
        [words] = answer.context["form"].errors["time"]
        assert words.startswith(f"You have a lesson with {cast.student.name} then:")
        assert 'value="Room 4"' in answer.content.decode()

    def test_an_hour_that_does_not_exist_is_moved_and_said(self, cast: Cast, as_user: SignIn) -> None:
        teacher = cast.user("teacher")
        User.objects.filter(pk=teacher.pk).update(time_zone="Europe/Berlin")
        client = as_user(teacher)
        fields = sent(cast, day="2027-03-28", time="02:30")
        answer = client.post(reverse("lessons:lesson-add"), fields, follow=True)
        assert Lesson.objects.get().starts_at == datetime(2027, 3, 28, 1, tzinfo=UTC)
        assert (
            "The clocks are put forward then, so the lesson begins at 28 Mar, 03:00."
            in answer.content.decode()
        )

    def test_nobody_plans_for_another_ones_pupil(self, cast: Cast, as_user: SignIn) -> None:
        for who in ("second_teacher", "guardian", "former_teacher"):
            answer = as_user(cast.user(who)).post(reverse("lessons:lesson-add"), sent(cast))
            assert answer.status_code == 200
        assert not Lesson.objects.exists()

    def test_a_note_of_fifty_thousand_characters_comes_back_whole(self, cast: Cast, as_user: SignIn) -> None:
        lesson, words = make_lesson(cast.teaching), "x" * 50_000
        answer = as_user(cast.user("teacher")).post(
            reverse("lessons:lesson-notes", args=[lesson.pk]), {"shared_note": words, "version": ""}
        )
        assert "shared_note" in answer.context["form"].errors
        assert words in answer.content.decode()
        lesson.refresh_from_db()
        assert lesson.shared_note == ""


class TestOneLesson:
    def test_the_family_reads_its_note_and_nothing_private(self, cast: Cast, as_user: SignIn) -> None:
        lesson = make_lesson(cast.teaching)
        write_notes(lesson, shared_note="Bars 9 to 16", own_note="Call the mother")
        page = ("lessons:lesson-detail", lesson.pk)
        teachers = shown(as_user(cast.user("teacher")), *page)
        assert ("Bars 9 to 16" in teachers, "Call the mother" in teachers) == (True, True)
        for who in ("student", "guardian", "second_guardian"):
            html = shown(as_user(cast.user(who)), *page)
            assert ("Bars 9 to 16" in html, "Call the mother" in html) == (True, False)
        assert OwnNote.objects.count() == 1

    def test_two_clocks_are_both_named(self, cast: Cast, as_user: SignIn) -> None:
        lesson = place_lesson(cast.teaching, datetime(2027, 1, 11, 15, tzinfo=UTC))
        Lesson.objects.update(time_zone="America/New_York")
        guardian = cast.user("guardian")
        User.objects.filter(pk=guardian.pk).update(time_zone="Asia/Tokyo")
        html = shown(as_user(guardian), "lessons:lesson-detail", lesson.pk)
        assert "Tue, 12 Jan 2027, 00:00" in html
        assert "10:00 on the teacher" in html

    def test_a_move_stays_readable(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        client.post(reverse("lessons:lesson-add"), sent(cast))
        lesson = Lesson.objects.get()
        edit = reverse("lessons:lesson-edit", args=[lesson.pk])
        client.post(edit, sent(cast, time="16:00", reason="A concert", version=lesson.version))
        html = shown(as_user(cast.user("guardian")), "lessons:lesson-detail", lesson.pk)
        assert ("A concert" in html, "moved, it was to be on" in html) == (True, True)

    def test_older_ones_are_a_page_further(self, cast: Cast, as_user: SignIn) -> None:
        for number in range(21):
            place_lesson(cast.teaching, timezone.now() - (number + 1) * DAY, place=f"Room {number:02}")
        client = as_user(cast.user("student"))
        first = client.get(reverse("lessons:student-lessons", args=[cast.student.pk]))
        assert ("Room 19" in first.content.decode(), "Room 20" in first.content.decode()) == (True, False)
        older = first.context["lessons"].older_url
        assert "Room 20" in shown(client, "lessons:student-lessons", cast.student.pk, query=older)


class TestCopying:
    def test_the_next_one_is_like_this_one_a_week_later(self, cast: Cast, as_user: SignIn) -> None:
        lesson = make_lesson(cast.teaching, minutes=45, place="Room 3", link="https://video.example/mia")
        client = as_user(cast.user("teacher"))
        answer = client.get(reverse("lessons:lesson-add"), {"like": str(lesson.pk)})
        initial = answer.context["form"].initial
        assert initial["day"] == (lesson.starts_at + timedelta(weeks=1)).date()
        kept = (initial["teaching"], initial["time"], initial["minutes"], initial["place"], initial["link"])
        assert kept == (
            str(cast.teaching.pk),
            lesson.starts_at.time(),
            45,
            "Room 3",
            "https://video.example/mia",
        )

    def test_after_a_break_it_is_not_in_the_past(self, cast: Cast, as_user: SignIn) -> None:
        lesson = place_lesson(cast.teaching, timezone.now() - 20 * DAY)
        answer = as_user(cast.user("teacher")).get(reverse("lessons:lesson-add"), {"like": str(lesson.pk)})
        assert answer.context["form"].initial["day"] == (timezone.now() + DAY).date()

    @pytest.mark.parametrize("like", ["", "never", "00000000-0000-4000-8000-000000000000"])
    def test_of_nothing_an_empty_form(self, cast: Cast, as_user: SignIn, like: str) -> None:
        answer = as_user(cast.user("teacher")).get(reverse("lessons:lesson-add"), {"like": like})
        assert "place" not in answer.context["form"].initial

    def test_another_ones_lesson_is_like_none(self, cast: Cast, as_user: SignIn) -> None:
        lesson = make_lesson(cast.teaching, place="Room 3")
        client = as_user(cast.user("second_teacher"))
        answer = client.get(reverse("lessons:lesson-add"), {"like": str(lesson.pk)})
        assert "place" not in answer.context["form"].initial

    def test_the_last_note_is_taken_over_when_asked_for(self, cast: Cast, as_user: SignIn) -> None:
        write_notes(place_lesson(cast.teaching, timezone.now() - 7 * DAY), shared_note="Bars 9 to 16")
        lesson = place_lesson(cast.teaching, timezone.now() - DAY)
        client, page = as_user(cast.user("teacher")), reverse("lessons:lesson-notes", args=[lesson.pk])
        assert "Bars 9 to 16" not in client.get(page).content.decode()
        assert "Bars 9 to 16" in client.get(page, {"copy": "1"}).content.decode()
        write_notes(lesson, shared_note="Something else")
        assert "Bars 9 to 16" not in client.get(page, {"copy": "1"}).content.decode()
