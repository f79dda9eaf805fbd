"""What a person is here, from the rows that say so, in one query."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet, Subquery

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.accounts.prepared import ForReader
from apps.desk.queries import MOST_NEW
from apps.notifications.queries import unread_by
from apps.practice.models import NewMark
from apps.private_teaching.models import Application, TeacherProfile, Teaching


@dataclass(frozen=True, slots=True)
class Roles:
    """All that a person may be at once. What is counted is capped at ``MOST_NEW``."""

    own_student_id: UUID | None
    is_guardian: bool
    is_teacher: bool
    is_guest: bool
    new_entries: int
    requests: int
    unread_news: int

    @property
    def first_page(self) -> str:
        """The URL name of where this person lands after signing in."""
        if self.is_teacher:
            return "home:roster"
        if self.is_guardian:
            return "parent_portal:overview"
        return "home:student" if self.own_student_id else "home:start"


def _with_roles(person: User) -> QuerySet[User]:
    teachings = Teaching.objects.current().by(person)
    marks = NewMark.objects.filter(teaching__in=teachings.values("pk"))
    return User.objects.filter(pk=person.pk).annotate(
        own_student=Subquery(Student.objects.own(person).values("pk")[:1]),
        guards=Exists(Guardianship.objects.current().filter(guardian=person)),
        # Who has only paused students still looks for them in the list.
        teaches=Exists(Teaching.objects.unended().by(person)),
        # Whoever has a page has a studio, before the first pupil too.
        publishes=Exists(TeacherProfile.objects.filter(teacher=person)),
        asked=ArraySubquery(Application.objects.open().to(person).values("pk")[:MOST_NEW]),
        visits=Exists(StudentGrant.objects.live().filter(user=person)),
        unread=unread_by(person, MOST_NEW),
        new=ArraySubquery(marks.values("entry_id")[:MOST_NEW]),
    )


# Every page of a signed-in person asks this.
_people = ForReader(_with_roles)


def roles_of(user: User) -> Roles:
    """One SELECT of subqueries, each of which stops at its first row or at the cap."""
    (row,) = _people(user)
    found = vars(row)
    # An entry may be new through two teachings; it is one entry.
    return Roles(
        own_student_id=found["own_student"],
        is_guardian=found["guards"],
        is_teacher=found["teaches"] or found["publishes"],
        is_guest=found["visits"],
        new_entries=len(set(found["new"])),
        requests=len(found["asked"]),
        unread_news=len(found["unread"]),
    )
