"""What a purge leaves alone: rows of a diary that the safeguarding team keeps."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q

from apps.core import ownership
from apps.core.holds import holds
from apps.core.ownership import Subject

from .models import LegalHold, Report


@holds
def kept_for_safeguarding(model: type[Model], keys: Collection[Any]) -> Collection[Any]:
    """Rows of a student with a live hold, or with a report that is not settled."""
    held = LegalHold.objects.live().filter(student__isnull=False).values("student")
    reported = Report.objects.unsettled().values("student")
    of_student = Q()
    for tie in ownership.tables()[model._meta.label_lower].ties_of(Subject.STUDENT):
        if tie.path:
            of_student |= Q(**{f"{tie.path}__in": held}) | Q(**{f"{tie.path}__in": reported})
    if not of_student:
        return []
    return set(model._base_manager.filter(of_student, pk__in=keys).values_list("pk", flat=True))
