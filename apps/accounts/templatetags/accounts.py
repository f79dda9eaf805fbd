"""Words about one's own account."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import PurePosixPath
from uuid import UUID

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.drawings import SIGNS
from apps.accounts.models import Student, User
from apps.core.templatetags.ui import avatar, short_day

register = template.Library()


@register.simple_tag(takes_context=True)
def face(context: Context, person: User | None, size: str = "", name: str = "") -> SafeString:
    """A person's photo, or the initials. ``name`` where the page calls them by another one.

    Staff who see the page as somebody else does get initials: photos are none of their pages.
    """
    words = name or (person.get_full_name() if person else "")
    # An include with ``only`` keeps the request, but not under its name.
    request = getattr(context, "request", None)
    is_look = getattr(request, "look", None) is not None
    return avatar(words, size, photo_of(person) if person and not is_look else "")


@register.filter
def shown_in(person: User | None, faces: Collection[UUID]) -> User | None:
    """The person, if their photo is among those that the reader sees (``queries.faces_for``)."""
    return person if person and person.pk in faces else None


@register.simple_tag
def student_face(student: Student, size: str = "", name: str = "") -> SafeString:
    """The drawing that a student chose, or the initials."""
    return avatar(name or student.name, size, sign=SIGNS.get(student.picture, ""))


@register.filter
def photo_of(person: User, large: bool = False) -> str:
    """The address of a person's photo, for who may see it; empty if there is none."""
    path = person.avatar if large else person.avatar_small
    return reverse("accounts:avatar-show", args=[person.pk, PurePosixPath(path).stem]) if path else ""


@register.filter
def seen(seen_at: datetime, today: date) -> str:
    """When a session was last seen, as roughly as somebody remembers it, in the reader's zone."""
    days = (today - timezone.localdate(seen_at)).days
    if days <= 0:
        return _("Last seen today.")
    if days == 1:
        return _("Last seen yesterday.")
    return _("Last seen on %(day)s.") % {"day": short_day(timezone.localdate(seen_at))}
