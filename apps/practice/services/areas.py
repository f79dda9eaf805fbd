"""A student's own focus areas."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID, uuid4

from apps.practice.content import EntryContent
from apps.practice.models import FocusArea
from apps.practice.models.areas import LONGEST_AREA
from apps.repertoire.names import folded

from .errors import TooManyAreas

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


def _named(name: str, student_id: UUID) -> FocusArea:
    key = folded(name, LONGEST_AREA)
    for area in FocusArea.objects.shipped():
        if folded(str(area), LONGEST_AREA) == key:
            return area
    own = FocusArea.objects.filter(student=student_id)
    found = own.filter(name_key=key).first()
    if found is not None:
        return found
    if own.count() >= MOST_AREAS:
        raise TooManyAreas
    return FocusArea.objects.create(
        slug=uuid4().hex, position=LAST, student_id=student_id, name=name, name_key=key
    )


def are_of(areas: Collection[FocusArea], student_id: UUID) -> bool:
    """Everybody's, or this student's own."""
    return all(area.student_id in (None, student_id) for area in areas)
