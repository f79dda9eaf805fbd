"""A family asks another teacher, for good or to stand in for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Invitation, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from apps.practice.queries.people import find_head
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import start_teaching
from tests.conftest import Cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_invitation,
    make_student,
)
from tests.factories.private_teaching import make_teaching

from .test_offers import accept

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TEACHER = InvitationRole.TEACHER


def test_the_family_asks_a_second_teacher(as_user: SignIn, cast: Cast) -> None:
    url = reverse("private_teaching:teacher-invite", args=[cast.student.pk])
    new = cast.user("stranger")
    sent = {"instrument": "Voice", "email": new.email, "language": "en", "until": ""}
    answer = as_user(cast.user("guardian")).post(url, sent)
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])
    row = Invitation.objects.get()
    assert accept(as_user(new), row, **born(40)).status_code == 302
    teaching = Teaching.objects.get(teacher=new)
    assert (teaching.student, teaching.instrument, teaching.cover_until) == (cast.student, "Voice", None)
    told = Delivery.objects.filter(kind="accounts.somebody-joined").values_list("recipient", flat=True)
    assert set(told) == {cast.user(name).pk for name in ("guardian", "second_guardian", "student")}


def test_who_stands_in_stays_until_the_last_day(as_user: SignIn, cast: Cast) -> None:
    url = reverse("private_teaching:teacher-invite", args=[cast.student.pk])
    new, day = cast.user("stranger"), cast.student.today(timezone.now()) + timedelta(days=3)
    sent = {"instrument": "Voice", "email": new.email, "language": "en", "until": day.isoformat()}
    as_user(cast.user("guardian")).post(url, sent)
    row = Invitation.objects.get()
    assert row.expires_at <= (row.grant_until or row.created_at)
    accept(as_user(new), row, **born(40))
    teaching = Teaching.objects.get(teacher=new)
    assert teaching.cover_until == row.grant_until
    diary = reverse("practice:entry-list", args=[cast.student.pk])
    assert as_user(new).get(diary).status_code == 200
    Teaching.objects.filter(pk=teaching.pk).update(cover_until=timezone.now())
    assert as_user(new).get(diary).status_code == 404
    head = find_head(cast.user("guardian"), cast.student.pk, "view")
    assert head is not None
    assert {teacher.user_id for teacher in head.teachers if teacher.is_current} == {
        cast.user("teacher").pk,
        cast.user("second_teacher").pk,
    }


@pytest.mark.parametrize("until", [timedelta(days=-1), timedelta(days=400)])
def test_a_last_day_is_one_of_the_next_year(as_user: SignIn, cast: Cast, until: timedelta) -> None:
    day = cast.student.today(timezone.now()) + until
    sent = {"instrument": "Voice", "email": "", "language": "en", "until": day.isoformat()}
    url = reverse("private_teaching:teacher-invite", args=[cast.student.pk])
    answer = as_user(cast.user("guardian")).post(url, sent)
    assert list(answer.context["form"].errors) == ["until"]


def test_standing_in_again_after_the_last_day(cast: Cast) -> None:
    """Nobody has written that the first time is over: it does not stand in the way."""
    now, new = timezone.now(), cast.user("stranger")
    make_teaching(new, cast.student, "voice", cover_until=now - timedelta(days=1))
    start_teaching(student=cast.student, teacher=new, instrument="Voice", by=new, now=now)
    assert [t.ended_at is None for t in Teaching.objects.filter(teacher=new).order_by("started_at")] == [
        False,
        True,
    ]


@pytest.mark.parametrize("before", ["for a while", "for good"])
def test_who_teaches_already_stays_longer_never_shorter(as_user: SignIn, cast: Cast, before: str) -> None:
    now, new = timezone.now(), cast.user("stranger")
    first = now + timedelta(days=1) if before == "for a while" else None
    make_teaching(new, cast.student, "Cello", cover_until=first)
    row = make_invitation(
        cast.student, cast.user("guardian"), new.email, TEACHER, grant_until=now + timedelta(days=9)
    )
    accept(as_user(new), row, **born(40))
    assert Teaching.objects.get(teacher=new).cover_until == (row.grant_until if first else None)


@pytest.mark.parametrize(("days", "stays"), [(3, 9), (20, 20), (None, None)])
def test_standing_in_gets_longer_and_the_audit_says_so(
    cast: Cast, days: int | None, stays: int | None
) -> None:
    """Whoever may stay nine days does not lose six of them by another invitation."""
    now, new = timezone.now(), cast.user("stranger")

    def day(number: int | None) -> Any:
        return None if number is None else now + timedelta(days=number)

    make_teaching(new, cast.student, "Cello", cover_until=day(9))
    row = make_invitation(cast.student, cast.user("guardian"), new.email, TEACHER, grant_until=day(days))
    services.accept_invitation(invitation=row, by=new, now=now, birth_month=birth_month(40))
    assert Teaching.objects.get(teacher=new).cover_until == day(stays)
    assert AuditEvent.objects.filter(action="teaching.extended").count() == (days != 3)


def paused(cast: Cast, by: str, since: datetime) -> Teaching:
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=since, paused_by=cast.user(by))
    return cast.teaching


@pytest.mark.parametrize("by", ["guardian", "teacher"])
def test_the_family_asks_a_paused_teacher_to_go_on(as_user: SignIn, cast: Cast, by: str) -> None:
    """Who is welcomed sees the diary."""
    row = paused(cast, by, timezone.now())
    asked = make_invitation(
        cast.student, cast.user("guardian"), cast.user("teacher").email, TEACHER, instrument="piano"
    )
    client = as_user(cast.user("teacher"))
    answer = client.post(reverse("accounts:invitation-accept", args=[asked.token]), born(40), follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.paused_at, row.paused_by) == (None, None)
    assert Teaching.objects.by(cast.user("teacher")).count() == 1


@pytest.mark.parametrize("by", ["guardian", "teacher"])
def test_an_older_invitation_ends_only_the_teachers_own_pause(as_user: SignIn, cast: Cast, by: str) -> None:
    """The family has changed its mind since."""
    asked = make_invitation(
        cast.student, cast.user("guardian"), cast.user("teacher").email, TEACHER, instrument="piano"
    )
    row = paused(cast, by, timezone.now())
    answer = accept(as_user(cast.user("teacher")), asked, **born(40))
    assert ("This invitation no longer holds" in answer.content.decode()) == (by == "guardian")
    row.refresh_from_db()
    assert (row.paused_at is None) == (by == "teacher")


def test_a_pause_that_is_to_come_stays(as_user: SignIn, cast: Cast) -> None:
    row = paused(cast, "guardian", timezone.now() + timedelta(days=1))
    asked = make_invitation(
        cast.student, cast.user("guardian"), cast.user("teacher").email, TEACHER, instrument="piano"
    )
    assert accept(as_user(cast.user("teacher")), asked, **born(40)).status_code == 302
    row.refresh_from_db()
    assert row.paused_at is not None


@pytest.mark.parametrize("age", [10, 17])
def test_a_teacher_is_of_age(as_user: SignIn, cast: Cast, age: int) -> None:
    new = cast.user("stranger")
    row = make_invitation(cast.student, cast.user("guardian"), new.email, TEACHER)
    answer = accept(as_user(new), row, **born(age))
    assert "A grown-up has to do this" in answer.content.decode()
    make_student("New", user=new, age_band=AgeBand.TEEN)
    answer = accept(as_user(new), row, **born(40))
    assert "A grown-up has to do this" in answer.content.decode()
    assert not Teaching.objects.filter(teacher=new).exists()


def test_nobody_teaches_themselves(as_user: SignIn, nora: User, thea: User) -> None:
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    row = make_invitation(own, nora, "other@people.example", TEACHER)
    Invitation.objects.filter(pk=row.pk).update(email=nora.email)
    answer = accept(as_user(nora), row, **born(40))
    assert "both the student and the teacher" in answer.content.decode()
    assert not Teaching.objects.exists()


def test_who_asked_must_still_be_family(as_user: SignIn, cast: Cast) -> None:
    new = cast.user("stranger")
    row = make_invitation(cast.student, cast.user("guardian"), new.email, TEACHER)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    answer = accept(as_user(new), row, **born(40))
    assert "This invitation no longer holds" in answer.content.decode()
    assert not Teaching.objects.filter(teacher=new).exists()


def test_a_guardian_is_asked_to_teach_with_another_address(as_user: SignIn, cast: Cast) -> None:
    sent = {"instrument": "Voice", "email": cast.user("second_guardian").email, "language": "en"}
    url = reverse("private_teaching:teacher-invite", args=[cast.student.pk])
    answer = as_user(cast.user("guardian")).post(url, sent)
    assert "This is the address of a guardian" in answer.content.decode()


def test_the_people_page_says_who_stands_in_and_offers_to_invite(as_user: SignIn, cast: Cast) -> None:
    Teaching.objects.filter(pk=cast.teaching.pk).update(cover_until=timezone.now() + timedelta(days=3))
    url = reverse("private_teaching:student-people", args=[cast.student.pk])
    html = as_user(cast.user("guardian")).get(url).content.decode()
    assert "stands in until" in html
    invite = reverse("private_teaching:teacher-invite", args=[cast.student.pk])
    assert invite in html
    assert invite not in as_user(cast.user("student")).get(url).content.decode()
