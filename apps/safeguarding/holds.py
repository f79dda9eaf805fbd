"""What a purge leaves alone: rows of a diary, and reported photos, that the safeguarding team keeps."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q

from apps.core import ownership
from apps.core.holds import holds, holds_files
from apps.core.ownership import Subject

from .items import PHOTO
from .models import LegalHold, Report
from .models.reports import ReportState
from .queries import photos_of


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


@holds_files
def reported_photos(names: Collection[str]) -> Collection[str]:
    """Photos that a report names which is not settled, or one about an account with a live hold."""
    # The item of such a report is the account; its author is emptied when that is erased.
    held = LegalHold.objects.live().filter(person__isnull=False).values("person")
    keeping = Report.objects.filter(~Q(state=ReportState.CLOSED) | Q(item_id__in=held), kind=PHOTO)
    return photos_of(keeping).intersection(names)
