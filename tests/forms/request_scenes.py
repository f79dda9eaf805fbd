"""Noah's teacher has a page, and Mia's family asks there."""

from django.utils import timezone

from apps.accounts.models import Student
from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile
from tests.conftest import Cast
from tests.factories.accounts import birth_month
from tests.factories.private_teaching import make_application, make_page

from .scenes import join_office


def write_page(cast: Cast) -> None:
    make_page(cast.user("other_teacher"), public=False)


def publish_page(cast: Cast) -> None:
    make_page(cast.user("other_teacher"))


def send_in_page(cast: Cast) -> None:
    join_office(cast)
    write_page(cast)
    teacher = cast.user("other_teacher")
    services.submit_page(profile=TeacherProfile.objects.get(), by=teacher, now=timezone.now())


def page(cast: Cast) -> list[object]:
    return [TeacherProfile.objects.get().pk]


def ask(cast: Cast) -> None:
    make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))


def ask_alone(cast: Cast) -> None:
    """Mia is old enough to ask; a guardian has still to agree."""
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    make_application(cast.user("other_teacher"), cast.student, cast.user("student"))


def request(cast: Cast) -> list[object]:
    return [Application.objects.get().pk]


def message(cast: Cast) -> list[object]:
    return [ApplicationMessage.objects.get().pk]
