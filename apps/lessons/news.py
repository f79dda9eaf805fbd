"""What families are told about lessons."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import access, news
from apps.core.addresses import addresses_of
from apps.core.templatetags.ui import moment

from .models import ChangeKind, Lesson, LessonChange

KIND = "lessons.changed"


@news.kind(KIND)
def change_lines(reader: User, about: Collection[UUID]) -> Mapping[UUID, news.Line]:
    """Of each lesson its last change: an older one would say what is not so any more."""
    lessons = access.allowed(Lesson.objects.all(), "view", reader).values("pk")
    later = LessonChange.objects.filter(
        Q(changed_at__gt=OuterRef("changed_at"))
        | Q(changed_at=OuterRef("changed_at"), pk__gt=OuterRef("pk")),
        lesson=OuterRef("lesson"),
    )
    rows = LessonChange.objects.filter(~Exists(later), pk__in=about, lesson__in=lessons)
    address = addresses_of("lessons:lesson-detail")
    return {
        row.pk: news.Line(text=_words(row), url=address(row.lesson_id), icon="clock")
        for row in rows.select_related("lesson__teaching__student")
    }


def _words(row: LessonChange) -> str:
    words = {
        "student": row.lesson.teaching.student.get_short_name(),
        "before": moment(row.was_at),
        "now": moment(row.lesson.starts_at),
    }
    if row.kind == ChangeKind.CANCELLED:
        return _("The lesson of %(student)s on %(before)s is called off.") % words
    return _("The lesson of %(student)s is now on %(now)s, not on %(before)s.") % words
