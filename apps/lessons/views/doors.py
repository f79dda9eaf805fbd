"""What the pages of lessons begin with."""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.lessons.models import Lesson


def _lessons(reader: User) -> QuerySet[Lesson]:
    rows = Lesson.objects.select_related("teaching__student", "teacher", "added_by", "changed_by")
    return with_permission(rows, reader, may_change="change")


lesson_or_404 = Door(_lessons)
