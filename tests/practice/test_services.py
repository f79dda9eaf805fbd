"""Logging, changing and deleting: what is stored, counted and marked new."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from apps.accounts.models import Student
from apps.notifications.models import Delivery
from apps.practice import queries, services
from apps.practice.content import EntryContent, Line
from apps.practice.models import EntryComment, FocusArea, NewMark, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.models.entries import LONG_TEXTS
from apps.practice.queries import find_head
from apps.practice.refusals import refusal
from apps.private_teaching.services import end_teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching


def parts(cast: Cast) -> set[tuple[bool, object, int, int]]:
    rows = PracticeDay.objects.filter(student=cast.student)
    return set(rows.values_list("is_private", "addressed_to", "sessions", "minutes"))


def test_a_day_is_summed_per_audience(cast: Cast) -> None:
    assert parts(cast) == {
        (False, None, 1, 30),
        (True, None, 1, 30),
        (False, cast.second_teaching.pk, 1, 30),
    }


def test_a_change_moves_the_minutes_to_the_new_day_and_audience(cast: Cast) -> None:
    yesterday = cast.entry.practised_on - timedelta(days=1)
    services.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(
            practised_on=yesterday, minutes=45, is_private=True, description="Scales, slowly"
        ),
        now=timezone.now(),
    )
    rows = set(PracticeDay.objects.values_list("practised_on", "is_private", "addressed_to", "minutes"))
    assert rows == {
        (yesterday, True, None, 45),
        (cast.entry.practised_on, True, None, 30),
        (cast.entry.practised_on, False, cast.second_teaching.pk, 30),
    }
    assert not NewMark.objects.filter(entry=cast.entry).exists()


def test_marks_follow_who_may_read(cast: Cast) -> None:
    marks = set(NewMark.objects.values_list("entry", "teaching"))
    assert marks == {
        (cast.entry.pk, cast.teaching.pk),
        (cast.entry.pk, cast.second_teaching.pk),
        (cast.addressed_entry.pk, cast.second_teaching.pk),
    }


def test_the_same_key_saves_once(cast: Cast) -> None:
    key, now = uuid4(), timezone.now()
    content = EntryContent(practised_on=cast.student.today(now), minutes=10, lines=[Line("Etude")])
    call = {"key": key, "student": cast.student, "by": cast.user("student"), "content": content, "now": now}
    services.log_entry(**call)  # type: ignore[arg-type]
    with pytest.raises(services.EntryAlreadyLogged):
        services.log_entry(**call)  # type: ignore[arg-type]
    assert PracticeEntry.objects.filter(student=cast.student, minutes=10).count() == 1


@pytest.mark.parametrize("minutes", [301, 1440])
def test_a_taught_student_splits_long_sessions(cast: Cast, minutes: int) -> None:
    with pytest.raises(services.SessionIsTooLong) as error:
        make_entry(cast.student, cast.user("student"), minutes=minutes)
    assert error.value.limit == 300


def test_a_day_has_1440_minutes(cast: Cast) -> None:
    for _ in range(4):
        make_entry(cast.student, cast.user("student"), minutes=300)
    make_entry(cast.student, cast.user("student"), minutes=150)
    with pytest.raises(services.DayIsTooLong):
        make_entry(cast.student, cast.user("student"), minutes=1)


def test_logging_costs_few_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(7):  # savepoint and release included
        make_entry(cast.student, cast.user("student"))


@pytest.mark.parametrize(
    "otherwise",
    [{"minutes": 11}, {"notes": "More"}, {"lines": [Line("Etude", minutes=10)]}, {"focus_areas": "scales"}],
)
def test_the_same_key_with_other_words_is_not_taken_for_saved(
    cast: Cast, otherwise: dict[str, object]
) -> None:
    """Somebody went back to the form and corrected it: "saved" would be a lie."""
    key, now = uuid4(), timezone.now()
    if "focus_areas" in otherwise:
        otherwise = {"focus_areas": list(FocusArea.objects.filter(slug="scales"))}
    said = EntryContent(practised_on=cast.student.today(now), minutes=10, lines=[Line("Etude")])
    call = {"key": key, "student": cast.student, "by": cast.user("student"), "now": now}
    services.log_entry(content=said, **call)  # type: ignore[arg-type]
    with pytest.raises(services.SavedBeforeOtherwise):
        services.log_entry(content=replace(said, **otherwise), **call)  # type: ignore[arg-type]
    assert PracticeEntry.objects.get(pk=key).minutes == 10


def test_the_key_of_a_deleted_entry_is_not_taken_for_saved(cast: Cast) -> None:
    key, now = uuid4(), timezone.now()
    said = EntryContent(practised_on=cast.student.today(now), minutes=10, lines=[Line("Etude")])
    call = {"key": key, "student": cast.student, "by": cast.user("student"), "content": said, "now": now}
    entry = services.log_entry(**call)  # type: ignore[arg-type]
    services.delete_entry(entry=entry, by=cast.user("student"), now=now)
    with pytest.raises(services.KeyIsTaken):
        services.log_entry(**call)  # type: ignore[arg-type]


def hide(cast: Cast) -> None:
    content = EntryContent(
        practised_on=cast.entry.practised_on, minutes=5, is_private=True, description="For us alone"
    )
    services.change_entry(entry=cast.entry, by=cast.user("guardian"), content=content, now=timezone.now())


def comment(cast: Cast, entry: PracticeEntry, name: str, role: AuthorRole) -> None:
    services.add_comment(
        key=uuid4(), entry=entry, by=cast.user(name), role=role, body="Well done", now=timezone.now()
    )


def test_words_under_what_became_private_meanwhile_are_new_to_no_teacher(cast: Cast) -> None:
    """A mark that no teacher can open would never go away, and tell that something is there."""
    opened = PracticeEntry.objects.get(pk=cast.entry.pk)
    hide(cast)
    comment(cast, opened, "student", AuthorRole.STUDENT)
    assert EntryComment.objects.filter(entry=cast.entry).count() == 1
    assert not NewMark.objects.filter(entry=cast.entry).exists()


@pytest.mark.parametrize("meanwhile", ["private", "deleted", "ended"])
def test_a_teacher_says_nothing_under_what_they_may_no_longer_read(cast: Cast, meanwhile: str) -> None:
    opened = PracticeEntry.objects.get(pk=cast.entry.pk)
    if meanwhile == "private":
        hide(cast)
    elif meanwhile == "deleted":
        services.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
    else:
        end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
    with pytest.raises(services.EntryIsLocked):
        comment(cast, opened, "teacher", AuthorRole.TEACHER)
    assert not EntryComment.objects.exists()
    assert not Delivery.objects.exists()


def test_words_under_what_was_deleted_meanwhile_mark_nothing(cast: Cast) -> None:
    opened = PracticeEntry.objects.get(pk=cast.entry.pk)
    services.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
    with pytest.raises(services.EntryIsLocked):
        comment(cast, opened, "student", AuthorRole.STUDENT)
    assert not NewMark.objects.filter(entry=cast.entry).exists()


# What happens at the edges


def test_deleting_twice_changes_nothing_more(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first, later = timezone.now(), timezone.now() + timedelta(hours=1)
    services.delete_entry(entry=cast.entry, by=cast.user("student"), now=first)
    before = parts(cast)
    with django_capture_on_commit_callbacks() as news:
        services.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=later)
    assert news == []
    assert PracticeEntry.objects.get(pk=cast.entry.pk).deleted_at == first
    assert parts(cast) == before


def test_what_the_database_refuses_is_no_entry_and_no_silence(cast: Cast) -> None:
    """Private and for one teacher at once: no form can say so; whoever calls like this must hear it."""
    content = EntryContent(
        practised_on=cast.entry.practised_on,
        minutes=5,
        description="Both at once",
        is_private=True,
        addressed_to=cast.teaching,
    )
    before = parts(cast)
    with pytest.raises(IntegrityError, match="entry_private_or_addressed"):
        services.log_entry(
            key=uuid4(), student=cast.student, by=cast.user("student"), content=content, now=timezone.now()
        )
    assert parts(cast) == before


@pytest.mark.parametrize(
    ("said", "error", "field"),
    [
        ({"minutes": 0}, services.SessionIsTooShort, "minutes"),
        ({"minutes": -1}, services.SessionIsTooShort, "minutes"),
        ({"lines": []}, services.NothingWasSaid, "description"),
        ({"lines": [], "description": "too short"}, services.NothingWasSaid, "description"),
        ({"description": "x" * 501}, services.TextIsTooLong, "description"),
        ({"struggles": "x" * 2001}, services.TextIsTooLong, "struggles"),
        ({"achievements": "x" * 2001}, services.TextIsTooLong, "achievements"),
        ({"notes": "x" * 5001}, services.TextIsTooLong, "notes"),
    ],
)
def test_the_service_holds_every_limit_without_a_form(
    cast: Cast, said: dict[str, Any], error: type[services.EntryIsNotPossible], field: str
) -> None:
    before = PracticeEntry.objects.count()
    with pytest.raises(error) as refused:
        make_entry(cast.student, cast.user("student"), **said)
    assert refused.value.field == field
    assert refusal(refused.value, "Mia")
    plain: dict[str, Any] = {"practised_on": cast.entry.practised_on, "minutes": 5, "lines": [Line("Etude")]}
    content = EntryContent(**plain | said)
    with pytest.raises(error):
        services.change_entry(entry=cast.entry, by=cast.user("student"), content=content, now=timezone.now())
    assert PracticeEntry.objects.count() == before


@pytest.mark.parametrize(("name", "limit"), LONG_TEXTS.items())
def test_the_database_holds_the_length_of_texts(cast: Cast, name: str, limit: int) -> None:
    row = PracticeEntry.objects.filter(pk=cast.entry.pk)
    row.update(**{name: "é" * limit})
    with pytest.raises(IntegrityError, match=f"entry_{name}_length"), transaction.atomic():
        row.update(**{name: "é" * (limit + 1)})


@pytest.mark.parametrize(
    ("body", "constraint"), [("", "comment_has_a_body"), ("x" * 2001, "comment_body_length")]
)
def test_a_comment_that_the_database_refuses_is_not_taken_for_another_key(
    cast: Cast, body: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        services.add_comment(
            key=uuid4(),
            entry=cast.entry,
            by=cast.user("teacher"),
            role=AuthorRole.TEACHER,
            body=body,
            now=timezone.now(),
        )


def test_nobody_logs_for_a_student_who_is_gone(cast: Cast) -> None:
    gone = make_student("Gone")
    Student.objects.filter(pk=gone.pk).delete()
    content = EntryContent(practised_on=gone.today(timezone.now()), minutes=5, description="Too late, alas")
    with pytest.raises(Student.DoesNotExist):
        services.log_entry(
            key=uuid4(), student=gone, by=cast.user("guardian"), content=content, now=timezone.now()
        )


def test_a_child_without_a_login_is_not_named_among_the_readers(cast: Cast) -> None:
    child = make_student("Kim")
    for name in ("guardian", "second_guardian"):
        make_guardianship(child, cast.user(name))
    make_teaching(cast.user("teacher"), child)
    head = find_head(cast.user("guardian"), child.pk, "view")
    assert head is not None
    other, teacher = str(cast.user("second_guardian")), str(cast.user("teacher"))
    assert head.readers(cast.user("guardian")) == ["you", other, f"{teacher} (teacher)"]
    assert head.private_readers(cast.user("guardian")) == ["you", other]


def test_who_is_let_in_between_two_looks_gets_the_page(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "find_head", lambda *args, **more: None)
    client.force_login(cast.user("teacher"))
    answer = client.get(f"/students/{cast.student.pk}/diary/")
    assert answer.status_code == 200
    assert [entry.pk for entry in answer.context["rows"]] == [cast.entry.pk]
    client.force_login(cast.user("stranger"))
    assert client.get(f"/students/{cast.student.pk}/diary/").status_code == 404
