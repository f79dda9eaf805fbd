from typing import Any

from apps.accounts.models import Student, User
from apps.private_teaching.models import Teaching

from .accounts import LONG_AGO


def make_teaching(teacher: User, student: Student, instrument: str = "Piano", **fields: Any) -> Teaching:
    fields.setdefault("started_at", LONG_AGO)
    return Teaching.objects.create(teacher=teacher, student=student, instrument=instrument, **fields)
