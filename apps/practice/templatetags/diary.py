"""The rows of the history, joined in Python (see core's ``rows``): they are most of the page."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID, uuid4

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.addresses import address_of
from apps.core.templatetags.rows import entry_card
from apps.core.templatetags.ui import day, duration
from apps.practice.models import PracticeEntry
from apps.practice.queries import DiaryHead

register = template.Library()


@register.simple_tag
def new_key() -> UUID:
    """A key for a form that logs: sent twice, it saves once."""
    return uuid4()


def addressed_name(entry: PracticeEntry) -> str:
    return str(entry.addressed_to.teacher) if entry.addressed_to else ""


def logged_by_name(entry: PracticeEntry, head: DiaryHead) -> str:
    """Whoever wrote it, unless it was the student."""
    same = entry.logged_by_id is None or entry.logged_by_id == head.student.user_id
    return "" if same else str(entry.logged_by)


@register.simple_tag
def history_cards(rows: Sequence[PracticeEntry], head: DiaryHead, is_filtered: int) -> SafeString:
    """Cards under day headings; the heading sums the whole day unless a filter leaves parts of it out."""
    parts = []
    for practised_on, entries in groupby(rows, key=lambda entry: entry.practised_on):
        cards = list(entries)
        minutes = vars(cards[0])["day_minutes"]
        total = "" if is_filtered else duration(minutes)
        # A lone card says day and minutes itself.
        is_said = len(cards) == 1 and (is_filtered or minutes == cards[0].minutes)
        parts.append(
            f'<section><h2 class="{"visually-hidden" if is_said else "day-heading"}">'
            f'<time datetime="{practised_on:%Y-%m-%d}">{day(practised_on)}</time>'
            f'<span>{total}</span></h2><div class="stack stack-s">'
        )
        parts += [_card(entry, head) for entry in cards]
        parts.append("</div></section>")
    return SafeString("".join(parts))


@register.simple_tag
def sheet_cards(rows: Sequence[PracticeEntry], head: DiaryHead) -> SafeString:
    """The same on paper: every word of the entries, without what was answered and without links."""
    return SafeString(
        "".join(
            entry_card(
                entry,
                addressed_name=addressed_name(entry),
                logged_by_name=logged_by_name(entry, head),
                whole=True,
            )
            for entry in rows
        )
    )


def _card(entry: PracticeEntry, head: DiaryHead) -> str:
    shown = vars(entry)
    return entry_card(
        entry,
        url=address_of("practice:entry-detail", entry.pk),
        is_new=entry.is_new,
        comment_count=shown["comment_count"],
        addressed_name=addressed_name(entry),
        logged_by_name=logged_by_name(entry, head),
    )


@register.simple_tag
def history_table(rows: Sequence[PracticeEntry]) -> SafeString:
    """The same entries as a table."""
    titles = (_("Day"), _("Time"), _("What was practised"), _("About"), _("Comments"))
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(_table_row(entry) for entry in rows)
    label = escape(_("The entries as a table"))
    return SafeString(
        f'<div class="scroll-x" tabindex="0" role="group" aria-label="{label}">'
        f'<table class="table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _table_row(entry: PracticeEntry) -> str:
    shown = vars(entry)
    what = ", ".join(line.title for line in entry.shown_lines) or entry.description
    marks = [
        *([_("New")] if entry.is_new else []),
        *([_("Private")] if entry.is_private else []),
        *([_("Exam")] if entry.preparing_for_exam else []),
        *([_("Performance")] if entry.preparing_for_performance else []),
    ]
    badges = "".join(f' <span class="badge badge-line">{escape(mark)}</span>' for mark in marks)
    address = address_of("practice:entry-detail", entry.pk)
    return (
        f'<tr data-entry="{entry.pk}">'
        f'<th scope="row" class="text-nowrap"><a href="{address}">{day(entry.practised_on)}</a></th>'
        f'<td class="text-nowrap">{duration(entry.minutes)}</td>'
        f'<td dir="auto">{escape(what)}{badges}</td>'
        f"<td>{escape(', '.join(map(str, entry.shown_areas)))}</td><td>{shown['comment_count']}</td></tr>"
    )
