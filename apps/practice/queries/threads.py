"""The talk under an entry: who may be spoken to, and what was said, thread by thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject, Now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.access import allowed, with_permission
from apps.practice.models import CommentThanks, EntryComment, PracticeEntry, TalkSeen
from apps.practice.models.comments import AuthorRole
from apps.private_teaching.models import Teaching

from .people import DiaryHead, Teacher


@dataclass(frozen=True, slots=True)
class Thread:
    """Comments in the order they were written. Without a title it is the only one."""

    teaching_id: UUID | None
    title: str
    comments: list[EntryComment]
    is_open: bool


# What was said before nobody calls new any more.
NEW_FOR = timedelta(days=30)


def comments_of(entry: PracticeEntry, user: User) -> list[EntryComment]:
    """What this user knows of under the entry, what was taken back too, with what they may do. One query."""
    found = allowed(EntryComment.objects.filter(entry=entry), "know_of", user)
    found = found.select_related("author", "thread__teacher").order_by("created_at", "pk")
    mays = {f"may_{action}": action for action in ("change", "delete", "thank", "view_versions")}
    return list(with_permission(found.annotate(**_around(user)), user, **mays))


def _around(user: User) -> dict[str, Any]:
    """Columns of a comment: who was glad of it, and whether it is new to this reader."""
    glad = CommentThanks.objects.filter(comment=OuterRef("pk")).order_by("created_at", "pk")
    names = JSONObject(id="pk", user="user_id", name="user__display_name")
    return {
        "glad": ArraySubquery(glad.values(data=names)),
        "is_new": is_unseen(user),
    }


def may_read(user: User, rows: QuerySet[EntryComment]) -> bool:
    return allowed(rows, "view", user).exists()


def unseen(user: User) -> Q:
    """Of comments: what others said lately, or changed since, and this person has not seen; whether they may
    read it is another question."""
    said_at = Coalesce(OuterRef("changed_at"), OuterRef("created_at"))
    seen = TalkSeen.objects.filter(user=user, entry=OuterRef("entry"), seen_at__gte=said_at)
    # The database's clock: some of the statements that hold this are prepared once.
    lately = Q(deleted_at__isnull=True, created_at__gt=Now() - NEW_FOR)
    return lately & ~Q(author=user) & Q(~Exists(seen))


def is_unseen(user: User) -> "ExpressionWrapper[Q]":
    """The same as a column."""
    return ExpressionWrapper(unseen(user), output_field=BooleanField())


def addressees(entry: PracticeEntry, head: DiaryHead) -> list[Teacher]:
    """The teachers of today who can read the entry, as far as this reader knows them."""
    if entry.is_private:
        return []
    return [t for t in head.current_teachers if entry.addressed_to_id in (None, t.teaching_id)]


def thread_choices(entry: PracticeEntry, head: DiaryHead) -> list[tuple[str, str]]:
    """What a family with several teachers may choose from; others have no choice."""
    if not head.is_family:
        return []
    everyone = ("", str(_("Everybody who sees this entry")))
    teachers = addressees(entry, head)
    return [everyone, *((str(t.teaching_id), t.label) for t in teachers)] if len(teachers) > 1 else [everyone]


def thread_for(entry: PracticeEntry, head: DiaryHead, chosen: UUID | None) -> Teaching | None:
    """The thread a comment goes to: a teacher's always the own one, a guest's the open one."""
    if head.role == AuthorRole.TEACHER:
        chosen = next((t.teaching_id for t in addressees(entry, head)), None)
    elif not head.is_family:
        chosen = None
    return Teaching.objects.get(pk=chosen) if chosen else None


def threads(comments: Iterable[EntryComment], entry: PracticeEntry, head: DiaryHead) -> list[Thread]:
    """One list for who knows one teacher; for the family of several, the open thread and one for each."""
    comments = list(comments)
    open_ids = {teacher.teaching_id for teacher in addressees(entry, head)}
    held = {comment.thread_id for comment in comments if comment.thread_id}
    if not head.is_family or len(open_ids | held) < 2:
        return [Thread(None, "", comments, is_open=True)]
    by_thread: dict[UUID | None, list[EntryComment]] = {None: []}
    for comment in comments:
        by_thread.setdefault(comment.thread_id, []).append(comment)
    labels = {teacher.teaching_id: teacher.label for teacher in head.teachers}
    return [
        Thread(
            pk,
            _("With %(name)s") % {"name": labels.get(pk, "")}
            if pk
            else str(_("Everybody who sees this entry")),
            found,
            is_open=pk is None or pk in open_ids,
        )
        for pk, found in by_thread.items()
    ]
