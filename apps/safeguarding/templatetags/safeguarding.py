"""What staff looked at, on the pages of the people whom it concerns."""

from datetime import datetime

from django import template
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.safeguarding import queries
from apps.safeguarding.models import Impersonation, ReadingCase, Report

register = template.Library()


@register.simple_tag
def readings(student: Student) -> list[ReadingCase]:
    """Only for the family's eyes: the template that asks knows who reads."""
    return queries.readings_of(student)


@register.simple_tag
def looks(person: User) -> list[Impersonation]:
    return queries.looks_at(person)


@register.simple_tag
def settled_reports(person: User) -> list[Report]:
    """Whoever has mail hears of it there."""
    return queries.settled_reports_of(person, timezone.now()) if person.is_child else []


@register.filter
def minutes_left(until: datetime) -> int:
    return max(0, int((until - timezone.now()).total_seconds() // 60))
