"""How lessons are written on a page."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext

from apps.lessons.models import Attendance, Lesson

register = template.Library()


@register.simple_tag
def attendances_to_ask(lesson: Lesson, now: datetime) -> list[Attendance]:
    """For a button each, where nothing is noted yet; not for a lesson to come, which needs none."""
    possible = lesson.attendances(now)
    return possible if len(possible) > 1 and not lesson.attendance else []


@register.filter
def clock(value: datetime) -> str:
    """The time in the reader's zone: 17:05."""
    return clock_there(timezone.localtime(value))


@register.filter
def clock_there(value: datetime) -> str:
    """The time as the clocks show it in the zone that the value is in."""
    return format_date(value, pgettext("Django date format of a time", "H:i"))
