"""Guests: let in by whoever decides, seen until the day is over, gone at the commit."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import Invitation, Student, StudentGrant, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.core.access import is_allowed
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.factories.accounts import make_invitation

SignIn = Callable[[User], Client]


def url(name: str, cast: Cast, *more: object) -> str:
    return reverse(f"accounts:grant-{name}", args=[cast.student.pk, *more])


def sent(**fields: Any) -> dict[str, Any]:
    until = date.today() + timedelta(days=10)
    return {"email": "gran@people.example", "level": "view", "until": until, "language": "en"} | fields


def test_the_page_lists_guests(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.user("guardian")).get(url("list", cast))
    guests = {(guest.user, guest.level) for guest in answer.context["guests"]}
    assert guests == {
        (cast.user("viewer"), GrantLevel.VIEW),
        (cast.user("commenter"), GrantLevel.COMMENT),
        (cast.user("logger"), GrantLevel.LOG),
    }
    assert cast.user("viewer").email not in answer.content.decode()


def test_who_decides(cast: Cast, as_user: SignIn) -> None:
    codes = {
        "guardian": 200,
        "second_guardian": 200,
        "student": 403,  # a minor
        "teacher": 403,
        "viewer": 403,
        "logger": 403,
        "former_guardian": 404,
        "former_teacher": 404,
        "expired_guest": 404,
        "stranger": 404,
        "staff": 404,
        "superuser": 404,
    }
    for page in ("list", "create"):
        found = {name: as_user(cast.user(name)).get(url(page, cast)).status_code for name in codes}
        assert found == codes
    Student.objects.filter(pk=cast.student.pk).update(age_band="adult")
    assert as_user(cast.user("student")).get(url("list", cast)).status_code == 200


def test_a_guest_is_invited(cast: Cast, as_user: SignIn) -> None:
    Student.objects.filter(pk=cast.student.pk).update(time_zone="America/New_York")
    answer = as_user(cast.user("guardian")).post(url("create", cast), sent(level="comment"))
    assert answer["Location"] == url("list", cast)
    row = Invitation.objects.get()
    assert (row.role, row.grant_level) == (InvitationRole.GRANTEE, "comment")
    assert row.grant_until is not None
    local = row.grant_until.astimezone(ZoneInfo("America/New_York"))
    assert local.replace(tzinfo=None).isoformat() == f"{sent()['until']}T23:59:59"
    mail = Delivery.objects.get()
    assert (mail.email, mail.payload) == ("gran@people.example", {"invitation": str(row.pk)})
    page = as_user(cast.user("guardian")).get(url("list", cast)).content.decode()
    assert "gran@people.example" in page
    assert not StudentGrant.objects.filter(user__email="gran@people.example").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "guardian@people.example"),
        ("email", "second.guardian@people.example"),
        ("level", "own"),
        ("level", ""),
        ("until", ""),
        ("until", "soon"),
        ("until", "2026-02-30"),
        ("until", date.today() - timedelta(days=2)),
        ("until", date.today() + timedelta(days=370)),
        ("until", "9999-12-31"),
        ("language", "xx"),
    ],
)
def test_bad_input_is_said_beside_its_field(cast: Cast, as_user: SignIn, field: str, value: object) -> None:
    answer = as_user(cast.user("guardian")).post(url("create", cast), sent(**{field: value}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_extra_fields_change_nothing(cast: Cast, as_user: SignIn) -> None:
    more = {"role": "guardian", "student": cast.other_student.pk, "granted_by": cast.user("teacher").pk}
    as_user(cast.user("guardian")).post(url("create", cast), sent(**more))
    row = Invitation.objects.get()
    assert (row.role, row.student, row.invited_by) == ("grantee", cast.student, cast.user("guardian"))


def test_defaults(cast: Cast, as_user: SignIn) -> None:
    with time_machine.travel("2026-03-01T02:00:00Z", tick=False):
        Student.objects.filter(pk=cast.student.pk).update(time_zone="America/New_York")
        form = as_user(cast.user("guardian")).get(url("create", cast)).context["form"]
    assert form.fields["until"].initial == date(2026, 3, 30)  # thirty days after 28 February
    assert form.fields["until"].widget.attrs["max"] == "2027-02-28"
    assert form.fields["level"].initial == "view"


def test_a_days_limit_is_said_beside_the_address(cast: Cast, as_user: SignIn, settings: Any) -> None:
    settings.INVITATIONS_PER_SENDER_AND_DAY = 0
    answer = as_user(cast.user("guardian")).post(url("create", cast), sent())
    assert "Too many invitations" in str(answer.context["form"].errors["email"])


def test_an_invitation_goes_back_to_this_page(cast: Cast, as_user: SignIn) -> None:
    row = make_invitation(cast.student, cast.user("guardian"), role=InvitationRole.GRANTEE)
    cancel = reverse("accounts:invitation-cancel", args=[row.pk])
    assert as_user(cast.user("guardian")).post(cancel)["Location"] == url("list", cast)


def test_revoked_is_gone_at_the_commit(cast: Cast, as_user: SignIn) -> None:
    guest = cast.user("logger")
    browser = as_user(guest)
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert browser.get(people).status_code == 200
    revoke = url("revoke", cast, guest.pk)
    assert as_user(cast.user("guardian")).post(revoke)["Location"] == url("list", cast)
    assert browser.get(people).status_code == 404
    for action in ("view", "comment", "log_practice"):
        assert not is_allowed(action, guest, cast.student)
    assert not StudentGrant.objects.filter(user=guest).exists()
    assert AuditEvent.objects.filter(action="grant.revoked", student_id=cast.student.pk).count() == 1
    assert as_user(cast.user("guardian")).post(revoke).status_code == 404
    services.revoke_grant(student=cast.student, user=guest, by=cast.user("guardian"), now=timezone.now())
    assert AuditEvent.objects.filter(action="grant.revoked").count() == 1


def test_revoking_is_for_whoever_decides(cast: Cast, as_user: SignIn) -> None:
    revoke = url("revoke", cast, cast.user("viewer").pk)
    assert as_user(cast.user("guardian")).get(revoke).status_code == 405
    assert Client().post(revoke).status_code == 302
    assert as_user(cast.user("stranger")).post(revoke).status_code == 404
    for name in ("teacher", "student", "viewer"):
        assert as_user(cast.user(name)).post(revoke).status_code == 403
    foreign = as_user(cast.user("guardian")).post(url("revoke", cast, cast.user("stranger").pk))
    absent = as_user(cast.user("guardian")).post(url("revoke", cast, uuid4()))
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert len(queries.guests_of(cast.student, timezone.now())) == 3


def test_an_ended_grant_is_no_guest(cast: Cast) -> None:
    later = timezone.now() + timedelta(days=8)
    assert queries.guests_of(cast.student, later) == []


def test_levels_include_the_ones_before() -> None:
    assert [level.codenames for level in GrantLevel] == [
        ["view_student"],
        ["view_student", "comment_student"],
        ["view_student", "comment_student", "log_practice_student"],
    ]
