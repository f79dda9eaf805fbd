"""Lessons by invitation: a new pupil with a diary of their own, another teacher, one who stands in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.privacy.services.eraser import steps
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_guardianship,
    make_invitation,
    make_student,
    make_user,
)
from tests.factories.consent import AGREED
from tests.factories.private_teaching import make_teaching

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PUPIL, TEACHER = InvitationRole.PUPIL, InvitationRole.TEACHER
NASTY = ["W" * 100, "<b onclick=x>Zoe</b>", "זואי", "\u202eeoZ", "Zoe\u200d 🎻"]


def accept(client: Client, row: Invitation, **sent: Any) -> Any:
    return client.post(reverse("accounts:invitation-accept", args=[row.token]), sent)


def look(client: Client, row: Invitation) -> str:
    return client.get(reverse("accounts:invitation-show", args=[row.token])).content.decode()


def pupil(thea: User, email: str) -> Invitation:
    return make_invitation(None, thea, email, PUPIL)


# A new pupil


def test_an_adult_brings_an_own_diary(as_user: SignIn, thea: User, nora: User) -> None:
    """The diary that is here gets a teacher; nobody gets a second one."""
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    row = pupil(thea, nora.email)
    html = look(as_user(nora), row)
    assert "I, with my own diary" in html
    assert "I, with a diary that begins now" not in html
    answer = accept(as_user(nora), row, whose="own")
    assert answer["Location"] == reverse("practice:entry-list", args=[own.pk])
    teaching = Teaching.objects.current().get()
    assert (teaching.teacher, teaching.student, teaching.instrument) == (thea, own, "Cello")
    assert Student.objects.get() == own
    row.refresh_from_db()
    assert (row.student, row.accepted_by) == (own, nora)
    assert AuditEvent.objects.filter(action="teaching.started", student_id=own.pk).count() == 1


def test_a_family_brings_a_child_who_is_here(as_user: SignIn, thea: User, nora: User) -> None:
    zoe, other = make_student("Zoe"), make_student("Other")
    make_guardianship(zoe, nora)
    row = pupil(thea, nora.email)
    html = look(as_user(nora), row)
    assert f'value="{zoe.pk}"' in html
    assert str(other.pk) not in html
    refused = accept(as_user(nora), row, whose=str(other.pk))
    assert list(refused.context["form"].errors) == ["whose"]
    assert accept(as_user(nora), row, whose=str(zoe.pk)).status_code == 302
    assert Teaching.objects.get().student == zoe


@pytest.mark.parametrize("name", ["Zoe", *NASTY])
def test_a_family_begins_a_childs_diary(as_user: SignIn, thea: User, nora: User, name: str) -> None:
    row = pupil(thea, nora.email)
    answer = accept(as_user(nora), row, whose="new", name=name)
    child = Student.objects.get()
    assert (child.created_by, child.time_zone, child.user) == (nora, "Europe/Berlin", None)
    assert Guardianship.objects.current().get().guardian == nora
    assert Teaching.objects.get().student == child
    html = as_user(nora).get(answer["Location"]).content.decode()
    assert "<b onclick" not in html
    assert "\u202e" not in child.name


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "whose"),
        ({"whose": "x"}, "whose"),
        ({"whose": "own"}, "whose"),
        ({"whose": "new"}, "name"),
        ({"whose": "new", "name": " \u200b"}, "name"),
        ({"whose": "new", "name": "W" * 200}, "name"),
        ({"whose": "start", "agreed": AGREED}, "birth_month"),
        ({"whose": "start", "birth_month": "5", "birth_year": "old", "agreed": AGREED}, "birth_year"),
        ({"whose": "start", "birth_month": "5", "birth_year": "1990"}, "agreed"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    as_user: SignIn, thea: User, nora: User, sent: dict[str, str], field: str
) -> None:
    row = pupil(thea, nora.email)
    answer = accept(as_user(nora), row, **sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Student.objects.exists()
    row.refresh_from_db()
    assert row.accepted_at is None


@pytest.mark.parametrize(("age", "band"), [(17, AgeBand.TEEN), (40, AgeBand.ADULT)])
def test_somebody_begins_an_own_diary(
    as_user: SignIn, thea: User, nora: User, age: int, band: AgeBand
) -> None:
    accept(as_user(nora), pupil(thea, nora.email), whose="start", agreed=AGREED, **born(age))
    own = Student.objects.get()
    assert (own.user, own.name, own.age_band, own.collecting) == (nora, "Nora", band, True)
    assert Teaching.objects.get().student == own


def test_a_child_begins_none(as_user: SignIn, thea: User, nora: User) -> None:
    row = pupil(thea, nora.email)
    for age in (10, 40):  # the second answer of a day is not heard
        answer = accept(as_user(nora), row, whose="start", agreed=AGREED, **born(age))
        assert "A grown-up can do this for you" in answer.content.decode()
    assert not Student.objects.exists()


def test_a_childs_account_brings_no_teacher(as_user: SignIn, cast: Cast) -> None:
    """Mia has guardians: they say who teaches her; and she is nobody's guardian."""
    row = make_invitation(None, cast.user("other_teacher"), cast.user("student").email, PUPIL)
    client = as_user(cast.user("student"))
    assert "for a parent or guardian to say" in look(client, row)
    for whose in ("own", "new", str(cast.student.pk)):
        accept(client, row, whose=whose, name="Zoe")
    with pytest.raises(services.NotGrownUp):
        services.accept_invitation(invitation=row, by=cast.user("student"), now=timezone.now(), whose="own")
    assert not Teaching.objects.filter(teacher=cast.user("other_teacher"), student=cast.student).exists()
    assert not Guardianship.objects.filter(guardian=cast.user("student")).exists()


