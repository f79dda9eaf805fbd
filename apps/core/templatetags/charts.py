"""Charts as one joined SVG string: a year of squares costs one pass, not 365 template iterations."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from django import template
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .ui import heat

register = template.Library()

DAYS_PER_WEEK = 7
CELL = 12
GAP = 3
STEP = CELL + GAP
MONTH_ROW = 18


def _months(first: date, last: date) -> list[str]:
    """A month's name over the first week that starts in it, unless the chart's edge would cut it."""
    labels = []
    week, weeks = first, 0
    while week <= last - timedelta(days=2 * DAYS_PER_WEEK):
        if week.day <= DAYS_PER_WEEK:
            labels.append(f'<text x="{weeks * STEP}" y="11">{format_date(week, "M")}</text>')
        week += timedelta(days=DAYS_PER_WEEK)
        weeks += 1
    return labels


@cache
def _square(number: int) -> str:
    """The path of the chart's ``number``-th day."""
    column, row = divmod(number, DAYS_PER_WEEK)
    return f"M{column * STEP} {MONTH_ROW + row * STEP}h{CELL}v{CELL}h-{CELL}z"


@register.simple_tag
def heatmap(
    minutes_by_day: Mapping[date, int], last: date, weeks: int = 53, week_starts_on: int = 0
) -> SafeString:
    """Minutes of each day up to ``last`` as columns of weeks; the caller says the same in words.

    ``week_starts_on`` counts like ``date.weekday()``: 0 is Monday, 6 is Sunday.
    """
    back = (last.weekday() - week_starts_on) % DAYS_PER_WEEK
    first = last - timedelta(days=back + (weeks - 1) * DAYS_PER_WEEK)
    squares: dict[int, list[str]] = {level: [] for level in range(5)}
    for number in range((last - first).days + 1):
        level = heat(minutes_by_day.get(first + timedelta(days=number), 0))
        squares[level].append(_square(number))
    paths = "".join(f'<path class="heat-{level}" d="{"".join(d)}"/>' for level, d in squares.items() if d)
    return format_html(
        '<svg class="heatmap" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}{}</svg>',
        weeks * STEP - GAP,
        MONTH_ROW + DAYS_PER_WEEK * STEP - GAP,
        weeks * STEP - GAP,
        MONTH_ROW + DAYS_PER_WEEK * STEP - GAP,
        SafeString("".join(_months(first, last))),
        SafeString(paths),
    )
