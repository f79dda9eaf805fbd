"""The account that a guardian made for a child: what ends with it, and which accounts are none."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.accounts.services import children
from tests.factories.accounts import birth_month, make_guardianship, make_student, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What an app above is told, and nobody else."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(children, "_told", [])

    @children.when_sign_in_ends
    def note(*, student: Student, user: User, by: User, now: datetime) -> None:
        found.append({"student": student, "user": user, "by": by, "now": now})

    return found


@pytest.fixture
def zoe() -> Student:
    """Fourteen, with a guardian who made a sign-in for her."""
    student = make_student("Zoe", age_band=AgeBand.TEEN, birth_month=birth_month(14))
    guardian = make_user("Anna")
    make_guardianship(student, guardian)
    services.make_child_login(student=student, by=guardian, now=timezone.now())
    return student


def test_closing_it_tells_whoever_keeps_more(zoe: Student, told: list[dict[str, Any]]) -> None:
    made, guardian, now = zoe.user, User.objects.get(display_name="Anna"), timezone.now()
    assert made is not None
    services.close_child_login(student=zoe, user=made, by=guardian, now=now)
    assert told == [{"student": zoe, "user": made, "by": guardian, "now": now}]
    made.refresh_from_db()
    zoe.refresh_from_db()
    assert (made.is_active, zoe.user) == (False, None)


def test_it_makes_room_for_the_students_own(zoe: Student, told: list[dict[str, Any]]) -> None:
    made, own, now = zoe.user, make_user("Zoe"), timezone.now()
    guardian = User.objects.get(display_name="Anna")
    row = services.invite_by_code(student=zoe, role=InvitationRole.STUDENT, by=guardian, now=now)
    services.accept_invitation(invitation=row, by=own, now=now)
    assert told == [{"student": zoe, "user": made, "by": own, "now": now}]
    zoe.refresh_from_db()
    assert zoe.user == own


def test_an_account_of_ones_own_is_not_closed_that_way(told: list[dict[str, Any]]) -> None:
    own = make_user("Tess")
    tess = make_student("Tess", user=own)
    with pytest.raises(services.StudentHasALogin):
        services.close_child_login(student=tess, user=own, by=make_user("Anna"), now=timezone.now())
    own.refresh_from_db()
    tess.refresh_from_db()
    assert (own.is_active, tess.user, told) == (True, own, [])


def test_what_was_left_open_beside_an_own_login_is_closed_alone(zoe: Student) -> None:
    made, own = zoe.user, make_user("Zoe")
    assert made is not None
    Student.objects.filter(pk=zoe.pk).update(user=own)
    services.close_child_login(student=zoe, user=made, by=own, now=timezone.now())
    made.refresh_from_db()
    zoe.refresh_from_db()
    assert (made.is_active, zoe.user) == (False, own)
