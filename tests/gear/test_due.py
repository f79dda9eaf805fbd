"""What is due, and who is told of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student
from apps.gear import services
from apps.gear.content import GearContent
from apps.gear.models import Gear, months_after
from apps.gear.queries import Due, first_of, gear_list, reminders
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.gear import make_care, make_gear
from tests.repertoire.asking import SignIn

from .test_gear import DAY, due, page, strings, today


def first_due(cast: Cast, day: date) -> Due | None:
    """As the first pages ask for it."""
    row = Student.objects.annotate(found=reminders()).get(pk=cast.student.pk)
    return first_of(vars(row)["found"], day)


class TestDue:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 12, 5), 12, date(2027, 12, 5)),
            (date(2026, 12, 5), 60, date(2031, 12, 5)),
        ],
    )
    def test_months_end_where_they_end(self, day: date, months: int, then: date) -> None:
        assert months_after(day, months) == then

    def test_counted_from_the_last_time_of_that_kind(self, cast: Cast) -> None:
        gear, by = strings(cast, 200), cast.user("guardian")
        assert due(cast, gear).last_on is None
        long_ago = today(cast) - 120 * DAY
        make_care(gear, by, long_ago)
        # What else was done to it is no new strings.
        make_care(gear, by, today(cast), kind="repair")
        assert due(cast, gear).last_on == long_ago
        last = make_care(gear, by, months_after(today(cast), 0) - 80 * DAY)
        assert due(cast, gear) is None
        services.delete_care(care=last, by=by, now=timezone.now())
        assert due(cast, gear).last_on == long_ago

    @pytest.mark.parametrize(
        ("zone", "due_on"),
        [
            ("Pacific/Honolulu", date(2026, 2, 28)),
            # Half past midnight: the student's day goes on until three.
            ("Europe/Berlin", date(2026, 2, 28)),
            ("Pacific/Auckland", date(2026, 3, 1)),
        ],
    )
    def test_counted_in_the_students_own_days(self, cast: Cast, zone: str, due_on: date) -> None:
        asked = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
        Student.objects.filter(pk=cast.student.pk).update(time_zone=zone)
        by = cast.user("guardian")
        wish: dict[str, Any] = {"remind_of": "strings", "remind_months": 1}
        make_gear(cast.student, by, "At once", now=asked, **wish)
        later = make_gear(cast.student, by, "Later", now=asked - 300 * DAY)
        services.change_gear(gear=later, by=by, content=GearContent(name="Later", **wish), now=asked)
        for row in gear_list(by, cast.student, due_on):
            assert row.due is not None
            assert row.due.due_on == due_on
        assert [row.due for row in gear_list(by, cast.student, due_on - DAY)] == [None, None]

    def test_what_was_asked_for_today_is_not_due_today(self, cast: Cast) -> None:
        """However long ago the thing was written down, put away, or had another wish."""
        by, now = cast.user("guardian"), timezone.now()

        def change(gear: Gear, **more: Any) -> None:
            content = GearContent(name="Cello", **more)
            services.change_gear(gear=gear, by=by, content=content, now=now)

        plain, wished = strings(cast, 900, remind_of="", remind_months=None), strings(cast, 900)
        away = strings(cast, 900, is_put_away=True)
        assert [due(cast, gear) is None for gear in (plain, wished, away)] == [True, False, True]
        for gear in (plain, away):
            change(gear, remind_of="strings", remind_months=3)
        change(wished, remind_of="strings", remind_months=6)
        assert [due(cast, gear) for gear in (plain, wished, away)] == [None, None, None]
        rows = gear_list(by, cast.student, months_after(today(cast), 3))
        assert {row.gear.pk for row in rows if row.due} == {plain.pk, away.pk}
        # Another name is no other wish.
        services.change_gear(
            gear=plain,
            by=by,
            content=GearContent(name="Viola", remind_of="strings", remind_months=3),
            now=now + 40 * DAY,
        )
        plain.refresh_from_db()
        assert plain.remind_from == today(cast)
        # Who wants to hear nothing more leaves no day behind.
        change(plain)
        plain.refresh_from_db()
        assert plain.remind_from is None

    def test_on_the_day_itself_and_not_before(self, cast: Cast) -> None:
        gear = strings(cast, 0, months=1)
        rows = {
            day: gear_list(cast.user("guardian"), cast.student, day)[0].due
            for day in (months_after(today(cast), 1) - DAY, months_after(today(cast), 1))
        }
        assert [found is not None for found in rows.values()] == [False, True]
        assert gear.remind_months == 1

    @pytest.mark.parametrize("more", [{"is_put_away": True}, {"remind_of": "", "remind_months": None}])
    def test_nothing_is_due_of_what_nobody_asked_for(self, cast: Cast, more: dict[str, Any]) -> None:
        assert due(cast, strings(cast, 500, **more)) is None


class TestFirstPage:
    def test_one_thing_at_most_the_oldest(self, cast: Cast, as_user: SignIn) -> None:
        strings(cast, 120, name="Viola")
        strings(cast, 300, name="Cello")
        html = page(as_user(cast.user("student")), "home:student")
        assert html.count("New strings are due") == 1
        assert "Cello" in html
        assert "Viola" not in html

    def test_who_says_that_they_know_is_left_alone_until_the_next_time(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        gear, client = strings(cast, 300), as_user(cast.user("student"))
        answer = client.post(reverse("gear:gear-hush", args=[gear.pk]), {"next": reverse("home:student")})
        assert answer.status_code == 302
        assert "New strings are due" not in page(client, "home:student")
        # Where the thing is listed it still stands.
        assert "New strings are due" in page(client, "gear:gear-list", cast.student.pk)
        make_care(gear, cast.user("student"))
        later = months_after(today(cast), 4)
        found = first_due(cast, later)
        assert found is not None
        assert found.gear.pk == gear.pk

    def test_another_interval_is_another_wish(self, cast: Cast) -> None:
        gear, by, now = strings(cast, 300), cast.user("student"), timezone.now()
        make_care(gear, by, today(cast) - 200 * DAY)
        services.hush(gear=gear, by=by, now=now)
        assert first_due(cast, today(cast)) is None
        content = GearContent(name=gear.name, remind_of="strings", remind_months=2)
        services.change_gear(gear=gear, by=by, content=content, now=now)
        assert first_due(cast, today(cast)) is not None

    def test_who_buys_the_strings_reads_it_beside_each_child(self, cast: Cast, as_user: SignIn) -> None:
        """A child without an own sign-in has no first page; each child has its own day and its own thing."""
        guardian, past = cast.user("guardian"), timezone.now() - 300 * DAY
        little = make_student("Little", time_zone="Pacific/Honolulu")
        make_guardianship(little, guardian)
        cello = strings(cast, 300, name="Cello")
        make_care(strings(cast, 400, name="Viola"), guardian, today(cast) - 120 * DAY)
        strings(cast, 900, name="Old fiddle", is_put_away=True)
        delete_me = strings(cast, 900, name="Sold one")
        services.delete_gear(gear=delete_me, by=guardian, now=timezone.now())
        make_gear(little, guardian, "Recorder", now=past, remind_of="cleaning", remind_months=1)
        foreign = cast.user("other_guardian")
        make_gear(cast.other_student, foreign, "Horn", now=past, remind_of="cleaning", remind_months=1)
        client = as_user(guardian)
        html = page(client, "parent_portal:overview")
        assert html.count("New strings are due") == html.count("Cleaning is due") == 1
        for name, there in {
            "Cello": True,
            "Recorder": True,
            "Viola": False,
            "Horn": False,
            "Old fiddle": False,
            "Sold one": False,
        }.items():
            assert (f"<bdi>{name}</bdi>" in html) == there
        home = reverse("parent_portal:overview")
        answer = client.post(reverse("gear:gear-hush", args=[cello.pk]), {"next": home})
        assert answer["Location"] == home
        html = page(client, "parent_portal:overview")
        assert ("<bdi>Cello</bdi>" in html, "<bdi>Viola</bdi>" in html) == (False, True)

    def test_nothing_due_nothing_said(self, cast: Cast, as_user: SignIn) -> None:
        strings(cast, 3)
        assert "gear-due" not in page(as_user(cast.user("student")), "home:student")
