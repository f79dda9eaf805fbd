"""The rows that a page shows by the dozen, joined in Python: a template of this size costs 1 ms a row.

``{% entry_card entry url=… %}`` and ``{% roster_row name url=… %}``; the entry is any object with a practice
entry's attributes, annotated by ``practice.queries.with_details``.
"""

import html
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .ui import avatar, day, duration, glyph, heat, per_language, short_day, spoken_duration

register = template.Library()

CUT_AT = 240


def escape(value: object) -> str:
    """Whatever it is, people's words included that claim to be safe."""
    return html.escape(str(value))


@per_language
def _badge(tone: str, icon_name: str, text: str) -> str:
    return f'<span class="badge badge-{tone}">{glyph(icon_name) if icon_name else ""}{escape(text)}</span>'


def _naming(sentence: str, name: str) -> str:
    """A translated sentence about %(name)s, with the name kept apart from the direction of the text."""
    return escape(sentence) % {"name": f"<bdi>{escape(name)}</bdi>"}


@per_language
def _which(practised_on: date, minutes: int) -> str:
    """Tells the links of one card from those of the next, for screen readers."""
    return f'<span class="visually-hidden"> {short_day(practised_on)}, {duration(minutes)}</span>'


def _head(entry: Any, url: str, student_name: str, *, is_new: bool) -> str:
    when = f'<time datetime="{entry.practised_on:%Y-%m-%d}">{day(entry.practised_on)}</time>'
    if url:
        when = f'<a href="{escape(url)}">{when}</a>'
    whose = f"<bdi>{escape(student_name)}</bdi> · " if student_name else ""
    new = _badge("new", "", _("New")) if is_new else ""
    return (
        f'<header class="entry-head"><h2 dir="auto">{whose}{when}</h2>{new}'
        f'<span class="entry-minutes">{duration(entry.minutes)}</span></header>'
    )


def _flags(entry: Any, addressed_name: str) -> str:
    flags = ""
    if entry.preparing_for_exam:
        flags += _badge("exam", "exam", _("For an exam"))
    if entry.preparing_for_performance:
        flags += _badge("performance", "performance", _("For a performance"))
    if entry.is_private:
        flags += _badge("line", "lock", _("Private: teachers do not see this"))
    if addressed_name:
        only_for = _naming(_("Only for %(name)s"), addressed_name)
        flags += f'<span class="badge badge-line">{glyph("eye")}<span>{only_for}</span></span>'
    return f'<div class="entry-flags">{flags}</div>' if flags else ""


def _lines(lines: Iterable[Any]) -> str:
    joined = ""
    for line in lines:
        exercise = line.kind == "exercise"
        sign = glyph("target", _("Exercise:"), 16) if exercise else glyph("note", _("Piece:"), 16)
        minutes = f"<span>{duration(line.minutes)}</span>" if line.minutes else ""
        joined += f'<li>{sign}<span dir="auto">{escape(line.title)}</span>{minutes}</li>'
    return f'<ul class="entry-lines">{joined}</ul>' if joined else ""


def _areas(areas: Iterable[Any]) -> str:
    joined = "".join(f'<span class="badge">{escape(area)}</span>' for area in areas)
    return f'<div class="entry-flags">{joined}</div>' if joined else ""


def _words(entry: Any, *, whole: bool) -> str:
    parts = (
        ("smile", _("What went well"), entry.achievements),
        ("struggle", _("What was hard"), entry.struggles),
        ("edit", _("Notes"), entry.notes),
    )
    joined = ""
    for icon_name, label, text in parts:
        if text:
            shown = text if whole or len(text) <= CUT_AT else Truncator(text).chars(CUT_AT)
            joined += (
                f"<div>{glyph(icon_name)}<dt>{escape(label)}</dt>"
                f'<dd class="prose" dir="auto">{escape(shown)}</dd></div>'
            )
    return f'<dl class="entry-words">{joined}</dl>' if joined else ""


def _action(url: str, icon_name: str, label: str, which: str) -> str:
    return f'<a href="{escape(url)}">{glyph(icon_name, "", 16)}{escape(label)}{which}</a>' if url else ""


