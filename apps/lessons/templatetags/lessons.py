"""How lessons are written on a page."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def clock(value: datetime) -> str:
    """The time in the reader's zone: 17:05."""
    return clock_there(timezone.localtime(value))


@register.filter
def clock_there(value: datetime) -> str:
    """The time as the clocks show it in the zone that the value is in."""
    return format_date(value, pgettext("Django date format of a time", "H:i"))
