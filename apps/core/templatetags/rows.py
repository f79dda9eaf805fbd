"""The rows that a page shows by the dozen, joined in Python: a template of this size costs 1 ms a row.

``{% entry_card entry url=… %}`` and ``{% roster_row name url=… %}``; the entry is any object with a practice
entry's attributes, annotated by ``practice.queries.with_details``.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.measures import measures
from apps.core.weeks import WeekDay

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


@dataclass(frozen=True)
class _Labels:
    """What every card repeats in one language, ready to be joined."""

    new: str
    exam: str
    performance: str
    private: str
    only_for: str
    exercise: str
    piece: str
    words: tuple[tuple[str, str], ...]
    written_by: str
    comment: str
    change: str
    delete: str


@per_language
def _labels() -> _Labels:
    def word(icon_name: str, label: str) -> str:
        return f'<div>{glyph(icon_name)}<dt>{escape(label)}</dt><dd class="prose" dir="auto">'

    return _Labels(
        new=_badge("new", "", _("New")),
        exam=_badge("exam", "exam", _("For an exam")),
        performance=_badge("performance", "performance", _("For a performance")),
        private=_badge("line", "lock", _("Private: teachers do not see this")),
        only_for=_("Only for %(name)s"),
        exercise=glyph("target", _("Exercise:"), 16),
        piece=glyph("note", _("Piece:"), 16),
        words=(
            ("achievements", word("smile", _("What went well"))),
            ("struggles", word("struggle", _("What was hard"))),
            ("notes", word("edit", _("Notes"))),
        ),
        written_by=_("written by %(name)s"),
        comment=glyph("comment", "", 16) + escape(_("Comment")),
        change=glyph("edit", "", 16) + escape(_("Change")),
        delete=glyph("delete", "", 16) + escape(_("Delete")),
    )


@per_language
def _comments(count: int) -> str:
    """The link's words under a card: how many comments there are, else the invitation to write one."""
    if not count:
        return _labels().comment
    many = ngettext("%(count)d comment", "%(count)d comments", count) % {"count": count}
    return glyph("comment", "", 16) + escape(many)


@per_language
def _stars(count: int) -> str:
    words = escape(_("Fun: %(stars)d of 5") % {"stars": count})
    return f'<span class="entry-stars">{glyph("star-filled", "", 16)}{words}</span>'


@per_language
def _which(practised_on: date, minutes: int) -> str:
    """Tells the links of one card from those of the next, for screen readers."""
    return f'<span class="visually-hidden"> {short_day(practised_on)}, {duration(minutes)}</span>'


@per_language
def _time(practised_on: date) -> str:
    return f'<time datetime="{practised_on.isoformat()}">{day(practised_on)}</time>'


def _head(entry: Any, labels: _Labels, url: str, student_name: str, *, is_new: bool) -> str:
    when = _time(entry.practised_on)
    if url:
        when = f'<a href="{escape(url)}">{when}</a>'
    whose = f"<bdi>{escape(student_name)}</bdi> · " if student_name else ""
    new = labels.new if is_new else ""
    return (
        f'<header class="entry-head"><h2 dir="auto">{whose}{when}</h2>{new}'
        f'<span class="entry-minutes">{duration(entry.minutes)}</span></header>'
    )


def _flags(entry: Any, labels: _Labels, addressed_name: str) -> str:
    flags = ""
    if entry.preparing_for_exam:
        flags += labels.exam
    if entry.preparing_for_performance:
        flags += labels.performance
    if entry.is_private:
        flags += labels.private
    if addressed_name:
        only_for = _naming(labels.only_for, addressed_name)
        flags += f'<span class="badge badge-line">{glyph("eye")}<span>{only_for}</span></span>'
    return f'<div class="entry-flags">{flags}</div>' if flags else ""


def _lines(lines: Iterable[Any], labels: _Labels) -> str:
    joined = ""
    for line in lines:
        sign = labels.exercise if line.kind == "exercise" else labels.piece
        joined += f'<li>{sign}<span dir="auto">{escape(line.title)}</span>{_measures(line)}</li>'
    return f'<ul class="entry-lines">{joined}</ul>' if joined else ""


def _measures(line: Any) -> str:
    """How long, how fast and how often, as far as it was said."""
    said = [duration(line.minutes)] if line.minutes else []
    said += measures(line.tempo, line.repetitions)
    return "".join(f"<span>{escape(words)}</span>" for words in said)


def _areas(areas: Iterable[Any]) -> str:
    joined = "".join(f'<span class="badge">{escape(area)}</span>' for area in areas)
    return f'<div class="entry-flags">{joined}</div>' if joined else ""


def _words(entry: Any, labels: _Labels, *, whole: bool) -> str:
    joined = ""
    for name, before in labels.words:
        if text := getattr(entry, name):
            shown = text if whole or len(text) <= CUT_AT else Truncator(text).chars(CUT_AT)
            joined += f"{before}{escape(shown)}</dd></div>"
    return f'<dl class="entry-words">{joined}</dl>' if joined else ""