def _foot(
    entry: Any, url: str, comment_count: int | None, logged_by_name: str, edit_url: str, delete_url: str
) -> str:
    which = _which(entry.practised_on, entry.minutes)
    joined = ""
    if entry.enjoyment:
        stars = escape(_("%(stars)d of 5 fun") % {"stars": entry.enjoyment})
        joined += f'<span class="entry-stars">{glyph("star-filled", "", 16)}{stars}</span>'
    if logged_by_name:
        written_by = _naming(_("written by %(name)s"), logged_by_name)
        joined += f"<span>{written_by}</span>"
    if url:
        comments = ngettext("%(count)d comment", "%(count)d comments", comment_count or 0)
        label = comments % {"count": comment_count} if comment_count else _("Comment")
        joined += _action(f"{url}#comments", "comment", label, which)
    actions = _action(edit_url, "edit", _("Change"), which) + _action(
        delete_url, "delete", _("Delete"), which
    )
    if actions:
        joined += f'<span class="entry-actions">{actions}</span>'
    return f'<footer class="entry-foot">{joined}</footer>' if joined else ""


def _kind(entry: Any) -> str:
    if entry.is_private:
        return " entry-private"
    if entry.preparing_for_exam:
        return " entry-exam"
    return " entry-performance" if entry.preparing_for_performance else ""


@register.simple_tag
def entry_card(
    entry: Any,
    *,
    url: str = "",
    student_name: str = "",
    is_new: bool = False,
    comment_count: int | None = None,
    addressed_name: str = "",
    logged_by_name: str = "",
    edit_url: str = "",
    delete_url: str = "",
    whole: bool = False,
) -> SafeString:
    """One practice entry in a list (with ``url``) or on its own page (without; ``whole`` cuts nothing)."""
    description = (
        f'<p class="text-break" dir="auto">{escape(entry.description)}</p>' if entry.description else ""
    )
    return SafeString(
        f'<article class="entry{_kind(entry)}" data-entry="{escape(entry.pk)}">'
        + _head(entry, url, student_name, is_new=is_new)
        + _flags(entry, addressed_name)
        + description
        + _lines(entry.shown_lines)
        + _areas(entry.shown_areas)
        + _words(entry, whole=whole)
        + _foot(entry, url, comment_count, logged_by_name, edit_url, delete_url)
        + "</article>"
    )


@per_language
def _dot(value: date, minutes: int, *future: bool) -> str:
    words = _("still to come") if any(future) else spoken_duration(minutes)
    return (
        f'<li class="heat-{heat(minutes)}"><span class="visually-hidden">'
        f"{short_day(value)}: {words}</span></li>"
    )


@register.simple_tag
def week_dots(days: Iterable[Any], label: str = "") -> SafeString:
    """Seven dots for a row of the roster; each day has ``date`` and ``minutes``."""
    dots = "".join(_dot(each.date, each.minutes, getattr(each, "is_future", False)) for each in days)
    label = label or _("The last seven days")
    return SafeString(f'<ol class="roster-week" aria-label="{escape(label)}">{dots}</ol>')


@register.simple_tag
def roster_row(
    name: str,
    *,
    url: str,
    instrument: str = "",
    days: Iterable[Any] = (),
    days_label: str = "",
    people_url: str = "",
    minutes: int | None = None,
    last_on: date | None = None,
    new_count: int = 0,
    flag: str = "",
    flag_tone: str = "warning",
    flag_icon: str = "info",
    pending: str = "",
) -> SafeString:
    """One student in ``<ul class="roster">``; ``flag`` says why to look, ``pending`` replaces numbers."""
    many = _("99+ new")
    few = ngettext("%(count)d new", "%(count)d new", new_count) % {"count": new_count}
    new = _badge("new", "", many if new_count > 99 else few)
    parts = [f"<bdi>{escape(each)}</bdi>" for each in (instrument, pending) if each]
    if people_url:
        whose = f'<span class="visually-hidden"> {escape(name)}</span>'
        people = escape(_("People"))
        parts.append(f'<a href="{escape(people_url)}">{people}{whose}</a>')
    sub = " · ".join(parts)
    when = f'<span class="muted">{short_day(last_on)}</span>' if last_on else ""
    total = f"<strong>{duration(minutes)}</strong>" if minutes is not None and not pending else ""
    flagged = (
        f'<span class="roster-flag badge badge-{escape(flag_tone)}">{glyph(flag_icon)}{escape(flag)}</span>'
        if flag
        else ""
    )
    return SafeString(
        f'<li class="roster-row">{avatar(name)}<div>'
        f'<p class="roster-name"><a href="{escape(url)}" dir="auto">{escape(name)}</a>'
        f"{' ' + new if new_count else ''}</p>"
        f'<p class="roster-sub">{sub}</p></div>{week_dots(days, days_label) if days else ""}{flagged}'
        f'<div class="roster-end">{total}{when}</div></li>'
    )