def test_a_teenager_without_guardians_decides_alone_but_for_no_child(
    as_user: SignIn, thea: User, nora: User
) -> None:
    own = make_student("Nora", user=nora, age_band=AgeBand.TEEN)
    row = pupil(thea, nora.email)
    assert list(accept(as_user(nora), row, whose="new", name="Zoe").context["form"].errors) == ["whose"]
    with pytest.raises(services.NotGrownUp):
        services.create_family_child(name="Zoe", guardian=nora, agreed=True, now=timezone.now())
    assert accept(as_user(nora), row, whose="own").status_code == 302
    assert Teaching.objects.get().student == own


def test_who_is_taught_already_is_taught_once(as_user: SignIn, thea: User, nora: User) -> None:
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    make_teaching(thea, own, "cello")
    assert accept(as_user(nora), pupil(thea, nora.email), whose="own").status_code == 302
    assert Teaching.objects.count() == 1


@pytest.mark.parametrize("by", ["family", "teacher"])
def test_the_familys_yes_ends_a_pause(as_user: SignIn, thea: User, nora: User, by: str) -> None:
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    row = pupil(thea, nora.email)
    make_teaching(thea, own, "cello", paused_at=timezone.now(), paused_by=nora if by == "family" else thea)
    answer = as_user(nora).post(
        reverse("accounts:invitation-accept", args=[row.token]), {"whose": "own"}, follow=True
    )
    assert "The teacher now sees" in answer.content.decode()
    assert Teaching.objects.current().get().student == own


def test_the_familys_yes_takes_the_last_day_away(as_user: SignIn, thea: User, nora: User) -> None:
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    make_teaching(thea, own, "cello", cover_until=timezone.now() + timedelta(days=1))
    assert accept(as_user(nora), pupil(thea, nora.email), whose="own").status_code == 302
    assert Teaching.objects.get().cover_until is None


@pytest.mark.parametrize("what", ["inactive", "erased", "minor"])
def test_the_teacher_must_still_be_there(as_user: SignIn, thea: User, nora: User, what: str) -> None:
    row = pupil(thea, nora.email)
    if what == "inactive":
        User.objects.filter(pk=thea.pk).update(is_active=False)
    elif what == "erased":
        Invitation.objects.filter(pk=row.pk).update(invited_by=None)
    else:
        make_student("Thea", user=thea, age_band=AgeBand.TEEN)
    answer = accept(as_user(nora), row, whose="new", name="Zoe")
    assert "This invitation no longer holds" in answer.content.decode()
    assert not Student.objects.filter(name="Zoe").exists()


def test_whose_guardianship_has_ended_meanwhile_is_asked_again(thea: User, nora: User) -> None:
    zoe = make_student("Zoe")
    row = pupil(thea, nora.email)
    with pytest.raises(services.NotYourChild):
        services.accept_invitation(invitation=row, by=nora, now=timezone.now(), whose=str(zoe.pk))
    with pytest.raises(services.NotYourChild):
        services.accept_invitation(invitation=row, by=nora, now=timezone.now(), whose="own")
    assert not Teaching.objects.exists()


def test_the_teacher_is_told_and_sees_the_pupil(as_user: SignIn, thea: User, nora: User) -> None:
    accept(as_user(nora), pupil(thea, nora.email), whose="new", name="Zoe Ziegler")
    told = Delivery.objects.get(kind="accounts.somebody-joined")
    assert told.recipient == thea
    roster = as_user(thea).get(reverse("home:roster")).content.decode()
    assert "Zoe Ziegler" in roster


def test_with_a_teacher_goes_whom_they_asked_and_who_never_answered(thea: User, nora: User) -> None:
    """Else a stranger's address would stay with nobody."""
    zoe = make_student("Zoe")
    make_guardianship(zoe, nora)
    taken_up, waiting = pupil(thea, nora.email), pupil(thea, "never@people.example")
    services.accept_invitation(invitation=taken_up, by=nora, now=timezone.now(), whose=str(zoe.pk))
    list(steps(Subject.PERSON, thea.pk))
    assert not Invitation.objects.filter(pk=waiting.pk).exists()
    taken_up.refresh_from_db()
    assert (taken_up.student, taken_up.invited_by) == (zoe, None)


# Sending


