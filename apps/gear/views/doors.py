"""What every page here begins with: whose gear, and what the reader may do with it."""

from uuid import UUID

from apps.accounts.models import Student, User
from apps.core.access import get_allowed_or_404, with_permission
from apps.gear.models import Gear
from apps.gear.queries import with_last_care


def student_or_404(user: User, student: UUID, action: str = "view") -> Student:
    rows = with_permission(Student.objects.all(), user, may_keep_gear="keep_gear")
    return get_allowed_or_404(rows, action, user, pk=student)


def gear_or_404(user: User, gear: UUID, action: str = "view") -> Gear:
    """The thing with its student, its last care, and with what this user may do."""
    found = with_last_care(Gear.objects.select_related("student", "added_by", "changed_by"))
    return get_allowed_or_404(with_permission(found, user, may_change="change"), action, user, pk=gear)
