"""Rows of teachers' pages and of requests for lessons, each with a text "Row 7" that the page shows."""

from apps.private_teaching.models import Application, TeacherProfile
from tests.conftest import Cast
from tests.factories.accounts import LONG_AGO, make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_application, make_page, say

# The numbers are those of rows to add to the ones before.


def pages(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_page(make_user(f"Teacher {number}"), display_name=f"Row {number}")


def to_teacher(cast: Cast, numbers: range) -> None:
    """What Noah's teacher was asked, by as many families. A teacher reads first names: "Row-7"."""
    for number in numbers:
        child, parent = make_student(f"Row-{number}"), make_user(f"Parent {number}")
        make_guardianship(child, parent)
        make_application(cast.user("other_teacher"), child, parent)


def of_family(cast: Cast, numbers: range) -> None:
    """Whom Mia's guardian has asked; all but a few are over."""
    for number in numbers:
        Application.objects.update(state="declined", ended_at=LONG_AGO, applied_at=LONG_AGO)
        teacher = make_user(f"Teacher {number}")
        make_page(teacher, display_name=f"Row {number}")
        make_application(teacher, cast.student, cast.user("guardian"))


def application(cast: Cast) -> Application:
    """Mia's guardian asks Noah's teacher, once."""
    teacher = cast.user("other_teacher")
    row = Application.objects.filter(teacher=teacher).first()
    return row or make_application(teacher, cast.student, cast.user("guardian"))


def request_of(cast: Cast) -> list[object]:
    return [application(cast).pk]


def messages(cast: Cast, numbers: range) -> None:
    row = application(cast)
    for number in numbers:
        say(row, cast.user("guardian" if number % 2 else "other_teacher"), f"Row {number}")


def page_of_teacher(cast: Cast) -> list[object]:
    """Of Noah's teacher."""
    teacher = cast.user("other_teacher")
    return [(TeacherProfile.objects.filter(teacher=teacher).first() or make_page(teacher)).pk]


def children(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_guardianship(make_student(f"Row {number}"), cast.user("guardian"))
