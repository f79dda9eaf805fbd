"""What the pages of a history share: the filters of an address, their form, and the ways to the others."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.accounts.http import UserRequest
from apps.practice import queries
from apps.practice.models.areas import FOCUS_AREA_NAMES
from apps.practice.queries import Choices, DiaryHead, Filters
from apps.practice.queries.choices import NOT_CHOSEN

from .doors import head_or_404

THINGS_ASKED = ("piece", "skill")
# What the diary of somebody else knows nothing of.
OF_ONE_STUDENT = ("teacher", "instrument", *THINGS_ASKED)


@dataclass(frozen=True)
class Asked:
    """One address, understood."""

    head: DiaryHead
    choices: Choices
    filters: Filters
    # Where to go instead, when another student's diary was chosen.
    elsewhere: HttpResponse | None = None


def filtered_head(request: UserRequest, student: UUID, **more: Any) -> DiaryHead:
    """The head of a history; the piece and the skill of its address are among the choices."""
    chosen: dict[str, Any] = {name: _key(request.GET.get(name, "")) for name in THINGS_ASKED}
    return head_or_404(request.user, student, with_filters=True, **chosen, **more)


def _key(typed: str) -> UUID:
    try:
        return UUID(typed.strip())
    except ValueError:
        return NOT_CHOSEN


def asked_of(request: UserRequest, head: DiaryHead, route: str) -> Asked:
    """From a ``filtered_head``."""
    choices = queries.choices_of(head)
    filters = queries.read_filters(request.GET, choices)
    child = request.GET.get("child", "").lower()
    if child in ("", str(head.student.pk)):
        return Asked(head, choices, filters)
    other = next((pk for pk, _name in head.diaries if str(pk) == child), None)
    if other is None:
        return Asked(head, choices, replace(filters, ignored=True))
    return Asked(head, choices, filters, _to(other, route, filters, request.GET.get("view")))


def _to(student: UUID, route: str, filters: Filters, view: str | None) -> HttpResponse:
    """The same page of the other student, with what it can be asked as well."""
    gone = OF_ONE_STUDENT if filters.focus in FOCUS_AREA_NAMES else (*OF_ONE_STUDENT, "focus")
    query = filters.without(*gone).address(view="table" if view == "table" else None)
    path = reverse(route, args=[student])
    return redirect(f"{path}?{query}" if query else path)


def context_of(asked: Asked, filters: Filters, path: str, **kept: str | None) -> dict[str, object]:
    """For the form of the filters and what stands around it; ``kept`` stays in its addresses."""
    choices = asked.choices
    return {
        "head": asked.head,
        "filters": filters,
        "choices": choices,
        "chips": queries.chips(filters, choices, **kept),
        "kept": {name: value for name, value in kept.items() if value},
        "pieces": choices.pieces.items(),
        "skills": choices.skills.items(),
        "path": path,
        "everything_url": f"{path}?{Filters().address(**kept)}".rstrip("?"),
    }


def ways(student: UUID, filters: Filters, page: str | None = None) -> dict[str, str]:
    """The same entries in other shapes."""

    def way(route: str, **more: str | None) -> str:
        query, path = filters.address(**more), reverse(route, args=[student])
        return f"{path}?{query}" if query else path

    return {
        "cards_url": way("practice:entry-list", page=page),
        "table_url": way("practice:entry-list", view="table", page=page),
        "calendar_url": way("practice:entry-calendar"),
        "print_url": way("practice:entry-print"),
        # Of an app above this one, known by its name alone.
        "export_url": way("transfer:diary-export"),
        "save_url": way("practice:filter-add"),
    }
