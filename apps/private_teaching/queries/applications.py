"""Who asks whom for lessons, and what was said about it."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from apps.accounts.models import FamilyLock, Guardianship, Student, User
from apps.accounts.models.family import unlocked
from apps.accounts.models.students import AgeBand
from apps.core.access import allowed, with_permission
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile, Teaching
from apps.private_teaching.models.applications import ApplicationState, Voice, is_open

# How many of a student's requests stand on the page of people.
SHOWN = 20


def agreement() -> Q:
    """Somebody stands behind it who decides for the student now: a guardian, or the student as an adult."""
    guards = Guardianship.objects.current().filter(
        student=OuterRef("student"), guardian=OuterRef("agreed_by")
    )
    adult = Student.objects.filter(pk=OuterRef("student"), user=OuterRef("agreed_by"), age_band=AgeBand.ADULT)
    return Q(Exists(guards)) | Q(Exists(adult))


def with_agreement(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Annotate ``is_agreed``: without it the teacher cannot say yes."""
    return applications.annotate(is_agreed=Case(When(agreement(), then=True), default=False))


def is_agreed(application: Application) -> bool:
    return Application.objects.filter(agreement(), pk=application.pk).exists()


def lapsed() -> QuerySet[Application]:
    """Open, and whoever agreed decides no longer; or the student is of age meanwhile, and has not agreed."""
    was_agreed = Q(agreed_by__isnull=False) | Q(student__age_band=AgeBand.ADULT)
    rows = Application.objects.open().filter(~agreement(), was_agreed)
    return rows.select_related("student", "teacher").order_by("pk")


def lack_of(application: Application) -> str:
    """Why there is no agreement: ``adult`` (the student decides now), ``alone`` (a minor asked, and nobody
    has agreed yet) or ``lapsed`` (whoever agreed decides no longer)."""
    if application.student.age_band == AgeBand.ADULT:
        return "adult"
    by_student = application.applied_by_id == application.student.user_id
    return "alone" if by_student and application.agreed_by_id is None else "lapsed"


def says_the_same(application: Application, *, by: User, instrument: str, body: str) -> bool:
    """Whether it was asked by this person in these very words: they have sent the form twice."""
    if (application.applied_by_id, application.instrument) != (by.pk, instrument):
        return False
    first = ApplicationMessage.objects.filter(application=application, created_at=application.applied_at)
    return first.filter(author=by, body=body).exists()


def is_held(student: Student) -> bool:
    """Whether the staff hold this student's family still."""
    return FamilyLock.objects.in_force().filter(student=student).exists()


def is_family_held(user: User) -> bool:
    """Whether the staff hold one of this person's families still."""
    return Student.objects.family_of(user).filter(~unlocked()).exists()


def teacher_name(teacher: User) -> str:
    """As the staff approved it; a first name, while there is no such page."""
    page = getattr(getattr(teacher, "teacher_profile", None), "published", None)
    return page.display_name if page is not None else teacher.get_short_name()


def author_name(message: ApplicationMessage) -> str:
    """Of a teacher what stands on the page; of a family first names, all that is needed before a yes."""
    if message.author is None:
        return _("Somebody who left")
    if message.author_role == Voice.TEACHER:
        return teacher_name(message.author)
    return message.author.get_short_name()


def thread_of(application: Application, *, viewer: User) -> list[ApplicationMessage]:
    """All that was said, the oldest first, each with ``may_delete``; the door is the caller's."""
    rows = ApplicationMessage.objects.kept().filter(application=application)
    rows = rows.select_related("author__teacher_profile__published").order_by("created_at", "pk")
    return list(with_permission(rows, viewer, may_delete="delete"))


def waiting_number(application: Application) -> int:
    """The place on the teacher's waiting list, from 1."""
    before = Application.objects.filter(
        is_open(), teacher=application.teacher_id, state=ApplicationState.WAITLISTED
    )
    return before.filter(waitlisted_at__lte=application.waitlisted_at).count()


def open_to(teacher: User) -> list[Application]:
    """What waits for this teacher's answer, the oldest first, then the waiting list in its order."""
    rows = allowed(Application.objects.open().to(teacher), "answer", teacher)
    found = (
        with_agreement(rows).select_related("student").order_by("state", "waitlisted_at", "applied_at", "pk")
    )
    return list(found)


def free_places(profile: TeacherProfile, *, without: Student | None = None) -> int:
    """Places that nobody has; negative when there are more pupils than places."""
    taught = Teaching.objects.unended().by(profile.teacher)
    if without is not None:
        taught = taught.exclude(student=without)
    return profile.places - taught.values("student").distinct().count()


def of_student(student: Student, *, viewer: User, now: datetime) -> list[tuple[Application, Any]]:
    """What the family has asked for, the newest first, each with its state; others find nothing."""
    rows = allowed(Application.objects.filter(student=student), "view", viewer).exclude(teacher=viewer)
    rows = rows.select_related("teacher__teacher_profile__published").order_by("-applied_at", "pk")[:SHOWN]
    return [(each, each.standing(now)) for each in rows]
