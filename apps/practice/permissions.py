"""Rules of the diary: an entry follows its student, a teacher's arm is narrower."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.accounts.models.students import family_ids, guarded_ids
from apps.core.access import rule
from apps.private_teaching.audiences import audience, own_teachings
from apps.private_teaching.models import Teaching
from apps.private_teaching.permissions import granted_ids, students_of

from .models import (
    CommentThanks,
    EntryComment,
    FocusArea,
    PracticeDay,
    PracticeEntry,
    SavedFilter,
    WeekSignOff,
)
from .models.comments import CHANGED_WITHIN, AuthorRole


def audience_as(role: str, teachings: Collection[UUID]) -> Q:
    """``audience`` among one student's rows, for a reader whose role the student's own door has told.

    The same rows at a fifth of the cost: the general rule asks who the reader is in every query anew.
    ``teachings`` are the reader's own current ones. A test holds both against each other.
    """
    if role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN):
        return Q()
    own = Q(addressed_to__in=teachings) if teachings else Q(pk__in=[])
    return Q(is_private=False) & (Q(addressed_to__isnull=True) | own)


def thread_as(user: User, role: str, teachings: Collection[UUID]) -> Q:
    """``may_view_comment`` among the comments of an entry that the reader may view, likewise."""
    if role in (AuthorRole.STUDENT, AuthorRole.GUARDIAN):
        return Q(deleted_at__isnull=True)
    own = Q(thread__in=teachings) if teachings else Q(pk__in=[])
    return Q(deleted_at__isnull=True) & (Q(thread__isnull=True) | Q(author=user) | own)


@rule(PracticeEntry, "view")
def may_view(user: User) -> Q:
    return Q(deleted_at__isnull=True) & audience(user)


@rule(PracticeDay, "view")
def may_count(user: User) -> Q:
    """Counts follow what may be read, so that no figure betrays a private entry."""
    return audience(user)


@rule(PracticeEntry, "comment")
def may_comment(user: User) -> Q:
    return Q(deleted_at__isnull=True) & audience(user, grant="comment_student")


def editable_now() -> Q:
    """Others rely on what they have seen: what is shared locks after a day; the rest stays open.

    Not shared means private, or of a student with neither teacher nor guardian.
    """
    since = Now() - timedelta(hours=settings.PRACTICE_EDIT_WINDOW_HOURS)
    student = OuterRef("student")
    taught = Exists(Teaching.objects.current().filter(student=student))
    guarded = Exists(Guardianship.objects.current().filter(student=student))
    return Q(created_at__gt=since) | Q(is_private=True) | (~Q(taught) & ~Q(guarded))


@rule(PracticeEntry, "change", "delete")
def may_change(user: User) -> Q:
    """The family, while the entry is open; a guest who may log, what they logged themselves."""
    shared = Q(is_private=False, addressed_to__isnull=True)
    logged_as_guest = shared & Q(logged_by=user, student__in=granted_ids(user, "log_practice_student"))
    mine = Q(student__in=family_ids(user)) | logged_as_guest
    return Q(deleted_at__isnull=True) & mine & editable_now()


@rule(PracticeEntry, "amend")
def may_amend(user: User) -> Q:
    """When the entry has locked, the family adds a correction instead."""
    return Q(deleted_at__isnull=True, student__in=family_ids(user)) & ~editable_now()


@rule(PracticeEntry, "view_revisions")
def may_view_revisions(user: User) -> Q:
    """The family sees every version; versions may hold what was private once."""
    return Q(deleted_at__isnull=True, student__in=family_ids(user))


@rule(EntryComment, "know_of", "report")
def may_know_of_comment(user: User) -> Q:
    """That there is one, also when it was taken back. All of them for the family; for others what is open to
    all, their own thread, their own words. What was taken back can still be reported.

    The entry's own rule is asked through the join: as a list of ids it would hold every entry the user
    may read.
    """
    mine = Q(thread__isnull=True) | Q(thread__in=own_teachings(user)) | Q(author=user)
    return (
        Q(entry__deleted_at__isnull=True)
        & audience(user, path="entry__")
        & (Q(entry__student__in=family_ids(user)) | mine)
    )


@rule(EntryComment, "view")
def may_view_comment(user: User) -> Q:
    return Q(deleted_at__isnull=True) & may_know_of_comment(user)


@rule(EntryComment, "delete")
def may_delete_comment(user: User) -> Q:
    """One's own words, while one may still read them."""
    return Q(author=user) & may_view_comment(user)


@rule(EntryComment, "change")
def may_change_comment(user: User) -> Q:
    """One's own words, for a quarter of an hour."""
    return Q(created_at__gt=Now() - CHANGED_WITHIN) & may_delete_comment(user)


@rule(EntryComment, "thank")
def may_thank(user: User) -> Q:
    """Somebody else, for what one may read and could answer."""
    answerable = audience(user, path="entry__", grant="comment_student")
    return Q(author__isnull=False) & ~Q(author=user) & may_view_comment(user) & answerable


@rule(EntryComment, "view_versions")
def may_view_versions(user: User) -> Q:
    """What it said before, or said until it was taken back: its author, and the guardians of the student for
    what others than the student wrote. Nobody talks to a child behind their back."""
    of_others = Q(entry__student__in=guarded_ids(user)) & ~Q(author_role=AuthorRole.STUDENT)
    touched = Q(changed_at__isnull=False) | Q(deleted_at__isnull=False)
    return touched & may_know_of_comment(user) & (Q(author=user) | of_others)


@rule(CommentThanks, "take_back")
def may_take_back_thanks(user: User) -> Q:
    """One's own, always."""
    return Q(user=user)


@rule(WeekSignOff, "view")
def may_view_sign_off(user: User) -> Q:
    """The family, and the teacher for whom it was signed, as long as they teach."""
    return Q(student__in=family_ids(user)) | Q(teaching__in=own_teachings(user))


@rule(SavedFilter, "change")
def may_change_filter(user: User) -> Q:
    """One's own, of a diary that one may still read."""
    return Q(user=user, student__in=students_of(user))


@rule(Student, "name_areas")
def may_name_areas(user: User) -> Q:
    """Another's list of a student's own focus areas would tell of private entries."""
    return Q(pk__in=family_ids(user))


@rule(FocusArea, "change")
def may_change_area(user: User) -> Q:
    """The student's own, of the family; everybody's belong to nobody."""
    return Q(is_archived=False, student__in=family_ids(user))


def reader_role(user: User, student: str = "pk") -> Case:
    """What the user is to a student, as an annotation; None for who has nothing to do with them.

    ``student`` is the path to the student's id. Who is two things counts as the one that sees more.
    """
    here = OuterRef(student)
    arms: list[tuple[QuerySet[Any, Any], AuthorRole]] = [
        (Student.objects.own(user).filter(pk=here), AuthorRole.STUDENT),
        (Guardianship.objects.current().filter(guardian=user, student=here), AuthorRole.GUARDIAN),
        (Teaching.objects.current().by(user).filter(student=here), AuthorRole.TEACHER),
        (StudentGrant.objects.live().filter(user=user, content_object=here), AuthorRole.GUEST),
    ]
    return Case(
        *(When(Exists(rows), then=Value(role.value)) for rows, role in arms),
        default=None,
        output_field=CharField(null=True),
    )
