"""What a file is read against."""

from collections import Counter
from uuid import UUID

from apps.accounts.models import Student, User
from apps.accounts.services import require_collection
from apps.practice.queries import DiaryHead, find_head
from apps.private_teaching.models import Teaching
from apps.transfer.drafts import Diary, Options
from apps.transfer.importers import OWN
from apps.transfer.models import Import
from apps.transfer.values.days import Order
from apps.transfer.values.durations import Unit

from .errors import NotAllowedAnyMore


def hold(student_id: UUID) -> Student:
    """Under the lock that every write of the diary waits for, and so does whoever closes it. In a
    transaction. Raises CollectionIsOff."""
    student = Student.objects.select_for_update(of=("self",), no_key=True).get(pk=student_id)
    require_collection(student)
    return student


def head_of(batch: Import, *, with_names: bool = False) -> DiaryHead:
    """Raises NotAllowedAnyMore: asked anew before each piece of work, and of the account as it is by now."""
    by = User.objects.filter(pk=batch.uploaded_by_id).first() if batch.uploaded_by_id else None
    head = find_head(by, batch.student_id, "log_practice", with_names=with_names) if by is not None else None
    if head is None:
        raise NotAllowedAnyMore
    return head


def diary_of(head: DiaryHead) -> Diary:
    return Diary(
        name=head.student.name,
        zone=head.student.time_zone,
        is_family=head.is_family,
        day_ends_at_hour=head.student.day_ends_at_hour,
        teachings=_teachings_by_label(head),
    )


def _teachings_by_label(head: DiaryHead) -> dict[str, str]:
    """Without those that are called the same: what was for one of them must not go to the other."""
    labels = Counter(teacher.label.casefold() for teacher in head.current_teachers)
    return {
        label: str(teacher.teaching_id)
        for teacher in head.current_teachers
        if labels[label := teacher.label.casefold()] == 1
    }


def options_of(batch: Import) -> Options:
    found = batch.options
    return Options(
        order=Order(found["order"]) if found.get("order") else None,
        unit=Unit(found.get("unit", Unit.MINUTES)),
        doubles=bool(found.get("doubles")),
        make=bool(found.get("make")),
        fill=str(found.get("fill", "")),
        audience=str(found.get("audience", "")),
        own=batch.importer == OWN,
    )


def teachings_of(student_id: UUID) -> dict[str, Teaching]:
    return {str(row.pk): row for row in Teaching.objects.current().filter(student=student_id)}
