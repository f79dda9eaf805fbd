"""A student's own focus areas."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID, uuid4

from django.db import transaction

from apps.accounts.models import Student
from apps.accounts.services import require_collection
from apps.practice.content import EntryContent
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.areas import LONGEST_AREA
from apps.repertoire.names import folded

from .errors import TooManyAreas


class AreaNameIsUsed(Exception):
    """Something else is called so already: everybody's, or another of the student, perhaps a removed one."""


MOST_AREAS = 30
# After everybody's.
LAST = 1000


def with_own_area(content: EntryContent, student_id: UUID) -> EntryContent:
    """The same with the area that was named, which is made unless something is called so already.

    Under the student's row lock, so that no name comes twice. Raises TooManyAreas.
    """
    if not content.own_area:
        return content
    areas = {area.pk: area for area in (*content.focus_areas, _named(content.own_area, student_id))}
    return replace(content, focus_areas=list(areas.values()), own_area="")


def _shipped(key: str) -> FocusArea | None:
    areas = FocusArea.objects.shipped()
    return next((area for area in areas if folded(str(area), LONGEST_AREA) == key), None)


def _named(name: str, student_id: UUID) -> FocusArea:
    key = folded(name, LONGEST_AREA)
    shipped = _shipped(key)
    if shipped is not None:
        return shipped
    own = FocusArea.objects.offered_to(student_id)
    found = FocusArea.objects.filter(student=student_id, name_key=key).first()
    if found is not None and not found.is_archived:
        return found
    if own.count() >= MOST_AREAS:
        raise TooManyAreas
    return _offered(found, name, key, student_id)


def _offered(removed: FocusArea | None, name: str, key: str, student_id: UUID) -> FocusArea:
    """A new one, or one that was removed once and is asked for again."""
    if removed is None:
        return FocusArea.objects.create(
            slug=uuid4().hex, position=LAST, student_id=student_id, name=name, name_key=key
        )
    removed.is_archived = False
    removed.save(update_fields=["is_archived"])
    return removed


@transaction.atomic
def name_areas(*, student: Student, names: Collection[str]) -> dict[str, FocusArea]:
    """What is called so of everybody's and the student's own, made where it is not there; without those that
    there is no room for. Raises CollectionIsOff."""
    require_collection(Student.objects.select_for_update(of=("self",), no_key=True).get(pk=student.pk))
    shipped = {folded(str(area), LONGEST_AREA): area for area in FocusArea.objects.shipped()}
    own = {area.name_key: area for area in FocusArea.objects.filter(student=student.pk)}
    room = MOST_AREAS - sum(not area.is_archived for area in own.values())
    found: dict[str, FocusArea] = {}
    for name in names:
        key = folded(name, LONGEST_AREA)
        area = shipped.get(key) or own.get(key)
        if area is None or area.is_archived:
            if room <= 0:
                continue
            room -= 1
            area = own[key] = _offered(area, name, key, student.pk)
        found[name] = area
    return found


def are_of(areas: Collection[FocusArea], student_id: UUID) -> bool:
    """Everybody's, or this student's own, and there still: under the student's row lock."""
    own = {area.pk for area in areas if area.student_id is not None}
    return not own or FocusArea.objects.filter(pk__in=own, student=student_id).count() == len(own)


def _hold(area: FocusArea) -> Student:
    """Whoever writes an entry holds the student too: no name comes twice, and no area goes under an entry."""
    assert area.student_id is not None  # noqa: S101  (the rule knows own ones alone)
    return Student.objects.select_for_update(of=("self",), no_key=True).get(pk=area.student_id)


@transaction.atomic
def rename_area(*, area: FocusArea, name: str) -> None:
    """Everywhere, also in the entries that have it. Raises AreaNameIsUsed, CollectionIsOff."""
    require_collection(_hold(area))
    key = folded(name, LONGEST_AREA)
    others = FocusArea.objects.filter(student=area.student_id, name_key=key).exclude(pk=area.pk)
    if _shipped(key) is not None or others.exists():
        raise AreaNameIsUsed
    FocusArea.objects.filter(pk=area.pk).update(name=name, name_key=key)


@transaction.atomic
def remove_area(*, area: FocusArea) -> None:
    """Offered no more. Entries that have it keep it; one that none has goes altogether."""
    _hold(area)
    used = PracticeEntry.focus_areas.through.objects.filter(focusarea=area)
    if used.exists():
        FocusArea.objects.filter(pk=area.pk).update(is_archived=True)
    else:
        FocusArea.objects.filter(pk=area.pk).delete()
