from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry, SavedFilter, WeekSignOff
from apps.practice.queries.sign_offs import SignedWeek, count_week
from apps.practice.services.filters import save_filter
from apps.private_teaching.models import Teaching


def make_entry(student: Student, by: User, *, now: datetime | None = None, **content: Any) -> PracticeEntry:
    """An entry made the way the product makes it, through the service."""
    now = now or timezone.now()
    content.setdefault("practised_on", student.today(now))
    content.setdefault("minutes", 30)
    content.setdefault("lines", [Line("Minuet in G")])
    return services.log_entry(key=uuid4(), student=student, by=by, content=EntryContent(**content), now=now)


def make_sign_off(teaching: Teaching, week_on: date, by: User, **fields: Any) -> WeekSignOff:
    fields.setdefault("signed_at", timezone.now())
    version = count_week(SignedWeek(teaching.student_id, teaching.pk, week_on)).version
    given = {"minutes": 30, "sessions": 1, "version": version} | fields
    return WeekSignOff.objects.create(
        student=teaching.student, teaching=teaching, week_on=week_on, signed_by=by, **given
    )


def make_filter(
    user: User, student: Student, name: str = "Exam", *, query: str = "exam=1", now: datetime | None = None
) -> SavedFilter:
    return save_filter(
        key=uuid4(), user=user, student=student, name=name, query=query, now=now or timezone.now()
    )
