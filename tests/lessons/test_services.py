"""What planning, moving, calling off and noting leave behind."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.lessons import services
from apps.lessons.content import LessonContent, NotesContent
from apps.lessons.models import ChangeKind, Lesson, LessonChange, OwnNote
from apps.lessons.services import DayIsTooFar, LessonOverlaps
from apps.notifications.services import deliver_due
from apps.private_teaching.models import Teaching
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.lessons import make_lesson, wall_of, write_notes
from tests.factories.private_teaching import make_teaching

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(days: int = 2) -> datetime:
    return (timezone.now() + days * DAY).replace(second=0, microsecond=0)


def content(when: datetime, minutes: int = 30, **more: str) -> LessonContent:
    return LessonContent(wall=wall_of(when, "UTC"), minutes=minutes, **more)


def change(lesson: Lesson, when: datetime, *, version: str | None = None, reason: str = "") -> Lesson:
    return services.change_lesson(
        lesson=lesson,
        by=lesson.teacher,
        content=content(when),
        reason=reason,
        version=version,
        now=timezone.now(),
    )


def delivered() -> list[tuple[str, str]]:
    mail.outbox = []
    deliver_due(clock=timezone.now, limit=200)
    return sorted((message.to[0], str(message.subject)) for message in mail.outbox)


class TestPlanning:
    def test_a_lesson_stands_in_the_week(self, cast: Cast) -> None:
        lesson = make_lesson(
            cast.teaching, at(), minutes=45, place="Room 3", link="https://video.example/mia"
        )
        lesson.refresh_from_db()
        assert (lesson.starts_at, lesson.minutes, lesson.place) == (at(), 45, "Room 3")
        assert (lesson.teacher, lesson.added_by) == (cast.user("teacher"), cast.user("teacher"))

    def test_the_same_key_plans_once(self, cast: Cast) -> None:
        key, now = uuid4(), timezone.now()

        def plan(minutes: int) -> Lesson:
            return services.plan_lesson(
                key=key,
                teaching=cast.teaching,
                by=cast.user("teacher"),
                content=content(at(), minutes),
                now=now,
            )

        assert plan(30) == plan(30)
        with pytest.raises(KeyIsTaken):
            plan(45)
        assert Lesson.objects.get().minutes == 30

    def test_on_the_teachers_clocks(self, cast: Cast) -> None:
        teacher = cast.user("teacher")
        teacher.time_zone = "America/New_York"
        teacher.save(update_fields=["time_zone"])
        Student.objects.filter(pk=cast.student.pk).update(time_zone="Asia/Tokyo")
        now = datetime.fromisoformat("2027-01-04T00:00:00+00:00")
        wall = datetime.fromisoformat("2027-01-05T15:30:00")
        lesson = services.plan_lesson(
            key=uuid4(),
            teaching=cast.teaching,
            by=teacher,
            content=LessonContent(wall=wall, minutes=30),
            now=now,
        )
        assert lesson.starts_at.isoformat() == "2027-01-05T20:30:00+00:00"
        assert lesson.time_zone == "America/New_York"

    @pytest.mark.parametrize("days", [-367, 732])
    def test_not_too_far_away(self, cast: Cast, days: int) -> None:
        with pytest.raises(DayIsTooFar):
            make_lesson(cast.teaching, at(days))

    def test_not_for_a_pupil_who_left_a_second_ago(self, cast: Cast) -> None:
        Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(GoneMeanwhile):
            make_lesson(cast.teaching)
        assert not Lesson.objects.exists()

    def test_not_of_whom_nothing_may_be_written(self, cast: Cast) -> None:
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        with pytest.raises(CollectionIsOff):
            make_lesson(cast.teaching)


class TestOverlaps:
    def test_two_of_one_teacher_never_meet(self, cast: Cast) -> None:
        first = make_lesson(cast.teaching, at())
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        with pytest.raises(LessonOverlaps) as caught:
            make_lesson(other, at() + timedelta(minutes=29))
        assert caught.value.other == first
        make_lesson(other, at() + timedelta(minutes=30))
        make_lesson(cast.second_teaching, at())
        assert Lesson.objects.count() == 3

    def test_the_database_refuses_it_whoever_writes(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        with pytest.raises(IntegrityError, match="lesson_no_overlap"), transaction.atomic():
            Lesson.objects.create(
                teaching=cast.teaching,
                teacher=lesson.teacher,
                starts_at=lesson.starts_at + timedelta(minutes=10),
                ends_at=lesson.ends_at,
                time_zone="UTC",
                created_at=timezone.now(),
            )

    def test_what_is_called_off_or_deleted_leaves_room(self, cast: Cast) -> None:
        teacher, now = cast.user("teacher"), timezone.now()
        services.cancel_lesson(lesson=make_lesson(cast.teaching, at()), by=teacher, reason="", now=now)
        services.delete_lesson(lesson=make_lesson(cast.teaching, at()), by=teacher, now=now)
        assert make_lesson(cast.teaching, at()).starts_at == at()

    def test_of_a_paused_pupil_nothing_is_told(self, cast: Cast) -> None:
        make_lesson(cast.teaching, at())
        Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=timezone.now())
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        with pytest.raises(LessonOverlaps) as caught:
            make_lesson(other, at())
        assert caught.value.other is None

    def test_what_was_planned_for_lessons_that_ended_leaves_room(self, cast: Cast) -> None:
        gone = make_lesson(cast.teaching, at())
        Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
        other = make_teaching(cast.user("teacher"), make_student("Ben"))
        assert make_lesson(other, at()).starts_at == at()
        gone.refresh_from_db()
        assert gone.cancelled_at is not None

    def test_a_move_onto_another_one_is_refused_and_moves_nothing(self, cast: Cast) -> None:
        make_lesson(cast.teaching, at())
        lesson = make_lesson(cast.teaching, at(3))
        with pytest.raises(LessonOverlaps):
            change(lesson, at())
        lesson.refresh_from_db()
        assert lesson.starts_at == at(3)
        assert not LessonChange.objects.exists()


class TestMoving:
    def test_it_says_when_it_had_been_and_the_family_hears(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        change(lesson, at(3), reason="A concert")
        row = LessonChange.objects.get()
        assert (row.kind, row.was_at, row.was_minutes) == (ChangeKind.MOVED, at(), 30)
        assert (row.reason, row.changed_by) == ("A concert", cast.user("teacher"))
        told = delivered()
        assert [who for who, _subject in told] == sorted(
            cast.user(name).email for name in ("student", "guardian", "second_guardian")
        )
        assert "A concert" in str(mail.outbox[0].body)

    def test_of_two_moves_only_the_last_is_told(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        change(lesson, at(3))
        change(lesson, at(4))
        assert len(delivered()) == 3
        assert LessonChange.objects.count() == 2

    def test_another_place_is_no_move(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        services.change_lesson(
            lesson=lesson,
            by=lesson.teacher,
            content=content(at(), place="Room 4"),
            reason="",
            version="",
            now=timezone.now(),
        )
        lesson.refresh_from_db()
        assert lesson.place == "Room 4"
        assert (LessonChange.objects.count(), delivered()) == (0, [])

    def test_who_overwrites_is_asked(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        change(lesson, at(3), version="")
        with pytest.raises(ChangedMeanwhile):
            change(lesson, at(4), version="")
        lesson.refresh_from_db()
        assert lesson.starts_at == at(3)

    def test_of_what_was_long_ago_nobody_hears(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at(-3))
        change(lesson, at(-2))
        assert delivered() == []

    def test_who_left_meanwhile_gets_no_mail(self, cast: Cast) -> None:
        change(make_lesson(cast.teaching, at()), at(3))
        Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
        assert delivered() == []


class TestCallingOff:
    def test_it_stays_and_the_family_hears_once(self, cast: Cast) -> None:
        lesson, now = make_lesson(cast.teaching, at()), timezone.now()
        for _ in range(2):
            services.cancel_lesson(lesson=lesson, by=lesson.teacher, reason="Ill", now=now)
        lesson.refresh_from_db()
        assert lesson.cancelled_at == now
        assert LessonChange.objects.get().kind == ChangeKind.CANCELLED
        assert len(delivered()) == 3

    def test_another_teacher_calls_nothing_off(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        with pytest.raises(GoneMeanwhile):
            services.cancel_lesson(
                lesson=lesson, by=cast.user("second_teacher"), reason="", now=timezone.now()
            )
        lesson.refresh_from_db()
        assert lesson.cancelled_at is None


class TestNotes:
    def test_the_familys_and_the_teachers_own_stand_apart(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        write_notes(lesson, attendance="excused", shared_note="Slowly", own_note="Call the mother")
        lesson.refresh_from_db()
        assert (lesson.attendance, lesson.shared_note) == ("excused", "Slowly")
        own = OwnNote.objects.get()
        assert (own.author, own.body) == (cast.user("teacher"), "Call the mother")

    def test_an_emptied_note_goes(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        write_notes(lesson, own_note="Call the mother")
        write_notes(lesson, own_note="")
        assert not OwnNote.objects.exists()

    def test_who_overwrites_is_asked(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching, at())
        write_notes(lesson, shared_note="First")
        words = NotesContent(shared_note="Second")
        with pytest.raises(ChangedMeanwhile):
            services.write_notes(
                lesson=lesson, by=lesson.teacher, content=words, version="", now=timezone.now()
            )
        lesson.refresh_from_db()
        assert lesson.shared_note == "First"
