"""What a form for a new session can begin with: lines of another one, or one thing to practise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict

from apps.accounts.models import Student, User
from apps.practice.content import NOTHING, About
from apps.practice.dividing import add_up
from apps.practice.models import PracticeEntry, PracticeItem

from .lists import diary_of, newest_first
from .people import DiaryHead

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


def beginning(user: User, head: DiaryHead, asked: QueryDict) -> Beginning:
    """``?piece=`` (and ``&section=``) or ``?skill=`` is one line; ``&last=1`` makes it all lines of the
    newest entry with it, of any entry without. What is not the student's, or not there, begins nothing.
    """
    about = asked_about(asked)
    name = head.known.named(about)
    if about and not name:
        return Beginning()
    if asked.get("last"):
        found = last_entry(user, head.student, about)
        if found is not None:
            lines = _copied(found, asks_minutes(asked))
            return Beginning(found.minutes, lines, name, is_copied=True, about=about)
    return Beginning(lines=[{"title": name}] if name else [], name=name, about=about)


def last_entry(user: User, student: Student, about: About) -> PracticeEntry | None:
    """The newest that this person may read and that has lines; with this piece, section or skill."""
    wanted = Q(items__isnull=False)
    for name in ("section", "piece", "skill"):
        if key := getattr(about, name):
            wanted = Q(**{f"items__{name}": key})
            break
    return newest_first(diary_of(user, student).filter(wanted)).first()


def asks_minutes(asked: QueryDict) -> bool:
    """Whether the address says how long it was: a preset of the quick log."""
    return asked.get("minutes", "").isdecimal()


def _copied(entry: PracticeEntry, has_other_minutes: bool) -> list[dict[str, Any]]:
    """How fast it was is no beginning: it is said as what was reached. Nor are minutes that would not add up
    to those of the form, for what a form begins with can be saved as it stands."""
    items = PracticeItem.objects.filter(entry=entry).select_related(*WITH_NAMES).order_by("position")
    said = [item.minutes for item in items]
    if has_other_minutes or not add_up(entry.minutes, said):
        said = [None] * len(said)
    return [
        {
            "title": item.name_now,
            "kind": item.kind,
            "minutes": minutes,
            "given": minutes,
            "last_tempo": item.tempo,
        }
        for item, minutes in zip(items, said, strict=True)
    ]
