"""Large data is small here; what holds for twelve students holds for a thousand."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.core.access import allowed
from apps.home.demo import scale
from apps.home.demo.scale import Scale, ScaleIsImpossible, ScaleIsThere
from apps.practice.models import EntryComment, NewMark, PracticeDay, PracticeEntry, PracticeItem, ThingDay
from apps.practice.services.recounting import Differing, recount_differing
from apps.private_teaching.models import Teaching
from tests.factories.practice import make_entry

NOW = datetime(2026, 5, 20, 19, 0, tzinfo=UTC)
SMALL = Scale(students=12, teachers=2, entries_per_student=60, heavy_entries=2500, seed=7)


def stored(model: Any, *names: str) -> set[tuple[Any, ...]]:
    return set(model.objects.values_list(*names))


@pytest.fixture
def school(db: None) -> Scale:
    scale.seed(SMALL, now=NOW)
    return SMALL


def pupil(number: int) -> Student:
    return Student.objects.get(pk=SMALL.key("pupil", number))


def user(name: str, number: int) -> User:
    return User.objects.get(email=scale.email(name, number))


def test_everybody_is_made(school: Scale) -> None:
    assert Student.objects.count() == 12
    assert Student.objects.filter(user__isnull=False).count() == 6
    assert PracticeEntry.objects.count() == 2500 + 11 * 60
    counts = PracticeEntry.objects.values("student").annotate(n=Count("pk")).values_list("student", "n")
    assert dict(counts) == {pupil(n).pk: 2500 if n == 1 else 60 for n in range(1, 13)}


def test_pupils_are_shared_out_among_the_teachers(school: Scale) -> None:
    current = Teaching.objects.current().values("teacher__email").annotate(n=Count("pk"))
    assert dict(current.values_list("teacher__email", "n")) == {
        "teacher1@scale.example": 6,
        "teacher2@scale.example": 6,
    }
    assert Teaching.objects.filter(ended_at__isnull=False).count() == 1


def test_every_student_has_one_or_two_guardians_and_shares_them_with_a_sibling(school: Scale) -> None:
    counts = Guardianship.objects.values("student").annotate(n=Count("pk")).values_list("n", flat=True)
    assert sorted(counts) == [1] * 6 + [2] * 6
    children = allowed(Student.objects.all(), "view", user("guardian", 2))
    assert set(children) == {pupil(3), pupil(4)}


def test_a_login_works(school: Scale, client: Any) -> None:
    assert user("student", 1).check_password(scale.PASSWORD)
    assert user("student", 1).emailaddress_set.filter(verified=True, primary=True).count() == 1  # type: ignore[attr-defined]


def test_entries_spread_over_three_years_for_all_alike(school: Scale) -> None:
    for number in (1, 2):
        days = PracticeEntry.objects.filter(student=pupil(number)).aggregate(
            first=Min("practised_on"), last=Max("practised_on")
        )
        assert days["last"] == pupil(number).today(NOW)
        assert timedelta(days=scale.DAYS - 20) < days["last"] - days["first"] < timedelta(days=scale.DAYS)


def test_the_stored_days_are_what_a_recount_finds(school: Scale) -> None:
    parts = ("student_id", "practised_on", "is_private", "addressed_to_id")
    columns = (*parts, "sessions", "minutes", "exam_minutes", "performance_minutes")
    before = stored(PracticeDay, *columns)
    assert sum(row[4] for row in before) == PracticeEntry.objects.count()
    for number in range(1, 13):
        days = set(PracticeEntry.objects.filter(student=pupil(number)).values_list("practised_on", flat=True))
        PracticeDay.objects.recount(student_id=pupil(number).pk, days=days, something_left=True)
    assert stored(PracticeDay, *columns) == before


def test_nothing_breaks_the_limits_of_the_diary(school: Scale) -> None:
    entries = PracticeEntry.objects.all()
    days = entries.values("student", "practised_on").annotate(sum=Sum("minutes"))
    assert max(days.values_list("sum", flat=True)) <= 1440
    assert not entries.filter(created_at__gt=NOW).exists()
    assert entries.filter(is_private=True).exists()
    assert entries.filter(addressed_to__isnull=False).exists()
    lines = (
        PracticeItem.objects.values("entry")
        .annotate(sum=Sum("minutes"))
        .values("entry", "sum", "entry__minutes")
    )
    assert lines.count() == entries.count()
    assert all((row["sum"] or 0) <= row["entry__minutes"] for row in lines)


def test_lines_are_attached_to_the_students_own_things_and_their_shares_add_up(school: Scale) -> None:
    lines = PracticeItem.objects.select_related("entry", "piece", "skill")
    assert {line.piece is not None for line in lines} == {True, False}
    for line in lines:
        thing, other = (line.piece, line.skill) if line.kind == "piece" else (line.skill, line.piece)
        assert thing is not None
        assert other is None
        assert str(thing) == line.title
        assert thing.student_id == line.entry.student_id
    assert recount_differing(only_look=True) == Differing()


def test_comments_stand_in_threads_that_their_authors_may_read(school: Scale) -> None:
    comments = EntryComment.objects.select_related("author")
    assert {comment.author_role for comment in comments} == {"teacher", "student", "guardian"}
    for comment in comments:
        assert comment.author is not None
        assert allowed(EntryComment.objects.filter(pk=comment.pk), "view", comment.author).exists()


def test_new_marks_are_of_recent_entries_that_the_teacher_sees(school: Scale) -> None:
    marks = NewMark.objects.select_related("entry__student", "teaching__teacher")
    assert marks.count() > 0
    for mark in marks:
        assert mark.entry.practised_on > mark.entry.student.today(NOW) - timedelta(days=scale.NEW_DAYS)
        assert allowed(PracticeEntry.objects.filter(pk=mark.entry_id), "view", mark.teaching.teacher).exists()


def test_made_up_entries_leave_no_revisions_but_later_ones_do(school: Scale) -> None:
    revisions = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    assert [model for model in revisions if model._default_manager.exists()] == []
    make_entry(pupil(3), user("student", 3), now=NOW)
    assert apps.get_model("practice", "PracticeEntryRevision")._default_manager.count() == 1


def test_the_same_seed_makes_the_same_rows_and_another_makes_others(db: None) -> None:
    def made(seed: int) -> tuple[set[Any], ...]:
        wanted = Scale(students=4, teachers=2, entries_per_student=40, seed=seed)
        scale.seed(wanted, now=NOW)
        found = (
            stored(Student, "pk", "name"),
            stored(PracticeEntry, "pk", "student_id", "practised_on", "minutes", "description", "created_at"),
            stored(PracticeItem, "pk", "title", "minutes"),
            stored(EntryComment, "pk", "body"),
        )
        for model in (
            EntryComment,
            NewMark,
            PracticeDay,
            ThingDay,
            PracticeItem,
            PracticeEntry,
            Teaching,
            Student,
            User,
        ):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            model.objects.all().delete()
        return found

    first, again, other = made(1), made(1), made(2)
    assert first == again
    assert first[1] & other[1] == set()


def test_a_second_time_is_refused_and_changes_nothing(school: Scale) -> None:
    with pytest.raises(ScaleIsThere):
        scale.seed(Scale(students=1, teachers=1, entries_per_student=1), now=NOW)
    assert Student.objects.count() == 12


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"students": 0}, "at least 1"),
        ({"teachers": 0}, "at least 1"),
        ({"heavy_entries": 0}, "at least 1"),
        ({"heavy_entries": 1_000_001}, "at most"),
    ],
)
def test_impossible_numbers_are_refused(numbers: dict[str, int], words: str) -> None:
    with pytest.raises(ScaleIsImpossible, match=words):
        Scale(**{"students": 2, "teachers": 1, "entries_per_student": 3} | numbers)


def run(*more: str) -> str:
    out = StringIO()
    call_command("seed_scale", "--students=3", "--teachers=1", "--entries-per-student=5", *more, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_made(db: None) -> None:
    assert run("--heavy-student=9", "--seed=3").startswith("Made 19 entries of 3 students in ")
    assert PracticeEntry.objects.filter(created_at__lte=timezone.now()).count() == 19
    with pytest.raises(CommandError, match="already"):
        run()


def test_the_command_refuses_production(db: None, settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="production"):
        run()
    assert not Student.objects.exists()


def test_the_command_refuses_impossible_numbers(db: None) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        run("--heavy-student=0")


@pytest.mark.django_db(transaction=True)
def test_settling_works_outside_a_transaction() -> None:
    scale.settle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'practice_practiceday'")
        assert cursor.fetchone() == (1,)
