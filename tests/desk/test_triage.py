"""The desk on real rows: every reason on data made for it; what is private never counts; who is put aside."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff
from apps.desk import services
from apps.desk.models import Snooze
from apps.desk.queries import Pupil, pupil_of, pupils_of, thresholds_of
from apps.desk.triage import Thresholds
from apps.practice.content import About, Line
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.factories.repertoire import make_occasion, make_piece

NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)
DAY = timedelta(days=1)
# Four days of every week.
USUAL = [day for day in range(1, 36) if day % 7 in (1, 3, 5, 6)]


class Studio:
    """One teacher and one pupil whose guardian logs; days are counted back from today."""

    def __init__(self) -> None:
        self.teacher, self.family = make_user("Teacher"), make_user("Family")
        self.student = make_student("Mia")
        make_guardianship(self.student, self.family)
        self.teaching = make_teaching(self.teacher, self.student)

    def log(self, days_ago: int, minutes: int = 20, **content: object) -> None:
        then = NOW - days_ago * DAY
        make_entry(self.student, self.family, now=then, minutes=minutes, **content)

    def practise(self, days: list[int], minutes: int = 20) -> None:
        for each in days:
            self.log(each, minutes)

    def pupil(self) -> Pupil:
        [found] = pupils_of(self.teacher, now=NOW)
        assert found == pupil_of(self.teacher, self.student, now=NOW)
        return found

    def reasons(self) -> list[str]:
        return [flag.reason for flag in self.pupil().flags]


@pytest.fixture
def studio(db: None) -> Studio:
    return Studio()


class TestReasons:
    def test_of_whom_all_is_well_nothing_is_said(self, studio: Studio) -> None:
        studio.practise(USUAL)
        assert studio.reasons() == []

    @pytest.mark.parametrize(("days", "reasons"), [(5, ["silent for 5 days"]), (4, [])])
    def test_silent(self, studio: Studio, days: int, reasons: list[str]) -> None:
        studio.practise([day for day in USUAL if day > 7] + [7, 6, 5] + [days])
        assert studio.reasons() == reasons

    @pytest.mark.parametrize(("extra", "reasons"), [([], ["2 weeks in a row below 3 days"]), ([13], [])])
    def test_missed(self, studio: Studio, extra: list[int], reasons: list[str]) -> None:
        studio.practise([1, 2, 8, 9, *extra], minutes=40)
        studio.practise([day for day in USUAL if day > 14])
        assert studio.reasons() == reasons

    @pytest.mark.parametrize(
        ("minutes", "reasons"),
        [(16, ["20 % less than in the weeks before (64 min, before 80)"]), (17, [])],
    )
    def test_below_the_own_weeks(self, studio: Studio, minutes: int, reasons: list[str]) -> None:
        studio.practise([day for day in USUAL if day > 7])
        studio.practise([day for day in USUAL if day <= 7], minutes)
        assert studio.reasons() == reasons

    @pytest.mark.parametrize(("days_ago", "reasons"), [(13, ["hard 2 times: “The trill!”"]), (14, [])])
    def test_the_same_words_twice_in_two_weeks(
        self, studio: Studio, days_ago: int, reasons: list[str]
    ) -> None:
        studio.practise(USUAL)
        studio.log(1, struggles="The trill!")
        studio.log(days_ago, struggles="the  trill")
        assert studio.reasons() == reasons

    def test_the_same_piece_twice_in_other_words(self, studio: Studio) -> None:
        studio.practise(USUAL)
        piece = make_piece(studio.student, studio.family, "Minuet")
        studio.log(1, struggles="The left hand", lines=[Line("Minuet", about=About(piece=piece.pk))])
        studio.log(3, struggles="Bar 9", lines=[Line("Minuet", about=About(piece=piece.pk))])
        assert studio.reasons() == ["hard 2 times: “The left hand”"]

    @pytest.mark.parametrize(
        ("days", "hours", "reasons"),
        [
            (21, 10, ["Grade 5 on 9 Dec: 9.5 of 10 hours"]),
            (22, 10, []),
            (21, 9, []),
            (21, None, []),
        ],
    )
    def test_an_exam_behind_its_hours(
        self, studio: Studio, days: int, hours: int | None, reasons: list[str]
    ) -> None:
        studio.practise(USUAL)
        today = studio.student.today(NOW)
        exam = make_occasion(
            studio.student, studio.family, "Grade 5", held_on=today + days * DAY, target_hours=hours
        )
        for minutes in (300, 270):
            studio.log(60, minutes, preparing_for_exam=True, occasion=exam)
        assert studio.reasons() == reasons

    def test_a_deleted_exam_is_none(self, studio: Studio) -> None:
        studio.practise(USUAL)
        day = studio.student.today(NOW) + 3 * DAY
        make_occasion(studio.student, studio.family, "Grade 5", held_on=day, target_hours=5)
        assert studio.reasons() == ["Grade 5 on 21 Nov: 0 of 5 hours"]
        Occasion.objects.update(deleted_at=NOW)
        assert studio.reasons() == []

    def test_the_day_is_the_pupils(self, studio: Studio) -> None:
        """In Auckland the nineteenth has begun, so the silence is a day longer."""
        Student.objects.update(time_zone="Pacific/Auckland")
        studio.student.refresh_from_db()
        studio.practise([day for day in USUAL if day > 5] + [5, 6, 7])
        assert studio.pupil().today.isoformat() == "2026-11-19"
        assert studio.reasons() == ["silent for 5 days"]

    def test_whoever_nobody_can_log_for_is_not_silent(self, db: None) -> None:
        teacher = make_user("Teacher")
        make_teaching(teacher, make_student("Alone"))
        [pupil] = pupils_of(teacher, now=NOW)
        assert (pupil.flags, pupil.is_waiting) == ([], True)


class TestPrivacy:
    def test_what_is_private_makes_no_difference(self, studio: Studio) -> None:
        studio.practise([day for day in USUAL if day > 14])
        exam = make_occasion(
            studio.student,
            studio.family,
            "Grade 5",
            held_on=studio.student.today(NOW) + 3 * DAY,
            target_hours=5,
        )
        before = studio.pupil()
        assert [flag.kind.value for flag in before.flags] == ["exam", "silent", "missed", "below"]
        for days_ago in (0, 1, 2, 3, 8, 9, 10):
            studio.log(
                days_ago,
                80,
                is_private=True,
                struggles="Secret",
                preparing_for_exam=True,
                occasion=exam,
            )
        assert studio.pupil().flags == before.flags
        assert studio.pupil().minutes == before.minutes

    def test_what_is_for_another_teacher_makes_no_difference(self, studio: Studio) -> None:
        other = make_teaching(make_user("Other"), studio.student, "Flute")
        for days_ago in (0, 1):
            studio.log(days_ago, addressed_to=other, struggles="The low C")
        assert [flag.kind.value for flag in studio.pupil().flags] == ["silent", "missed"]
        [pupil] = pupils_of(other.teacher, now=NOW)
        assert "struggle" in [flag.kind.value for flag in pupil.flags]

    def test_a_former_teacher_sees_nobody(self, studio: Studio) -> None:
        Teaching.objects.update(ended_at=NOW)
        assert pupils_of(studio.teacher, now=NOW) == []
        assert pupil_of(studio.teacher, studio.student, now=NOW) is None


class TestOrder:
    def test_the_worst_first(self, db: None) -> None:
        teacher, family = make_user("Teacher"), make_user("Family")
        for name, days in [("Well", 0), ("Lost", 12), ("Quiet", 6)]:
            student = make_student(name)
            make_guardianship(student, family)
            make_teaching(teacher, student)
            for ago in {days, *(day for day in USUAL if day > days)}:
                make_entry(student, family, now=NOW - ago * DAY)
        assert [each.student.name for each in pupils_of(teacher, now=NOW)] == ["Lost", "Quiet", "Well"]

    def test_a_teachers_own_rules(self, studio: Studio) -> None:
        studio.practise([day for day in USUAL if day > 7] + [7, 6, 5, 5])
        assert studio.reasons() == ["silent for 5 days"]
        services.set_thresholds(by=studio.teacher, said={"silent_days": 6}, now=NOW)
        assert studio.reasons() == []
        services.set_thresholds(by=studio.teacher, said={"silent_days": 4}, now=NOW)
        assert studio.reasons() == ["silent for 5 days"]
        assert thresholds_of(studio.teacher) == Thresholds(silent_days=4)
        assert thresholds_of(studio.family) == Thresholds()


def snooze(student: Student, by: User, days: int = 7, reason: str = "Ill", now: datetime = NOW) -> Snooze:
    return services.snooze(student=student, by=by, days=days, reason=reason, now=now)


class TestSnooze:
    def test_until_the_morning_of_its_day(self, studio: Studio) -> None:
        snooze(studio.student, studio.teacher, days=3)
        [found] = pupils_of(studio.teacher, now=NOW + 2 * DAY)
        assert found.snoozed is not None
        assert (found.snoozed.until.isoformat(), found.snoozed.reason) == ("2026-11-21", "Ill")
        [found] = pupils_of(studio.teacher, now=NOW + 3 * DAY)
        assert found.snoozed is None

    def test_again_is_anew_and_waking_twice_is_as_good_as_once(self, studio: Studio) -> None:
        first = snooze(studio.student, studio.teacher)
        again = snooze(studio.student, studio.teacher, days=14, reason="Holiday")
        assert (again.pk, Snooze.objects.get().reason) == (first.pk, "Holiday")
        for _time in range(2):
            services.wake(student=studio.student, by=studio.teacher)
            assert studio.pupil().snoozed is None

    def test_it_is_this_teachers_alone(self, cast: Cast) -> None:
        snooze(cast.student, cast.user("teacher"), now=timezone.now())
        [found] = pupils_of(cast.user("second_teacher"), now=timezone.now())
        assert found.snoozed is None

    def test_what_woke_long_ago_is_forgotten(self, studio: Studio) -> None:
        other = make_student("Ben")
        make_teaching(studio.teacher, other)
        snooze(studio.student, studio.teacher, days=3)
        snooze(other, studio.teacher, now=NOW + 10 * DAY)
        assert Snooze.objects.count() == 2
        snooze(other, studio.teacher, now=NOW + 11 * DAY)
        assert [row.student for row in Snooze.objects.all()] == [other]

    def test_not_of_whom_nothing_may_be_written(self, studio: Studio) -> None:
        Student.objects.update(collecting=False)
        with pytest.raises(CollectionIsOff):
            snooze(studio.student, studio.teacher)


@pytest.mark.parametrize("count", [1, 40])
def test_forty_cost_what_one_costs(db: None, count: int) -> None:
    teacher, family = make_user("Teacher"), make_user("Family")
    for number in range(count):
        student = make_student(f"Row {number}")
        make_guardianship(student, family)
        make_teaching(teacher, student)
        make_entry(student, family, now=NOW - (number % 9) * DAY, struggles="The trill")
        snooze(student, teacher, days=number % 4)
    pupils_of(teacher, now=NOW)
    with CaptureQueriesContext(connection) as found:
        assert len(pupils_of(teacher, now=NOW)) == count
    assert len(found) == 2
