"""Who may read what just now, what must be kept, and what people are told of it."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from apps.accounts.models import Guardianship, Student, User
from apps.core.glass import OpenCase
from apps.core.holds import has_begun
from apps.core.ownership import Subject

from .models import Impersonation, LegalHold, ReadingCase, Report
from .models.cases import StaffKind

# How many of the newest a person is shown.
SHOWN = 20
NEWS_FOR_A_CHILD = timedelta(days=14)
MAY_READ = "safeguarding.add_readingcase"


def open_cases(user: AbstractBaseUser | AnonymousUser, now: datetime) -> Iterator[OpenCase]:
    """This person's open cases, the newest last, while they may have any."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff or not user.has_perm(MAY_READ):
        return
    found = ReadingCase.objects.open(now).filter(staff=user, student__isnull=False).order_by("opened_at")
    for pk, student_id in found.values_list("pk", "student_id"):
        yield OpenCase(pk, student_id)


def kind_of(staff: User) -> StaffKind:
    """The team that people are told of."""
    names = set(staff.groups.values_list("name", flat=True))
    return next((kind for kind in StaffKind if kind.value in names), StaffKind.OFFICE)


def readings_of(student: Student) -> list[ReadingCase]:
    """Who of the staff looked into this diary, the newest first, for the family."""
    return list(ReadingCase.objects.filter(student=student).order_by("-opened_at", "pk")[:SHOWN])


def looks_at(person: User) -> list[Impersonation]:
    """When somebody of the staff saw the product as this person does."""
    return list(Impersonation.objects.filter(person=person).order_by("-started_at", "pk")[:SHOWN])


def family_of(student_id: UUID) -> list[User]:
    """The current guardians and the student's own login."""
    guardians = Guardianship.objects.current().filter(student=student_id).values("guardian")
    login = Student.objects.filter(pk=student_id, user__isnull=False).values("user")
    return list(User.objects.filter(pk__in=guardians.union(login, all=True), is_active=True).order_by("pk"))


def team() -> QuerySet[User]:
    """Whoever is told that a report waits."""
    return User.objects.filter(
        is_active=True, is_staff=True, groups__name=StaffKind.SAFEGUARDING.value
    ).order_by("pk")


def students_at(email: str) -> list[Student]:
    """Whose sign-in or guardian has this address, by name."""
    users = User.objects.filter(email__iexact=email).values("pk")
    guarded = Guardianship.objects.current().filter(guardian__in=users).values("student")
    found = Student.objects.filter(Q(user__in=users) | Q(pk__in=guarded))
    return list(found.order_by("name", "pk")[:SHOWN])


def is_late(hold: LegalHold) -> bool:
    """Whether the erasure had begun before: the hold keeps what is left."""
    of_diary = hold.student_id is not None and has_begun(Subject.STUDENT, hold.student_id)
    return of_diary or (hold.person_id is not None and has_begun(Subject.PERSON, hold.person_id))


def settled_reports_of(child: User, now: datetime) -> list[Report]:
    """What a child told us and we have looked at: they have no mail, so their first page says it."""
    closed = Report.objects.filter(reporter=child, closed_at__gt=now - NEWS_FOR_A_CHILD)
    return list(closed.order_by("-closed_at", "pk")[:SHOWN])


def is_held(subject: Subject | str, key: UUID) -> bool:
    """Whether this diary or account must be kept: by a hold, or for a report that is not settled."""
    column, reported = (
        ("student", Q(student=key)) if subject == Subject.STUDENT else ("person", Q(author=key))
    )
    holds = LegalHold.objects.live().filter(**{column: key})
    return holds.exists() or Report.objects.unsettled().filter(reported).exists()


def photos_of(reports: QuerySet[Report]) -> set[str]:
    """The files that these reports name."""
    return {name for report in reports.only("kind", "evidence") for name in report.photos}


def kept_photos(report: Report, first: int = 1, most: int | None = None) -> Iterator[tuple[str, str]]:
    """Name and content (base64) of reported photos that are there still, from ``first`` on."""
    for path in report.photos[first - 1 :][:most]:
        try:
            with default_storage.open(path) as file:
                yield path, b64encode(file.read()).decode()
        except FileNotFoundError:  # the report was closed, and the photo is not shown any more
            continue
