"""What every page needs to draw its navigation."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.desk.queries import MOST_NEW

from .roles import Roles, roles_of

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the navigation. ``badge`` is short and may be empty."""

    url: str
    label: str
    icon: str
    is_current: bool = False
    badge: str = ""


class Navigation:
    """Asked only by templates that draw it: a page without navigation pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _user(self) -> "User | None":
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def _roles(self) -> Roles | None:
        return roles_of(self._user) if self._user else None

    @property
    def requests(self) -> int:
        """How many families wait for this teacher's answer."""
        return self._roles.requests if self._roles else 0

    @cached_property
    def items(self) -> list[Item]:
        """A link for each thing that the person is; somebody who is nothing yet gets the start."""
        roles = self._roles
        if roles is None:
            return []
        found = []
        if roles.is_teacher:
            found.append(self._item("home:roster", _("Studio"), "teacher", badge=badge(roles.new_entries)))
        if roles.is_guardian:
            found.append(self._item("parent_portal:overview", _("Family"), "family"))
        if roles.own_student_id:
            found.append(self._item("home:student", _("Practice"), "music"))
        if not found or roles.is_guest:
            found.append(self._item("home:start", _("Start"), "home"))
        return [*found, self._item("tools:index", _("Tools"), "clock")]

    @property
    def news(self) -> Item | None:
        """The bell, for families: teachers find what is new in their inbox."""
        roles = self._roles
        if roles is None or not (roles.is_guardian or roles.own_student_id or roles.unread_news):
            return None
        return self._item("notifications:news-list", _("News"), "bell", badge=badge(roles.unread_news))

    @cached_property
    def account(self) -> list[Item]:
        """More links for the menu behind the reader's initials."""
        if self._user is None or self._user.is_child:
            return []
        found = [self._item("home:start", _("Teach, practise, join"), "plus")]
        if self._user.is_staff:
            found.append(self._item("admin:index", _("Administration"), "shield"))
        return found

    def _item(self, name: str, label: str, icon: str, *, badge: str = "") -> Item:
        url = reverse(name)
        return Item(url, label, icon, is_current=self._request.path.startswith(url), badge=badge)


def badge(count: int) -> str:
    """A count as it stands on a badge: nothing, the number, or "99+"."""
    if not count:
        return ""
    return f"{MOST_NEW - 1}+" if count >= MOST_NEW else str(count)


def navigation(request: HttpRequest) -> dict[str, object]:
    return {"nav": Navigation(request)}
