"""What a teacher's library holds."""

from dataclasses import dataclass

from django.db.models import Q

from apps.accounts.models import User
from apps.core.access import allowed

from .content import StepContent
from .models import Template


@dataclass(frozen=True)
class Library:
    """``tags`` are all of its tags, ``found`` what fits the word and the tag."""

    found: list[Template]
    tags: list[str]
    is_empty: bool


def library_of(user: User, *, word: str = "", tag: str = "") -> Library:
    """By title; at most five hundred, so all of them at once. Two queries."""
    rows = allowed(Template.objects.all(), "change", user)
    tags = {each for row in rows.values_list("tags", flat=True) for each in row or [""]}
    fits = Q()
    if word:
        fits &= Q(title__icontains=word) | Q(about__icontains=word) | Q(description__icontains=word)
    if tag:
        fits &= Q(tags__contains=[tag])
    found = list(rows.filter(fits).order_by("title", "pk"))
    return Library(found, sorted(tags - {""}, key=str.casefold), is_empty=not tags)


def contents_of_template(template: Template) -> list[StepContent]:
    return [step.content for step in template.steps.order_by("position")]
