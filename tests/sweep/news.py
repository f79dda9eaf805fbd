"""What people of the sweep's world were told: of what is there, of what is gone, and another family's."""

from datetime import datetime
from uuid import uuid4

from apps.accounts.models import Student
from apps.lessons.models import LessonChange
from apps.notifications.models import Notification
from tests.conftest import Cast


def news_of(cast: Cast, lessons: dict[str, str], now: datetime) -> dict[str, str]:
    def told(reader: str, student: Student | None, lesson: str) -> str:
        change = LessonChange.objects.filter(lesson__pk=lessons[lesson]).first() if lesson else None
        row = Notification.objects.create(
            recipient=cast.user(reader),
            kind="lessons.changed",
            about=change.pk if change else uuid4(),
            student=student,
            created_at=now,
        )
        return str(row.pk)

    return {
        "told": told("guardian", cast.student, "next"),
        "gone": told("guardian", cast.student, ""),
        "foreign": told("other_guardian", cast.other_student, "foreign"),
        # Of a student whom this person does not see any more.
        "over": told("former_teacher", cast.student, "next"),
    }
