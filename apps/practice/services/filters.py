"""Filters that somebody keeps under a name."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Student, User
from apps.practice.models import SavedFilter

MOST_FILTERS = 20


class FilterIsNotPossible(Exception):
    """It cannot be kept under this name, or not at all."""


class NameIsUsed(FilterIsNotPossible):
    """Another filter of the same person and diary has this name."""


class TooManyFilters(FilterIsNotPossible):
    """The person keeps as many of this diary as there can be."""


def _others(user: User, student_id: UUID, *, but: UUID) -> list[str]:
    """The names of the person's filters of this diary, under the person's row lock: two forms that are sent
    at once wait for each other."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    rows = SavedFilter.objects.filter(user=user, student=student_id).exclude(pk=but)
    return [name.casefold() for name in rows.values_list("name", flat=True)]


@transaction.atomic
def save_filter(
    *, key: UUID, user: User, student: Student, name: str, query: str, now: datetime
) -> SavedFilter:
    """``query`` is what read filters say of themselves, never what somebody typed. The same ``key`` twice
    saves once. Raises FilterIsNotPossible."""
    names = _others(user, student.pk, but=key)
    saved = SavedFilter.objects.filter(pk=key, user=user, student=student).first()
    if saved is not None:
        return saved
    if name.casefold() in names:
        raise NameIsUsed
    if len(names) >= MOST_FILTERS:
        raise TooManyFilters
    return SavedFilter.objects.create(
        pk=key, user=user, student=student, name=name, query=query, created_at=now
    )


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str) -> None:
    """Raises NameIsUsed. One that is gone meanwhile stays so."""
    if name.casefold() in _others(saved.user, saved.student_id, but=saved.pk):
        raise NameIsUsed
    SavedFilter.objects.filter(pk=saved.pk).update(name=name)


def delete_filter(*, saved: SavedFilter) -> None:
    """Twice changes nothing."""
    SavedFilter.objects.filter(pk=saved.pk).delete()
