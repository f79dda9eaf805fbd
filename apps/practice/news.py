"""What people are told about the diary."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import access, news
from apps.core.addresses import addresses_of
from apps.core.templatetags.ui import short_day

from .models import EntryComment

COMMENT = "practice.comment"


@news.kind(COMMENT)
def comment_lines(reader: User, about: Collection[UUID]) -> Mapping[UUID, news.Line]:
    """That a teacher said something; the words stand where they were said."""
    rows = EntryComment.objects.kept().filter(pk__in=about, author__isnull=False, entry__deleted_at=None)
    seen = access.allowed(rows, "view", reader).select_related("author", "entry__student")
    address = addresses_of("practice:entry-detail")
    return {
        row.pk: news.Line(
            text=_comment_words(row, reader), url=f"{address(row.entry_id)}#comment-{row.pk}", icon="comment"
        )
        for row in seen
    }


def _comment_words(row: EntryComment, reader: User) -> str:
    student = row.entry.student
    words = {
        "teacher": row.author.get_full_name() if row.author else "",
        "student": student.get_short_name(),
        "day": short_day(row.entry.practised_on),
    }
    if student.user_id == reader.pk:
        return _("%(teacher)s said something about your practice of %(day)s.") % words
    return _("%(teacher)s said something about the practice of %(student)s on %(day)s.") % words


def forget_comments(comments: Collection[UUID]) -> None:
    """They were taken back, or their entry was deleted."""
    news.take_back(kind=COMMENT, about=comments)


def saw_comments(comments: Collection[UUID], *, by: User, now: datetime) -> None:
    """This person has read them where they stand."""
    news.seen(kind=COMMENT, about=comments, by=by, now=now)
