"""The whole matrix of the diary, by equality: who may do what, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.practice import permissions, queries
from apps.practice.models import (
    CommentThanks,
    EntryComment,
    FocusArea,
    PracticeDay,
    PracticeEntry,
    WeekSignOff,
)
from apps.practice.models.comments import CHANGED_WITHIN, AuthorRole
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.practice import make_entry, make_filter, make_sign_off
from tests.factories.private_teaching import make_teaching

FAMILY = {"student", "guardian", "second_guardian"}
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}

ENTRY = {
    "view": FAMILY | TEACHERS | GUESTS,
    "comment": FAMILY | TEACHERS | {"commenter", "logger"},
    "change": FAMILY,
    "delete": FAMILY,
    "amend": set(),
    "view_revisions": FAMILY,
    "attach_evidence": FAMILY,
    "play_together": FAMILY,
}
PRIVATE = {
    "view": FAMILY,
    "comment": FAMILY,
    "change": FAMILY,
    "delete": FAMILY,
    "amend": set(),
    "view_revisions": FAMILY,
    "attach_evidence": FAMILY,
    "play_together": set(),
}
ADDRESSED_TO_SECOND = PRIVATE | {
    "view": FAMILY | {"second_teacher"},
    "comment": FAMILY | {"second_teacher"},
}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    return {
        name for name, user in vars(cast.people).items() if access.allowed(queryset, action, user).exists()
    }


@pytest.mark.parametrize("action", ENTRY)
def test_shared_entry(cast: Cast, action: str) -> None:
    assert who(cast, cast.entry, action) == ENTRY[action]


@pytest.mark.parametrize("action", PRIVATE)
def test_private_entry(cast: Cast, action: str) -> None:
    assert who(cast, cast.private_entry, action) == PRIVATE[action]


@pytest.mark.parametrize("action", ADDRESSED_TO_SECOND)
def test_entry_for_one_teacher(cast: Cast, action: str) -> None:
    assert who(cast, cast.addressed_entry, action) == ADDRESSED_TO_SECOND[action]


@pytest.mark.parametrize("near", ["nobody", "teacher", "guardian"])
def test_what_is_old_stays_open_only_to_who_learns_alone(cast: Cast, near: str) -> None:
    student = make_student("Ada", user=cast.user("stranger"), age_band=AgeBand.ADULT)
    if near == "teacher":
        make_teaching(cast.user("teacher"), student)
    elif near == "guardian":
        make_guardianship(student, cast.user("guardian"))
    row = make_entry(student, cast.user("stranger"))
    PracticeEntry.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert (
        who(cast, row, "change") == who(cast, row, "delete") == ({"stranger"} if near == "nobody" else set())
    )


def test_signed_weeks(cast: Cast) -> None:
    """The teacher for whom it was signed, as long as they teach; no other one, and no guest."""
    row = make_sign_off(cast.teaching, cast.student.today(timezone.now()), cast.user("guardian"))
    assert type(row) is WeekSignOff
    assert who(cast, row, "view") == FAMILY | {"teacher"}
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=timezone.now())
    assert who(cast, row, "view") == FAMILY


def said_by(cast: Cast, name: str, role: AuthorRole, **fields: Any) -> EntryComment:
    now = timezone.now()
    return EntryComment.objects.create(
        entry=cast.entry, author=cast.user(name), author_role=role, body="Hm", created_at=now, **fields
    )


def test_a_comment_of_a_teacher_in_their_thread(cast: Cast) -> None:
    row = said_by(cast, "teacher", AuthorRole.TEACHER, thread=cast.teaching)
    readers = FAMILY | {"teacher"}
    for action in ("view", "know_of", "report"):
        assert who(cast, row, action) == readers
    assert who(cast, row, "change") == who(cast, row, "delete") == {"teacher"}
    assert who(cast, row, "thank") == FAMILY
    assert who(cast, row, "view_versions") == set()
    EntryComment.objects.update(deleted_at=timezone.now())
    assert who(cast, row, "know_of") == who(cast, row, "report") == readers
    for action in ("view", "change", "delete", "thank"):
        assert who(cast, row, action) == set()
    assert who(cast, row, "view_versions") == {"teacher", "guardian", "second_guardian"}


def test_a_comment_to_everybody(cast: Cast) -> None:
    row = said_by(cast, "student", AuthorRole.STUDENT, changed_at=timezone.now())
    assert who(cast, row, "view") == FAMILY | TEACHERS | GUESTS
    assert who(cast, row, "thank") == FAMILY - {"student"} | TEACHERS | {"commenter", "logger"}
    assert who(cast, row, "view_versions") == {"student"}
    EntryComment.objects.update(created_at=timezone.now() - CHANGED_WITHIN)
    assert who(cast, row, "change") == set()
    assert who(cast, row, "delete") == {"student"}


def test_thanks_are_taken_back_by_who_said_them(cast: Cast) -> None:
    row = said_by(cast, "teacher", AuthorRole.TEACHER, thread=cast.teaching)
    thanks = CommentThanks.objects.create(comment=row, user=cast.user("viewer"), created_at=timezone.now())
    assert who(cast, thanks, "take_back") == {"viewer"}


def test_every_rule_of_the_diary_has_its_row(cast: Cast) -> None:
    found = {action for model, action in access.registered_rules() if model is PracticeEntry}
    assert found == set(ENTRY)
    assert {action for model, action in access.registered_rules() if model is EntryComment} == {
        "view",
        "know_of",
        "report",
        "delete",
        "change",
        "thank",
        "view_versions",
    }


def test_the_short_form_of_the_audience_equals_the_rule(cast: Cast) -> None:
    """``audience_as`` and ``thread_as``, which the history uses, say what the rules say, for everybody."""
    make_teaching(cast.user("guardian"), cast.student, "Voice")
    make_teaching(cast.user("viewer"), cast.student, "Oboe")
    make_entry(cast.student, cast.user("logger"))
    rows = PracticeEntry.objects.all()
    PracticeEntry.objects.filter(pk=make_entry(cast.student, cast.user("student")).pk).update(
        deleted_at=timezone.now()
    )
    for thread in (None, cast.teaching, cast.second_teaching):
        for author in ("guardian", "teacher", "second_teacher", "commenter", "viewer"):
            EntryComment.objects.create(
                entry=cast.entry,
                thread=thread,
                author=cast.user(author),
                author_role="guest",
                body="Hm",
                created_at=timezone.now(),
            )
    EntryComment.objects.filter(author=cast.user("teacher"), thread=None).update(deleted_at=timezone.now())
    readers = 0
    for user in vars(cast.people).values():
        known = access.allowed(
            queries.with_people(Student.objects.filter(pk=cast.student.pk), user), "view", user
        )
        for student in known:
            readers += 1
            head = queries.diary_head(student, user)
            short = permissions.audience_as(head.role, head.own_teachings)
            assert set(rows.kept().filter(short)) == set(access.allowed(rows, "view", user))
            days = PracticeDay.objects.all()
            assert set(days.filter(short)) == set(access.allowed(days, "view", user))
            said = EntryComment.objects.all()
            threads = permissions.thread_as(user, head.role, head.own_teachings)
            assert set(said.filter(threads)) == set(access.allowed(said, "view", user))
    assert readers == 8


def test_own_focus_areas_are_the_familys(cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), own_area="Nerves")
    area = FocusArea.objects.get(student=cast.student)
    assert who(cast, cast.student, "name_areas") == who(cast, area, "change") == FAMILY
    assert who(cast, FocusArea.objects.get(slug="tone"), "change") == set()
    FocusArea.objects.filter(pk=area.pk).update(is_archived=True)
    assert who(cast, area, "change") == set()


def test_a_saved_filter_is_its_owners_while_they_may_read_the_diary(cast: Cast) -> None:
    """Rows of ``SavedFilter``: nobody else's, not even the family's."""
    for name in FAMILY | TEACHERS | GUESTS:
        saved = make_filter(cast.user(name), cast.student)
        assert who(cast, saved, "change") == {name}
    for name in ("former_guardian", "former_teacher", "expired_guest", "stranger"):
        assert who(cast, make_filter(cast.user(name), cast.student), "change") == set()
