"""Every state of a request, for every person, page and button, leads to a page with a next step."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.private_teaching import services
from apps.private_teaching.models import Application
from tests.conftest import Cast
from tests.factories.accounts import birth_month
from tests.factories.private_teaching import make_application, make_teaching

from .walks import SignIn, address

pytestmark = pytest.mark.django_db
PEOPLE = (
    "anonymous",
    "student",
    "guardian",
    "second_guardian",
    "former_guardian",
    "other_teacher",
    "teacher",
    "viewer",
    "stranger",
    "superuser",
)
PAGES = {
    "application-show": ("GET",),
    "application-accept": ("POST", "GET"),
    "application-wait": ("POST", "GET"),
    "application-decline": ("GET", "POST"),
    "application-agree": ("POST", "GET"),
    "application-withdraw": ("GET", "POST"),
    "message-add": ("POST", "GET"),
}


def by_guardian(cast: Cast) -> Application:
    return make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))


def by_student(cast: Cast) -> Application:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    return make_application(cast.user("other_teacher"), cast.student, cast.user("student"))


def full(cast: Cast) -> Application:
    row = by_guardian(cast)
    row.teacher.teacher_profile.places = 1
    row.teacher.teacher_profile.save()
    return row


def answered(act: Callable[[Application, User, Any], object]) -> Callable[[Cast], Application]:
    def make(cast: Cast) -> Application:
        row = by_guardian(cast)
        act(row, cast.user("guardian"), timezone.now())
        return row

    return make


def overdue(row: Application, parent: User, now: Any) -> None:
    Application.objects.update(expires_at=now - timedelta(minutes=1))


def stopped(row: Application, parent: User, now: Any) -> None:
    Student.objects.update(collecting=False)


STATES: dict[str, Callable[[Cast], Application]] = {
    "pending": by_guardian,
    "pending, asked by the student": by_student,
    "pending, no place": full,
    "pending, nothing may be kept": answered(stopped),
    "waitlisted": answered(
        lambda row, parent, now: services.put_on_waiting_list(application=row, by=row.teacher, now=now)
    ),
    "accepted": answered(lambda row, parent, now: services.accept(application=row, by=row.teacher, now=now)),
    "declined": answered(
        lambda row, parent, now: services.decline(application=row, by=row.teacher, words="No", now=now)
    ),
    "withdrawn": answered(lambda row, parent, now: services.withdraw(application=row, by=parent, now=now)),
    "expired, nobody has written so": answered(overdue),
    "expired": answered(
        lambda row, parent, now: services.close_open_ones(teacher=row.teacher, by=parent, now=now)
    ),
}


def way_on(page: str) -> bool:
    """A link or a button in the page's own part."""
    main = page[page.index("<main") : page.index("</main>")]
    return bool(re.search(r'<a [^>]*href="/|<button [^>]*type="submit"', main))


def dead_ends(client: Client, url: str, method: str) -> str:
    sent = {"words": "", "key": str(uuid4()), "body": "Hello"} if method == "POST" else {}
    with transaction.atomic():
        answer = client.generic(method, url) if method == "GET" else client.post(url, sent)
        if answer.status_code == 302:
            answer = client.get(answer["Location"], follow=True)
        transaction.set_rollback(True)
    if answer.status_code not in (200, 403, 404, 405):
        return f"status {answer.status_code}"
    return "" if answer.status_code == 405 or way_on(answer.content.decode()) else "no way on"


@pytest.mark.no_cover
@pytest.mark.parametrize("state", STATES)
def test_nobody_stands_before_a_wall(
    cast: Cast, as_user: SignIn, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row = STATES[state](cast)
    wrong, cells = [], 0
    for name in PEOPLE:
        client = Client() if name == "anonymous" else as_user(cast.user(name))
        for page, methods in PAGES.items():
            for method in methods:
                cells += 1
                if fault := dead_ends(client, address(page, row.pk), method):
                    wrong.append(f"{method} {page} by {name}: {fault}")
    with capsys.disabled():
        print(f"\n{state}: {cells} cells, {len(wrong)} dead ends")
    assert cells == 130
    assert wrong == []


def test_with_no_place_the_teacher_is_shown_how_to_make_one(cast: Cast, as_user: SignIn) -> None:
    row = full(cast)
    make_teaching(row.teacher, cast.student, "Harp")
    shown = as_user(row.teacher).get(address("application-show", row.pk)).content.decode()
    # Noah has the only place; Mia's harp is a second pupil already, and needs none.
    assert address("page-edit") in shown
