"""People who said thanks for a comment and have seen the talk."""

from django.utils import timezone

from apps.practice.models import CommentThanks, EntryComment, TalkSeen
from tests.conftest import Cast
from tests.factories.accounts import make_user

from . import rows


def thanks(cast: Cast, numbers: range) -> None:
    """Of many people for one comment, who have all seen the talk."""
    comment = EntryComment.objects.filter(entry=cast.entry).first()
    if comment is None:
        rows.comments(cast, range(1))
        comment = EntryComment.objects.filter(entry=cast.entry)[0]
    for number in numbers:
        user = make_user(f"Reader {number}")
        CommentThanks.objects.create(comment=comment, user=user, created_at=timezone.now())
        TalkSeen.objects.create(entry=cast.entry, user=user, seen_at=timezone.now())
