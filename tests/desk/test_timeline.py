"""Everything about one pupil in time: what is there, in whole days, for whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.desk.queries import timeline
from apps.desk.queries.timeline import Timeline, timeline_of
from apps.practice import services
from apps.practice.models import PracticeEntry
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.assignments import make_assignment, step_of, work
from tests.factories.lessons import place_lesson
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_occasion, make_piece

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def kinds(page: Timeline) -> list[str]:
    return [item.kind for day in page.days for item in day.items]


def of(cast: Cast, who: str = "teacher", **more: datetime) -> Timeline:
    now = more.get("now") or timezone.now()
    return timeline_of(cast.user(who), cast.student, None, now=now)


class TestWhatIsThere:
    def test_everything_that_the_teacher_may_know_of(self, cast: Cast) -> None:
        PracticeEntry.objects.exclude(pk=cast.entry.pk).delete()
        now = timezone.now()
        services.add_comment(
            key=uuid4(),
            entry=cast.entry,
            by=cast.user("guardian"),
            role=AuthorRole.GUARDIAN,
            body="She liked it",
            now=now,
        )
        place_lesson(cast.teaching, now - timedelta(hours=2))
        work(step_of(make_assignment(cast.teaching)), cast.user("student"))
        make_piece(cast.student, cast.user("teacher"), "Sonatina")
        make_occasion(cast.student, cast.user("teacher"), held_on=cast.student.today(now))
        found = kinds(of(cast))
        assert sorted(found) == ["assignment", "comment", "done", "entry", "lesson", "occasion", "piece"]

    def test_nothing_private_and_nothing_of_another_teacher(self, cast: Cast) -> None:
        PracticeEntry.objects.filter(pk=cast.entry.pk).delete()
        place_lesson(cast.second_teaching, timezone.now() - timedelta(hours=2))
        make_assignment(cast.second_teaching)
        assert kinds(of(cast)) == []
        assert sorted(kinds(of(cast, "second_teacher"))) == ["assignment", "entry", "lesson"]

    def test_a_lesson_to_come_did_not_happen_yet(self, cast: Cast) -> None:
        place_lesson(cast.teaching, timezone.now() + timedelta(minutes=5))
        assert "lesson" not in kinds(of(cast))

    def test_a_day_is_the_students(self, cast: Cast) -> None:
        """Ten in the evening in London is the next morning in Kiritimati."""
        cast.student.time_zone = "Pacific/Kiritimati"
        cast.student.save()
        at = datetime(2026, 3, 4, 22, 0, tzinfo=UTC)
        lesson = place_lesson(cast.teaching, at)
        [day] = [day for day in of(cast, now=at + DAY).days if any(item.row == lesson for item in day.items)]
        assert day.day.isoformat() == "2026-03-05"


class TestPages:
    def test_whole_days_down_to_the_end_and_each_thing_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(timeline, "MOST", 3)
        PracticeEntry.objects.all().delete()
        today = cast.student.today(timezone.now())
        for ago in range(4):
            for _time in range(2):
                make_entry(cast.student, cast.user("student"), practised_on=today - ago * DAY, minutes=5)
        make_assignment(cast.teaching)
        found, until, pages = [], None, 0
        while True:
            page = timeline_of(cast.user("teacher"), cast.student, until, now=timezone.now())
            for day in page.days:
                entries = [item for item in day.items if item.kind == "entry"]
                assert len(entries) == 2, "a day is never cut in two"
                found += [item.row.pk for item in day.items]
            pages, until = pages + 1, page.older
            if until is None:
                break
        assert (len(found), len(set(found)), pages) == (9, 9, 4)

    def test_a_day_with_more_than_a_page_says_so_and_the_next_one_goes_on(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(timeline, "MOST", 2)
        PracticeEntry.objects.all().delete()
        today = cast.student.today(timezone.now())
        for ago in (0, 0, 0, 0, 1):
            make_entry(cast.student, cast.user("student"), practised_on=today - ago * DAY, minutes=5)
        page = of(cast)
        assert (page.is_cut, page.older, [day.day for day in page.days]) == (True, today - DAY, [today])
        after = timeline_of(cast.user("teacher"), cast.student, page.older, now=timezone.now())
        assert [day.day for day in after.days] == [today - DAY]


class TestPage:
    def test_it_stands_in_order_and_leads_on(self, cast: Cast, as_user: SignIn) -> None:
        client, address = as_user(cast.user("teacher")), reverse("desk:timeline", args=[cast.student.pk])
        lesson = place_lesson(cast.teaching, timezone.now() - DAY)
        page = client.get(address).content.decode()
        assert page.index(f"/entries/{cast.entry.pk}/") < page.index(f"/lessons/{lesson.pk}/")
        days = re.findall(r'id="day-([0-9-]+)"', page)
        assert days == sorted(days, reverse=True)
        assert address in client.get(reverse("desk:brief", args=[cast.student.pk])).content.decode()
        for until in ("nonsense", "2026-02-30", "1900-01-01", "9999-12-31"):
            assert client.get(address, {"until": until}).status_code == 200
        older = client.get(address, {"until": "2001-01-01"}).content.decode()
        assert "Nothing here yet" in older
        assert "To today" in older

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("second_teacher", 200),
            ("student", 403),
            ("guardian", 403),
            ("viewer", 403),
            ("former_teacher", 404),
        ],
    )
    def test_for_teachers_alone(self, cast: Cast, as_user: SignIn, who: str, status: int) -> None:
        address = reverse("desk:timeline", args=[cast.student.pk])
        assert as_user(cast.user(who)).get(address).status_code == status
