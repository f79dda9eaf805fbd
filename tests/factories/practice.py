from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry


def make_entry(student: Student, by: User, *, now: datetime | None = None, **content: Any) -> PracticeEntry:
    """An entry made the way the product makes it, through the service."""
    now = now or timezone.now()
    content.setdefault("practised_on", student.today(now))
    content.setdefault("minutes", 30)
    content.setdefault("lines", [Line("Minuet in G")])
    return services.log_entry(key=uuid4(), student=student, by=by, content=EntryContent(**content), now=now)