def test_a_teacher_asks_by_mail(as_user: SignIn, thea: User) -> None:
    client, url = as_user(thea), reverse("private_teaching:pupil-invite")
    sent = {"instrument": "Cello", "email": "zoe@people.example", "language": "de"}
    assert client.post(url, sent)["Location"] == reverse("home:roster")
    row = Invitation.objects.get()
    assert (row.role, row.student, row.instrument, row.invited_by) == (PUPIL, None, "Cello", thea)
    html = client.get(reverse("home:roster")).content.decode()
    assert "zoe@people.example" in html
    assert reverse("accounts:invitation-resend", args=[row.pk]) in html
    again = client.post(url, sent)
    assert list(again.context["form"].errors) == ["email"]
    assert again.context["resendable"] == row
    resent = client.post(reverse("accounts:invitation-resend", args=[row.pk]))
    assert resent["Location"] == reverse("home:roster")
    client.post(reverse("accounts:invitation-cancel", args=[row.pk]))
    client.get(reverse("home:roster"))  # shows the messages, which name the address
    assert "zoe@people.example" not in client.get(reverse("home:roster")).content.decode()


def test_a_teacher_asks_by_code(as_user: SignIn, thea: User, nora: User) -> None:
    client = as_user(thea)
    answer = client.post(
        reverse("private_teaching:pupil-invite"), {"instrument": "Cello", "email": "", "language": "en"}
    )
    row = Invitation.objects.get()
    assert answer["Location"] == reverse("accounts:code-show", args=[row.pk])
    html = client.get(answer["Location"]).content.decode()
    assert row.spaced_code in html
    assert "For a new pupil or their family" in html
    assert row.spaced_code in client.get(reverse("private_teaching:code-sheet")).content.decode()
    typed = as_user(nora).post(reverse("accounts:code-enter"), {"code": row.code})
    assert typed["Location"] == reverse("accounts:invitation-show", args=[row.token])
    assert "Lessons" in as_user(nora).get(reverse("home:start")).content.decode()
    accept(as_user(nora), row, whose="new", name="Zoe")
    after = client.get(reverse("accounts:code-show", args=[row.pk])).content.decode()
    assert "Somebody has joined with this code" in after


def test_codes_for_pupils_have_a_limit(as_user: SignIn, thea: User, settings: Any) -> None:
    settings.INVITATION_CODES_PER_TEACHER = 1
    client, url = as_user(thea), reverse("private_teaching:pupil-invite")
    client.post(url, {"instrument": "Cello", "language": "en"})
    answer = client.post(url, {"instrument": "Cello", "language": "en"})
    assert "1 codes wait already" in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_mails_have_a_limit(as_user: SignIn, thea: User, settings: Any) -> None:
    settings.INVITATIONS_PER_SENDER_AND_DAY = 0
    sent = {"instrument": "Cello", "email": "zoe@people.example", "language": "en"}
    answer = as_user(thea).post(reverse("private_teaching:pupil-invite"), sent)
    assert list(answer.context["form"].errors) == ["email"]
    assert not Invitation.objects.exists()


def test_a_child_asks_nobody(as_user: SignIn, cast: Cast) -> None:
    client = as_user(cast.user("student"))
    sent = {"instrument": "Cello", "language": "en"}
    for url in (
        reverse("private_teaching:pupil-invite"),
        reverse("private_teaching:teacher-invite", args=[cast.student.pk]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, sent).status_code == 403
    code = reverse("accounts:code-create", args=[cast.student.pk])
    assert client.post(f"{code}?role=teacher").status_code == 302
    assert not Invitation.objects.filter(role__in=[PUPIL, TEACHER]).exists()


# Mails


@pytest.mark.parametrize("role", [PUPIL, TEACHER])
@pytest.mark.parametrize("until", [None, timedelta(days=3)])
def test_the_mails_say_what_is_offered_and_what_came_of_it(
    thea: User, nora: User, role: InvitationRole, until: timedelta | None
) -> None:
    now = timezone.now()
    zoe = make_student("Zoe Ziegler")
    make_guardianship(zoe, nora)
    other = make_user("Olga Other")
    make_guardianship(zoe, other)
    new = make_user("New One")
    if role == PUPIL:
        row = make_invitation(None, thea, nora.email, PUPIL)
        answers, by = dict[str, Any](whose=str(zoe.pk)), nora
    else:
        more = {"grant_until": now + until} if until else {}
        row = make_invitation(zoe, nora, new.email, TEACHER, **more)
        answers, by = dict[str, Any](birth_month=birth_month(40)), new
    deliver_due(clock=timezone.now)
    assert "(Cello)" in mail.outbox[0].body
    services.accept_invitation(invitation=row, by=by, now=now, **answers)
    deliver_due(clock=timezone.now)
    bodies = [each.body for each in mail.outbox[1:]]
    assert len(bodies) == 2
    assert all("(Cello)" in body and "Zoe Ziegler" in body for body in bodies)
    assert all(("stands in until" in body) is (role == TEACHER and until is not None) for body in bodies)
