"""How templates say how far an assignment is."""

from datetime import date

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.assignments.challenge_words import aim_words, amount_words, family_words, standing_words
from apps.assignments.forms import AssignmentForm, steps_formset
from apps.assignments.queries import AssignmentNow
from apps.assignments.words import said_words, step_progress, step_words
from apps.core.templatetags.ui import per_language

register = template.Library()
register.filter("step_words", step_words)
register.filter("step_progress", step_progress)
register.filter("said_words", said_words)
register.filter("aim_words", aim_words)
register.filter("amount_words", amount_words)
register.filter("standing_words", standing_words)
register.filter("family_words", family_words)


@register.simple_tag
def late(now: AssignmentNow, today: date) -> bool:
    """Due before today, and not done."""
    return now.is_late(today)


@register.simple_tag
def blank_assignment() -> SafeString:
    """The fields of an assignment that nobody has filled in, without those that say for whom it is."""
    return _blank_assignment()


@per_language
def _blank_assignment() -> SafeString:
    forms = {"form": AssignmentForm(), "steps": steps_formset()}
    return render_to_string("assignments/_blank.html", forms)
