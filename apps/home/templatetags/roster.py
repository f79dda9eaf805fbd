"""The teacher's list, joined in Python: forty rows of a template would cost more than the database."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.drawings import SIGNS
from apps.core.templatetags.rows import roster_row
from apps.core.templatetags.ui import per_language, short_day, spoken_duration
from apps.home.queries.roster import RosterRow

register = template.Library()


@per_language
def _figures(minutes: int, last_on: date | None) -> str:
    """What a row's dots and figures say, for who cannot see how they stand."""
    week = _("This week: %(time)s.") % {"time": spoken_duration(minutes)}
    if last_on is None:
        return week
    last = _("Last session: %(day)s.") % {"day": short_day(last_on)}
    return f"{week} {last}"


@register.simple_tag
def roster(rows: Iterable[RosterRow]) -> SafeString:
    """``<ul class="roster">`` with a row for each pupil, in the order given."""
    joined = "".join(
        roster_row(
            row.student.name,
            url=row.diary_url,
            sign=SIGNS.get(row.student.picture, ""),
            people_url=row.people_url,
            instrument=row.subtitle,
            days=row.week,
            days_label=_figures(row.minutes, row.pupil.last_on),
            minutes=row.minutes,
            last_on=row.pupil.last_on,
            new_count=row.pupil.new_count,
            brief_url=row.brief_url,
            snooze_url=row.snooze_url,
            flags=row.flags,
            flag_tone=row.flag_tone,
            flag_icon=row.flag_icon,
        )
        for row in rows
    )
    return SafeString(f'<ul class="roster">{joined}</ul>')
