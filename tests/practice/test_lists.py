"""What other pages ask the diary for: last lines, recent entries, counts of what is new."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Student, User
from apps.practice import queries, services
from apps.practice.content import Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.permissions import reader_role
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching


def comment(cast: Cast, role: AuthorRole, by: str, **more: object) -> None:
    services.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user(by),
        role=role,
        body="Lovely",
        now=timezone.now(),
        **more,  # type: ignore[arg-type]
    )


def test_last_lines_offer_each_title_once_newest_first(cast: Cast) -> None:
    student, by = cast.student, cast.user("student")
    today = student.today(timezone.now())
    make_entry(
        student, by, practised_on=today - timedelta(days=3), lines=[Line("Gavotte"), Line("minuet in g")]
    )
    make_entry(student, by, practised_on=today - timedelta(days=1), lines=[Line("Scales", "exercise", 30)])
    found = queries.last_lines(student, by)
    assert [(line.title, line.kind) for line in found] == [
        ("Minuet in G", "piece"),
        ("Scales", "exercise"),
        ("Gavotte", "piece"),
    ]
    assert [line.title for line in queries.last_lines(student, by, limit=1)] == ["Minuet in G"]


def test_last_lines_of_a_guest_hold_nothing_private(cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), is_private=True, lines=[Line("Love song")])
    assert "Love song" in [line.title for line in queries.last_lines(cast.student, cast.user("guardian"))]
    assert "Love song" not in [line.title for line in queries.last_lines(cast.student, cast.user("logger"))]


@pytest.mark.parametrize("count", [1, 3, 50])
def test_recent_entries_cost_one_query(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        entry = make_entry(
            cast.student, cast.user("student"), minutes=1, lines=[Line(f"Etude {number}", minutes=1)]
        )
        entry.focus_areas.set(FocusArea.objects.all()[:2])
    with django_assert_num_queries(1):
        found = queries.recent_entries(cast.user("teacher"), cast.student, count)
        shown = [(entry.shown_lines, entry.shown_areas, str(entry.addressed_to)) for entry in found]
    assert len(found) == count
    assert shown[0][0][0].title == f"Etude {count - 1}"
    assert len(shown[0][1]) == 2


def test_an_entry_shows_its_lines_without_annotations_too(cast: Cast) -> None:
    cast.entry.focus_areas.set(FocusArea.objects.filter(slug="tone"))
    entry = PracticeEntry.objects.get(pk=cast.entry.pk)
    assert [line.title for line in entry.shown_lines] == ["Minuet in G"]
    assert [str(area) for area in entry.shown_areas] == ["Tone"]


def test_comments_are_counted_as_far_as_one_may_read_them(cast: Cast) -> None:
    comment(cast, AuthorRole.GUARDIAN, "guardian")
    comment(cast, AuthorRole.TEACHER, "teacher", thread=cast.teaching)
    comment(cast, AuthorRole.TEACHER, "second_teacher", thread=cast.second_teaching)
    counts = {
        name: next(
            vars(entry)["comment_count"]
            for entry in queries.recent_entries(cast.user(name), cast.student, 9)
            if entry == cast.entry
        )
        for name in ("student", "guardian", "teacher", "second_teacher", "viewer")
    }
    assert counts == {"student": 3, "guardian": 3, "teacher": 2, "second_teacher": 2, "viewer": 1}


def counts(user: User) -> dict[UUID, int]:
    return {each.student: each.count for each in queries.new_counts(user)}


def test_new_counts_per_student(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    teacher = cast.user("second_teacher")
    make_teaching(teacher, cast.student, "Viola")
    make_entry(cast.student, cast.user("student"))  # new through both teachings, counted once
    other = make_student("Ole")
    make_teaching(teacher, other)
    with django_assert_num_queries(1):
        assert counts(teacher) == {cast.student.pk: 3}
    assert counts(cast.user("teacher")) == {cast.student.pk: 2}
    assert counts(cast.user("former_teacher")) == {}


def test_new_marks_show_on_the_teachers_list_until_seen(cast: Cast) -> None:
    teacher = cast.user("teacher")
    (entry,) = queries.recent_entries(teacher, cast.student, 5)
    assert entry.is_new
    services.mark_seen(teacher=teacher, mark_ids=entry.new_marks)
    assert [e.is_new for e in queries.recent_entries(teacher, cast.student, 5)] == [False]
    assert {e.is_new for e in queries.recent_entries(cast.user("guardian"), cast.student, 5)} == {False}


def roles(cast: Cast, student: Student) -> dict[str, str | None]:
    def role(name: str) -> str | None:
        annotated = Student.objects.annotate(role=reader_role(cast.user(name)))
        found: str | None = annotated.values_list("role", flat=True).get(pk=student.pk)
        return found

    return {name: role(name) for name in vars(cast.people)}


def test_who_is_something_to_one_student_is_nothing_to_another(cast: Cast) -> None:
    found = roles(cast, cast.other_student)
    assert {name: role for name, role in found.items() if role} == {
        "other_guardian": "guardian",
        "other_teacher": "teacher",
    }


def test_the_role_follows_the_relationship(cast: Cast) -> None:
    assert roles(cast, cast.student) == {
        "student": "student",
        "guardian": "guardian",
        "second_guardian": "guardian",
        "former_guardian": None,
        "other_guardian": None,
        "teacher": "teacher",
        "second_teacher": "teacher",
        "former_teacher": None,
        "viewer": "guest",
        "commenter": "guest",
        "logger": "guest",
        "expired_guest": None,
        "stranger": None,
        "other_teacher": None,
        "staff": None,
        "superuser": None,
    }


def test_who_is_guardian_and_teacher_counts_as_guardian(cast: Cast) -> None:
    make_teaching(cast.user("guardian"), cast.student, "Voice")
    role = reader_role(cast.user("guardian"), "student_id")
    assert PracticeEntry.objects.annotate(role=role).values_list("role", flat=True)[0] == "guardian"