def _foot(
    entry: Any,
    labels: _Labels,
    *,
    url: str,
    comment_count: int,
    logged_by_name: str,
    edit_url: str,
    delete_url: str,
) -> str:
    which = _which(entry.practised_on, entry.minutes)
    joined = _stars(entry.enjoyment) if entry.enjoyment else ""
    if logged_by_name:
        joined += f"<span>{_naming(labels.written_by, logged_by_name)}</span>"
    if url:
        joined += f'<a href="{escape(url)}#comments">{_comments(comment_count)}{which}</a>'
    if edit_url or delete_url:
        change = f'<a href="{escape(edit_url)}">{labels.change}{which}</a>' if edit_url else ""
        delete = f'<a href="{escape(delete_url)}">{labels.delete}{which}</a>' if delete_url else ""
        joined += f'<span class="entry-actions">{change}{delete}</span>'
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
    labels = _labels()
    return SafeString(
        f'<article class="entry{_kind(entry)}" data-entry="{escape(entry.pk)}">'
        + _head(entry, labels, url, student_name, is_new=is_new)
        + _flags(entry, labels, addressed_name)
        + description
        + _lines(entry.shown_lines, labels)
        + _areas(entry.shown_areas)
        + _words(entry, labels, whole=whole)
        + _foot(
            entry,
            labels,
            url=url,
            comment_count=comment_count or 0,
            logged_by_name=logged_by_name,
            edit_url=edit_url,
            delete_url=delete_url,
        )
        + "</article>"
    )


@dataclass(frozen=True)
class _RowLabels:
    """What every row of the roster repeats in one language."""

    brief: str
    people: str
    put_aside: str
    why: str


@per_language
def _row_labels() -> _RowLabels:
    return _RowLabels(
        escape(_("Brief")), escape(_("People")), escape(_("Put aside")), escape(_("Why to look"))
    )


@per_language
def _new_count(count: int) -> str:
    many = _("99+ new")
    few = ngettext("%(count)d new", "%(count)d new", count) % {"count": count}
    return _badge("new", "", many if count > 99 else few)


@per_language
def _dot(value: date, minutes: int, *future: bool) -> str:
    words = _("still to come") if any(future) else spoken_duration(minutes)
    return (
        f'<li class="heat-{heat(minutes)}"><span class="visually-hidden">'
        f"{short_day(value)}: {words}</span></li>"
    )


@per_language
def _strip_day(value: date, minutes: int, is_today: bool, is_future: bool) -> str:
    """One day of the week strip: circle, sign and number, and a full sentence for screen readers."""
    if is_future:
        kind, sign, words = "is-future", "", _("still to come")
    elif minutes:
        kind, sign, words = "", glyph("check"), spoken_duration(minutes)
    else:
        kind, sign, words = "", "\N{EN DASH}", _("no practice")
    if is_today:
        kind = "is-today"
        sign, words = (sign, words) if minutes else ("", _("nothing yet today"))
    return (
        f'<li class="{kind}"><span class="week-day" aria-hidden="true">{format_date(value, "D")}</span>'
        f'<span class="week-dot heat-{0 if is_future else heat(minutes)}" aria-hidden="true">{sign}</span>'
        f'<span class="week-minutes" aria-hidden="true">{minutes or ""}</span>'
        f'<span class="visually-hidden">{format_date(value, "l")}, {short_day(value)}: {words}</span></li>'
    )


@register.simple_tag
def week_strip(days: Iterable[WeekDay], label: str = "") -> SafeString:
    """Seven days with their minutes."""
    joined = "".join(_strip_day(day.date, day.minutes, day.is_today, day.is_future) for day in days)
    label = label or _("This week")
    return SafeString(f'<ol class="week" aria-label="{escape(label)}">{joined}</ol>')


@register.simple_tag
def week_dots(days: Iterable[Any], label: str = "") -> SafeString:
    """Seven dots for a row of the roster; each day has ``date`` and ``minutes``."""
    dot = _dot.here()
    dots = "".join([dot(each.date, each.minutes, getattr(each, "is_future", False)) for each in days])
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
    brief_url: str = "",
    snooze_url: str = "",
    flags: Sequence[str] = (),
    flag_tone: str = "warning",
    flag_icon: str = "info",
    pending: str = "",
    sign: str = "",
) -> SafeString:
    """One student in ``<ul class="roster">``; ``flags`` say why to look, the worst first and loudest;
    ``pending`` replaces numbers."""
    parts = [f"<bdi>{escape(each)}</bdi>" for each in (instrument, pending) if each]
    whose = f'<span class="visually-hidden"> {escape(name)}</span>'
    labels = _row_labels()
    links = ((brief_url, labels.brief), (people_url, labels.people), (snooze_url, labels.put_aside))
    parts += [f'<a href="{escape(to)}">{word}{whose}</a>' for to, word in links if to]
    sub = " · ".join(parts)
    when = f'<span class="muted">{short_day(last_on)}</span>' if last_on else ""
    total = f"<strong>{duration(minutes)}</strong>" if minutes is not None and not pending else ""
    tones = [f'badge-{escape(flag_tone)}">{glyph(flag_icon)}', *('badge-line">' for _flag in flags[1:])]
    drawn = "".join(
        f'<li class="badge {tone}<span dir="auto">{escape(flag)}</span></li>'
        for flag, tone in zip(flags, tones, strict=False)
    )
    flagged = f'<ul class="roster-flags" aria-label="{labels.why}">{drawn}</ul>' if flags else ""
    return SafeString(
        f'<li class="roster-row">{avatar(name, sign=sign)}<div>'
        f'<p class="roster-name"><a href="{escape(url)}" dir="auto">{escape(name)}</a>'
        f"{' ' + _new_count(new_count) if new_count else ''}</p>"
        f'<p class="roster-sub">{sub}</p></div>{week_dots(days, days_label) if days else ""}{flagged}'
        f'<div class="roster-end">{total}{when}</div></li>'
    )
