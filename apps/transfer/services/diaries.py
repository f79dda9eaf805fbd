"""What a file is read against."""

from uuid import UUID

from apps.core.days import zone_of
from apps.practice.queries import DiaryHead, find_head
from apps.private_teaching.models import Teaching
from apps.transfer.drafts import Diary, Options
from apps.transfer.models import Import
from apps.transfer.values.days import Order
from apps.transfer.values.durations import Unit

from .errors import NotAllowedAnyMore


def head_of(batch: Import, *, with_names: bool = False) -> DiaryHead:
    """Raises NotAllowedAnyMore: asked anew before each piece of work."""
    by = batch.uploaded_by
    head = find_head(by, batch.student_id, "log_practice", with_names=with_names) if by is not None else None
    if head is None:
        raise NotAllowedAnyMore
    return head


def diary_of(head: DiaryHead) -> Diary:
    return Diary(
        name=head.student.name,
        zone=zone_of(head.student.time_zone),
        is_family=head.is_family,
        teachings={teacher.label.casefold(): str(teacher.teaching_id) for teacher in head.current_teachers},
    )


def options_of(batch: Import) -> Options:
    found = batch.options
    return Options(
        order=Order(found["order"]) if found.get("order") else None,
        unit=Unit(found.get("unit", Unit.MINUTES)),
        doubles=bool(found.get("doubles")),
        make=bool(found.get("make")),
        fill=str(found.get("fill", "")),
        own=batch.importer == "woodshed",
    )


def teachings_of(student_id: UUID) -> dict[str, Teaching]:
    return {str(row.pk): row for row in Teaching.objects.current().filter(student=student_id)}
