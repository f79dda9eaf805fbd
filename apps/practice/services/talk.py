"""What becomes of a comment after it was written: other words, thanks, and who has seen it."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import require_collection
from apps.core import access
from apps.practice.models import CommentThanks, EntryComment, PracticeEntry, TalkSeen
from apps.practice.models.comments import AuthorRole
from apps.practice.news import saw_comments

from . import _lock, new_for_teachers
from .errors import ChangedMeanwhile, EntryIsLocked


@transaction.atomic
def change_comment(
    *, comment: EntryComment, by: User, body: str, now: datetime, version: str | None = None
) -> EntryComment:
    """Other words; a revision keeps those that stood there. What the family changes is new to its teachers.

    Raises EntryIsLocked when the quarter of an hour is over, or the comment or its entry is gone or closed;
    ChangedMeanwhile when other words stand there than those of ``version``; CollectionIsOff.
    """
    require_collection(_lock(comment.entry.student_id).student)
    found = access.allowed(EntryComment.objects.select_related("entry"), "change", by)
    row = found.filter(pk=comment.pk).first()
    if row is None:
        raise EntryIsLocked
    if row.body == body:
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    row.body, row.changed_at = body, now
    row.save(update_fields=["body", "changed_at"])
    if row.author_role != AuthorRole.TEACHER:
        new_for_teachers(entry=row.entry, by=by, now=now, thread=row.thread)
    return row


@transaction.atomic
def thank(*, comment: EntryComment, by: User, now: datetime) -> None:
    """Twice is once. Raises EntryIsLocked when it may not be thanked for any more; CollectionIsOff."""
    require_collection(_lock(comment.entry.student_id).student)
    if not access.is_allowed("thank", by, comment):
        raise EntryIsLocked
    CommentThanks.objects.get_or_create(comment=comment, user=by, defaults={"created_at": now})


def take_back_thanks(*, thanks: CommentThanks) -> None:
    """As if they had never been said. Twice is as good as once."""
    CommentThanks.objects.filter(pk=thanks.pk).delete()


@transaction.atomic
def see_talk(*, entry: PracticeEntry, by: User, until: datetime) -> None:
    """What was said until then is not new to this person any more; an older page takes nothing back."""
    row, created = TalkSeen.objects.get_or_create(entry=entry, user=by, defaults={"seen_at": until})
    if not created:
        TalkSeen.objects.filter(pk=row.pk, seen_at__lt=until).update(seen_at=until)
    said = EntryComment.objects.filter(entry=entry, created_at__lte=until)
    saw_comments(list(said.values_list("pk", flat=True)), by=by, now=until)
