"""Mails about the diary, rendered when they are sent."""

from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import Guardianship, Student, User
from apps.core import access, news, outbox
from apps.core.mailing import absolute_url, render_email

from .models import EntryComment
from .news import COMMENT

COMMENT_LIFETIME = timedelta(days=3)


@outbox.kind("practice.comment")
def comment_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """A teacher's words for one reader; none when they were taken back or the reader may not read them."""
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if reader is None:
        return None
    readable = access.allowed(EntryComment.objects.all(), "view", reader)
    comment = (
        readable.select_related("author", "entry__student").filter(pk=UUID(str(payload["comment"]))).first()
    )
    if comment is None or comment.author is None or comment.entry.deleted_at is not None:
        return None
    return render_email(
        "comment",
        {
            "author": comment.author.get_full_name(),
            "student": comment.entry.student.name,
            "student_first_name": comment.entry.student.get_short_name(),
            "is_own": comment.entry.student.user_id == reader.pk,
            "practised_on": comment.entry.practised_on,
            "body": comment.body,
            "url": absolute_url("practice:entry-detail", comment.entry_id),
        },
    )


def tell_family(*, comment: EntryComment, student_id: UUID, by: User, now: datetime) -> None:
    """The student's login and the guardians hear of a teacher's comment, on their pages and by mail."""
    guardians = Guardianship.objects.current().filter(student=student_id).values("guardian")
    login = Student.objects.filter(pk=student_id, user__isnull=False).values("user")
    readers = User.objects.filter(pk__in=guardians.union(login, all=True), is_active=True)
    told = list(readers.exclude(pk=by.pk))
    word = news.Word(about=comment.pk, student_id=student_id, readers=told)
    news.tell(kind=COMMENT, words=[word], now=now)
    for reader in told:
        outbox.post(
            kind="practice.comment",
            key=f"practice.comment:{comment.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"comment": str(comment.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + COMMENT_LIFETIME,
        )
