"""What a person is here, from the rows that say so, in one query."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Subquery

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.practice.models import NewMark
from apps.private_teaching.models import Teaching

# More than this is "99+"; nobody counts further, so the database does not either.
MOST_NEW = 100


@dataclass(frozen=True, slots=True)
class Roles:
    """All that a person may be at once. ``new_entries`` is capped at ``MOST_NEW``."""

    own_student_id: UUID | None
    is_guardian: bool
    is_teacher: bool
    is_guest: bool
    new_entries: int

    @property
    def first_page(self) -> str:
        """The URL name of where this person lands after signing in."""
        if self.is_teacher:
            return "home:roster"
        if self.is_guardian:
            return "parent_portal:overview"
        return "home:student" if self.own_student_id else "home:start"


def roles_of(user: User, *, now: datetime) -> Roles:
    """One SELECT of subqueries, each of which stops at its first row or at the cap."""
    teachings = Teaching.objects.current().by(user)
    marks = NewMark.objects.filter(teaching__in=teachings.values("pk"))
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(
            own_student=Subquery(Student.objects.own(user).values("pk")[:1]),
            guards=Exists(Guardianship.objects.current().filter(guardian=user)),
            teaches=Exists(teachings),
            visits=Exists(StudentGrant.objects.live(now).filter(user=user)),
            new=ArraySubquery(marks.values("entry_id")[:MOST_NEW]),
        )
        .values_list("own_student", "guards", "teaches", "visits", "new")
        .get()
    )
    own_student, guards, teaches, visits, new = found
    # An entry may be new through two teachings; it is one entry.
    return Roles(own_student, guards, teaches, visits, len(set(new)))
