"""Who changed what and when: the versions that the database's triggers kept, told as differences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.measures import measures
from apps.gear.models import Gear
from apps.practice.models import EntryComment, EntryFocusArea, PracticeEntry, PracticeItem
from apps.practice.models.entries import label_of
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion

SHOWN = (
    "practised_on",
    "started_at_time",
    "minutes",
    "description",
    "struggles",
    "achievements",
    "notes",
    "preparing_for_exam",
    "preparing_for_performance",
    "instrument",
    "occasion",
    "enjoyment",
    "mood",
    "quality",
    "difficulty",
    "confidence",
    "is_private",
    "addressed_to_id",
)
# Keys of other rows, which have names.
NAMED = ("addressed_to_id", "instrument", "occasion")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, in words; empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One saving of the entry. The first one has no differences."""

    at: datetime
    by: str
    is_first: bool
    is_deletion: bool
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class _State:
    at: datetime
    by_id: str
    deleted: bool
    values: dict[str, Any]
    lines: list[str]
    areas: list[str]


def _events(model: type[Model]) -> "QuerySet[Any]":
    """The revision model that pghistory made for this one."""
    return model.pgh_event_models["insert"].objects  # type: ignore[attr-defined, no-any-return]


def _states(entry: PracticeEntry) -> list[_State]:
    """The entry after each transaction that touched it; now() is the same within one. Three queries."""
    rows = list(
        _events(PracticeEntry).filter(pgh_obj_id=entry.pk).select_related("pgh_context").order_by("pgh_id")
    )
    lines: dict[datetime, list[Any]] = {}
    for line in _events(PracticeItem).filter(entry_id=entry.pk).order_by("position"):
        there = lines.setdefault(line.pgh_created_at, [])
        if line.pgh_label != "delete":
            there.append(line)
    areas = _areas(entry, [row.pgh_created_at for row in rows])
    states: list[_State] = []
    for row in rows:
        written = [_line(line) for line in lines.get(row.pgh_created_at, [])]
        # Nothing touched them: the entry was deleted, or what it named was purged.
        is_kept = bool(states) and row.pgh_created_at not in lines
        states.append(
            _State(
                at=row.pgh_created_at,
                by_id=(row.pgh_context.metadata.get("user") if row.pgh_context else None)
                or (str(row.logged_by_id) if row.pgh_label == "insert" else ""),
                deleted=row.deleted_at is not None,
                values={name: getattr(row, name) for name in SHOWN},
                lines=states[-1].lines if is_kept else written,
                areas=areas[row.pgh_created_at],
            )
        )
    return states


def _areas(entry: PracticeEntry, moments: list[datetime]) -> dict[datetime, list[str]]:
    """What the entry was about at each of these moments, by what came and went until then."""
    events = _events(EntryFocusArea).filter(practiceentry_id=entry.pk).select_related("focusarea")
    rows = list(events.order_by("pgh_id"))
    order = {row.focusarea_id: (row.focusarea.position, row.focusarea.name_key) for row in rows}
    names = {row.focusarea_id: str(row.focusarea) for row in rows}
    found: dict[datetime, list[str]] = {}
    for moment in moments:
        about = {row.focusarea_id: row.pgh_label == "insert" for row in rows if row.pgh_created_at <= moment}
        chosen = sorted((key for key, is_in in about.items() if is_in), key=lambda key: order[key])
        found[moment] = [names[key] for key in chosen]
    return found


def _line(line: Any) -> str:
    said = [_("%(minutes)d min") % {"minutes": line.minutes}] if line.minutes else []
    more = ", ".join(said + measures(line.tempo, line.repetitions))
    return f"{line.title} ({more})" if more else line.title


def _shown(name: str, value: Any, named: dict[Any, str]) -> str:
    if value in (None, ""):
        return ""
    if name == "practised_on":
        return date_format(value)
    if name == "started_at_time":
        return time_format(value)
    if name in NAMED:
        return named.get(value, "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _differences(before: _State, after: _State, named: dict[Any, str]) -> list[Difference]:
    found = [
        Difference(
            label_of(name.removesuffix("_id")),
            _shown(name, before.values[name], named),
            _shown(name, after.values[name], named),
        )
        for name in SHOWN
        if before.values[name] != after.values[name]
    ]
    found = [each for each in found if each.before != each.after]
    if before.lines != after.lines:
        found.append(Difference(_("Lines"), ", ".join(before.lines), ", ".join(after.lines)))
    if before.areas != after.areas:
        found.append(Difference(label_of("focus_areas"), ", ".join(before.areas), ", ".join(after.areas)))
    return found


def _names(states: Iterable[_State]) -> dict[str, str]:
    users = User.objects.filter(pk__in={state.by_id for state in states if state.by_id})
    return {str(user.pk): user.get_full_name() for user in users}


def _named(states: Iterable[_State]) -> dict[Any, str]:
    """What the keys in the versions stand for; of what was purged meanwhile nothing."""
    keys = {state.values[name] for state in states for name in NAMED} - {None}
    rows = Teaching.objects.filter(pk__in=keys).select_related("teacher")
    found = {row.pk: str(row.teacher) for row in rows}
    for model in (Gear, Occasion):
        found |= {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys)}
    return found


def versions(entry: PracticeEntry) -> list[Version]:
    """Every version, the newest first. Seven queries at most, however many there are."""
    states = _states(entry)
    names = _names(states)
    named = _named(states)
    first, *_rest = states
    found = [Version(first.at, names.get(first.by_id, ""), True, False, [])]
    for before, after in pairwise(states):
        gone = after.deleted and not before.deleted
        changes = _differences(before, after, named)
        if after.by_id == "" and not changes and not gone:
            # The key of something that was purged was taken out: nobody's change, and nothing to read.
            continue
        found.append(Version(after.at, names.get(after.by_id, ""), False, gone, changes))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Words:
    """What a comment said from a moment on."""

    body: str
    at: datetime


def words_of_comment(comment: EntryComment) -> list[Words]:
    """Everything it said, the newest first. One query."""
    rows = _events(EntryComment).filter(pgh_obj_id=comment.pk).order_by("pgh_id")
    found: list[Words] = []
    for body, at in rows.values_list("body", "pgh_created_at"):
        if not found or found[-1].body != body:
            found.append(Words(body, at))
    return found[::-1]
