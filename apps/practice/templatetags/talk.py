"""What stands around a comment: who was glad of it, and what it is about."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.practice.models import EntryComment
from apps.practice.queries import DiaryHead

register = template.Library()


def _glad(comment: EntryComment) -> list[dict[str, Any]]:
    """As annotated by ``queries.comments_of``."""
    found: list[dict[str, Any]] = vars(comment).get("glad", [])
    return found


@register.filter
def glad_ones(comment: EntryComment, reader: User) -> list[str]:
    """The names of those who said thanks, in the order in which they did; the reader as "you"."""
    names = [
        _("you") if each["user"] == str(reader.pk) else each["name"] or _("somebody")
        for each in _glad(comment)
    ]
    return list(dict.fromkeys(names))


@register.filter
def own_thanks(comment: EntryComment, reader: User) -> UUID | None:
    """The key of the reader's own thanks."""
    return next((UUID(each["id"]) for each in _glad(comment) if each["user"] == str(reader.pk)), None)


@register.filter
def line_in(comment: EntryComment, titles: Collection[str]) -> str:
    """The line that it is about, if the entry still has it: words that were taken out stay out."""
    return comment.about if comment.about in titles else ""


@register.filter
def is_unseen(comment: EntryComment, head: DiaryHead) -> bool:
    """New to the reader from the family; a teacher's new things are marked with the entry."""
    return head.is_family and bool(vars(comment).get("is_new"))
