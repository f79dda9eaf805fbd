"""What every page here begins with: whose gear, and what the reader may do with it."""

from django.db.models import QuerySet

from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.gear.models import Gear
from apps.gear.queries import with_last_care


def _students(reader: User) -> QuerySet[Student]:
    return with_permission(Student.objects.all(), reader, may_keep_gear="keep_gear")


def _gear(reader: User) -> QuerySet[Gear]:
    found = with_last_care(Gear.objects.select_related("student", "added_by", "changed_by"))
    return with_permission(found, reader, may_change="change")


student_or_404 = Door(_students)
# The thing with its student, its last care, and with what this user may do.
gear_or_404 = Door(_gear)
