"""What a family may know of a teacher before the lessons."""

from django import template

from apps.accounts.models import User
from apps.private_teaching import queries

register = template.Library()


@register.filter
def teacher_name(teacher: User) -> str:
    return queries.teacher_name(teacher)
