"""The teacher's list, joined in Python: forty rows of a template would cost more than the database."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.addresses import address_of
from apps.core.templatetags.rows import entry_card, roster_row
from apps.home.queries.roster import RosterRow
from apps.practice.models import PracticeEntry

register = template.Library()


@register.simple_tag
def roster(rows: Iterable[RosterRow]) -> SafeString:
    """``<ul class="roster">`` with a row for each pupil, in the order given."""
    week = _("This week")
    joined = "".join(
        roster_row(
            row.student.name,
            url=row.diary_url,
            people_url=row.people_url,
            instrument=row.subtitle,
            days=row.week,
            days_label=week,
            minutes=row.minutes,
            last_on=row.last_on,
            new_count=row.new_count,
            flag=row.flag,
            flag_tone=row.flag_tone,
            flag_icon=row.flag_icon,
        )
        for row in rows
    )
    return SafeString(f'<ul class="roster">{joined}</ul>')


@register.simple_tag
def new_cards(entries: Iterable[PracticeEntry]) -> SafeString:
    """A card with its student's name for each entry that is new to the reader."""
    cards = (
        entry_card(
            entry,
            url=address_of("practice:entry-detail", entry.pk),
            student_name=entry.student.name,
            is_new=True,
            comment_count=vars(entry)["comment_count"],
        )
        for entry in entries
    )
    return SafeString("".join(cards))
