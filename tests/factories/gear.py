from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.gear import services
from apps.gear.content import CareContent, GearContent
from apps.gear.models import Care, Gear


def make_gear(
    student: Student, by: User, name: str = "Violin", *, now: datetime | None = None, **content: Any
) -> Gear:
    """Made the way the product makes it."""
    return services.add_gear(
        key=uuid4(),
        student=student,
        by=by,
        content=GearContent(name=name, **content),
        now=now or timezone.now(),
    )


def make_care(gear: Gear, by: User, done_on: date | None = None, **content: Any) -> Care:
    now = timezone.now()
    day = done_on or gear.student.today(now)
    return services.add_care(
        key=uuid4(), gear=gear, by=by, content=CareContent(done_on=day, **content), now=now
    )
