"""What a form for a new session can begin with: lines of another one, or one thing to practise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict

from apps.accounts.models import Student, User
from apps.practice.content import NOTHING, About
from apps.practice.models import PracticeEntry, PracticeItem

from .lists import diary_of, newest_first
from .things import Things

WITH_NAMES = ("piece", "section__piece", "skill")


@dataclass(frozen=True, slots=True)
class Beginning:
    """``name`` is that of the one thing that was asked for."""

    minutes: int | None = None
    lines: Sequence[Mapping[str, Any]] = ()
    name: str = ""
    is_copied: bool = False
    about: About = field(default=NOTHING)


def asked_about(asked: QueryDict) -> About:
    """What makes no sense is nothing."""
    keys = {}
    for name in ("piece", "section", "skill"):
        try:
            keys[name] = UUID(asked.get(name, ""))
        except ValueError:
            continue
    return About(**keys)


def beginning(user: User, student: Student, asked: QueryDict, things: Things) -> Beginning:
    """``?piece=`` (and ``&section=``) or ``?skill=`` is one line; ``&last=1`` makes it all lines of the
    newest entry with it, of any entry without. What is not the student's, or not there, begins nothing.
    """
    about = asked_about(asked)
    name = things.named(about)
    if about and not name:
        return Beginning()
    if asked.get("last"):
        found = last_entry(user, student, about)
        if found is not None:
            return Beginning(found.minutes, _copied(found), name, is_copied=True, about=about)
    return Beginning(lines=[{"title": name}] if name else [], name=name, about=about)


def last_entry(user: User, student: Student, about: About) -> PracticeEntry | None:
    """The newest that this person may read and that has lines; with this piece, section or skill."""
    wanted = Q(items__isnull=False)
    for name in ("section", "piece", "skill"):
        if key := getattr(about, name):
            wanted = Q(**{f"items__{name}": key})
            break
    return newest_first(diary_of(user, student).filter(wanted)).first()


def _copied(entry: PracticeEntry) -> list[dict[str, Any]]:
    """How fast it was is no beginning: it is said as what was reached."""
    items = PracticeItem.objects.filter(entry=entry).select_related(*WITH_NAMES).order_by("position")
    return [
        {"title": item.name_now, "kind": item.kind, "minutes": item.minutes, "last_tempo": item.tempo}
        for item in items
    ]
