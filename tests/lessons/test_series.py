"""Lessons that come back: planned, moved and called off together, each on its time of the wall."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.utils import timezone

from apps.lessons import services
from apps.lessons.content import LessonContent, Repeat
from apps.lessons.models import Lesson, LessonChange
from apps.lessons.services import LessonOverlaps, Planned
from apps.notifications.services import deliver_due
from apps.repertoire.services import KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.lessons import make_lesson, place_lesson, write_notes
from tests.factories.private_teaching import make_teaching

# Before the clocks of Berlin are put forward, on 28 March 2027.
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
WALL = datetime(2027, 3, 18, 15, 30)
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _in_berlin(cast: Cast) -> None:
    teacher = cast.user("teacher")
    teacher.time_zone = "Europe/Berlin"
    teacher.save(update_fields=["time_zone"])


def plan(
    cast: Cast, *, weeks: int = 1, until: date = date(2027, 4, 8), key: UUID | None = None, minutes: int = 30
) -> Planned:
    return services.plan_series(
        key=key or uuid4(),
        teaching=cast.teaching,
        by=cast.user("teacher"),
        content=LessonContent(wall=WALL, minutes=minutes, place="Room 3"),
        repeat=Repeat(weeks=weeks, until=until),
        now=NOW,
    )


def walls() -> list[str]:
    rows = Lesson.objects.standing().order_by("starts_at")
    return [f"{each.wall:%d %b %H:%M}" for each in rows]


def change(lesson: Lesson, wall: datetime, *, following: bool = True) -> Lesson:
    return services.change_lesson(
        lesson=lesson,
        by=lesson.teacher,
        content=LessonContent(wall=wall, minutes=30, place="Room 3"),
        reason="",
        version=None,
        following=following,
        now=NOW,
    )


def mails() -> list[str]:
    mail.outbox = []
    deliver_due(clock=lambda: NOW, limit=200)
    return [str(message.body) for message in mail.outbox]


class TestPlanning:
    def test_the_wall_time_stays_when_the_clocks_change(self, cast: Cast) -> None:
        planned = plan(cast)
        assert walls() == ["18 Mar 15:30", "25 Mar 15:30", "01 Apr 15:30", "08 Apr 15:30"]
        assert [each.starts_at.hour for each in planned.lessons] == [14, 14, 13, 13]
        assert {each.series for each in planned.lessons} == {planned.lessons[0].pk}

    def test_every_two_weeks(self, cast: Cast) -> None:
        plan(cast, weeks=2)
        assert walls() == ["18 Mar 15:30", "01 Apr 15:30"]

    def test_the_same_key_plans_once(self, cast: Cast) -> None:
        key = uuid4()
        assert plan(cast, key=key).lessons == plan(cast, key=key).lessons
        assert Lesson.objects.count() == 4
        with pytest.raises(KeyIsTaken):
            plan(cast, key=key, minutes=45)

    def test_what_meets_another_lesson_is_left_out_and_named(self, cast: Cast) -> None:
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        place_lesson(other, datetime(2027, 4, 1, 13, 45, tzinfo=UTC))
        planned = plan(cast)
        assert [each.isoformat() for each in planned.left_out] == ["2027-04-01T13:30:00+00:00"]
        assert len(planned.lessons) == 3

    def test_the_first_one_must_find_room(self, cast: Cast) -> None:
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        place_lesson(other, datetime(2027, 3, 18, 14, 30, tzinfo=UTC))
        with pytest.raises(LessonOverlaps):
            plan(cast)
        assert Lesson.objects.count() == 1


class TestMovingWhatFollows:
    def test_this_one_alone(self, cast: Cast) -> None:
        _first, second, *_rest = plan(cast).lessons
        change(second, datetime(2027, 3, 26, 16), following=False)
        assert walls() == ["18 Mar 15:30", "26 Mar 16:00", "01 Apr 15:30", "08 Apr 15:30"]

    def test_this_one_and_those_that_follow(self, cast: Cast) -> None:
        _first, second, *_rest = plan(cast).lessons
        change(second, datetime(2027, 3, 26, 16))
        assert walls() == ["18 Mar 15:30", "26 Mar 16:00", "02 Apr 16:00", "09 Apr 16:00"]
        assert LessonChange.objects.count() == 3

    @pytest.mark.parametrize("days", [7, -7])
    def test_a_whole_week_meets_none_of_its_own(self, cast: Cast, days: int) -> None:
        first, second, *_rest = plan(cast).lessons
        services.cancel_lesson(lesson=first, by=first.teacher, reason="", now=NOW)
        change(second, second.wall + timedelta(days=days))
        moved = {7: ["01 Apr", "08 Apr", "15 Apr"], -7: ["18 Mar", "25 Mar", "01 Apr"]}[days]
        assert walls() == [f"{day} 15:30" for day in moved]

    def test_all_of_them_or_none(self, cast: Cast) -> None:
        first, *_rest = plan(cast).lessons
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        place_lesson(other, datetime(2027, 4, 1, 14, 0, tzinfo=UTC))
        before = walls()
        with pytest.raises(LessonOverlaps):
            change(first, WALL.replace(hour=16, minute=0))
        assert walls() == before
        assert not LessonChange.objects.exists()

    def test_what_is_noted_already_stays(self, cast: Cast) -> None:
        first, second, *_rest = plan(cast).lessons
        write_notes(second, own_note="Bring the violin")
        change(first, WALL.replace(hour=16, minute=0))
        assert walls() == ["18 Mar 16:00", "25 Mar 15:30", "01 Apr 16:00", "08 Apr 16:00"]

    def test_the_family_gets_one_mail(self, cast: Cast) -> None:
        first, *_rest = plan(cast).lessons
        change(first, WALL.replace(hour=16, minute=0))
        said = mails()
        assert len(said) == 3
        assert all("The lessons that follow in this row move likewise." in words for words in said)


class TestCallingOffWhatFollows:
    def test_this_one_and_those_that_follow(self, cast: Cast) -> None:
        first, second, *_rest = plan(cast).lessons
        services.cancel_lesson(lesson=second, by=second.teacher, reason="", following=True, now=NOW)
        assert walls() == ["18 Mar 15:30"]
        said = mails()
        assert len(said) == 3
        assert all("The lessons that follow in this row are called off, too." in words for words in said)
        assert first.cancelled_at is None

    def test_of_another_row_nothing(self, cast: Cast) -> None:
        first, *_rest = plan(cast, until=date(2027, 3, 18)).lessons
        make_lesson(cast.teaching, timezone.now() + 2 * WEEK, now=timezone.now())
        services.cancel_lesson(lesson=first, by=first.teacher, reason="", following=True, now=NOW)
        assert Lesson.objects.standing().count() == 1
