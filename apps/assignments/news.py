"""What families are told about assignments."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import access, news
from apps.core.addresses import addresses_of

from .models import Assignment

GIVEN = "assignments.given"


@news.kind(GIVEN)
def given_lines(reader: User, about: Collection[UUID]) -> Mapping[UUID, news.Line]:
    rows = access.allowed(Assignment.objects.filter(pk__in=about), "view", reader)
    address = addresses_of("assignments:assignment-detail")
    return {
        row.pk: news.Line(text=_words(row, reader), url=address(row.pk), icon="todo")
        for row in rows.select_related("teaching__student", "teaching__teacher")
    }


def _words(row: Assignment, reader: User) -> str:
    student = row.teaching.student
    words = {
        "teacher": row.teaching.teacher.get_full_name(),
        "student": student.get_short_name(),
        "title": row.title,
    }
    if student.user_id == reader.pk:
        return _("%(teacher)s gave you something to practise: %(title)s") % words
    return _("%(teacher)s gave %(student)s something to practise: %(title)s") % words
