"""Filters that somebody keeps under a name."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Student, User
from apps.accounts.services import require_collection
from apps.practice.models import SavedFilter
from apps.practice.models.filters import LONGEST_QUERY

MOST_FILTERS = 20


class FilterIsNotPossible(Exception):
    """It cannot be kept under this name, or not at all."""


class NameIsUsed(FilterIsNotPossible):
    """Another filter of the same person and diary has this name."""


class FilterIsGone(Exception):
    """It was deleted since the page was drawn."""


class TooManyFilters(FilterIsNotPossible):
    """The person keeps as many of this diary as there can be."""


class FiltersAreTooLong(FilterIsNotPossible):
    """What they ask for has no room in the row."""


class FilterSavedBefore(FilterIsNotPossible):
    """This form was saved before, with another name or other filters: somebody went back and sent it anew."""


def _others(user: User, student_id: UUID, *, but: UUID) -> list[str]:
    """The names of the person's filters of this diary, under the student's row lock: two forms that are sent
    at once wait for each other. A name and the words looked for say something about the student, so this
    raises CollectionIsOff."""
    require_collection(Student.objects.select_for_update(of=("self",), no_key=True).get(pk=student_id))
    rows = SavedFilter.objects.filter(user=user, student=student_id).exclude(pk=but)
    return [name.casefold() for name in rows.values_list("name", flat=True)]


@transaction.atomic
def save_filter(
    *, key: UUID, user: User, student: Student, name: str, query: str, now: datetime
) -> SavedFilter:
    """``query`` is what read filters say of themselves, never what somebody typed. The same ``key`` twice
    saves once; raises FilterIsNotPossible, FilterSavedBefore if it says something else, CollectionIsOff."""
    if len(query) > LONGEST_QUERY:
        raise FiltersAreTooLong
    names = _others(user, student.pk, but=key)
    saved = SavedFilter.objects.filter(pk=key, user=user, student=student).first()
    if saved is not None:
        if (saved.name, saved.query) == (name, query):
            return saved
        raise FilterSavedBefore
    if name.casefold() in names:
        raise NameIsUsed
    if len(names) >= MOST_FILTERS:
        raise TooManyFilters
    return SavedFilter.objects.create(
        pk=key, user=user, student=student, name=name, query=query, created_at=now
    )


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str) -> None:
    """Raises NameIsUsed, FilterIsGone, CollectionIsOff."""
    if name.casefold() in _others(saved.user, saved.student_id, but=saved.pk):
        raise NameIsUsed
    if not SavedFilter.objects.filter(pk=saved.pk).update(name=name):
        raise FilterIsGone


def delete_filter(*, saved: SavedFilter) -> None:
    """Raises FilterIsGone."""
    if not SavedFilter.objects.filter(pk=saved.pk).delete()[0]:
        raise FilterIsGone
