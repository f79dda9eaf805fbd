"""Leaving a family, objecting to who joined, and the staff's lock: by hand, by service, and by mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.accept_forms import StudentAcceptForm
from apps.accounts.models import (
    FamilyLock,
    Guardianship,
    Invitation,
    Objection,
    Student,
    StudentGrant,
    User,
)
from apps.accounts.models.family import Verdict
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.core.access import is_allowed
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.privacy.services import erasures
from apps.private_teaching import services as lessons
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_guardianship,
    make_invitation,
    make_user,
)

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def row_of(cast: Cast, name: str) -> Guardianship:
    return Guardianship.objects.get(guardian=cast.user(name), student=cast.student)


def url(name: str, row: Guardianship) -> str:
    return reverse(f"accounts:guardianship-{name}", args=[row.pk])


def kinds() -> dict[str, set[str]]:
    """Which mails wait, and for whom."""
    found: dict[str, set[str]] = {}
    for delivery in Delivery.objects.all():
        found.setdefault(delivery.kind, set()).add(delivery.email)
    return found


def emails(cast: Cast, *names: str) -> set[str]:
    return {cast.user(name).email for name in names}


@pytest.fixture
def newcomer(cast: Cast) -> Guardianship:
    """Somebody who has just become a guardian of Mia."""
    return make_guardianship(cast.student, make_user("Nina Newcomer"), started_at=timezone.now())


def objected(row: Guardianship, by: User) -> Objection:
    return services.object_to_guardian(guardianship=row, by=by, reason="Unknown here", now=timezone.now())


def lock(cast: Cast) -> FamilyLock:
    return services.lock_family(
        student=cast.student, reason="An order of the court", by=cast.user("staff"), now=timezone.now()
    )


# Leaving


def test_a_guardian_leaves_and_the_family_is_told(cast: Cast, as_user: SignIn) -> None:
    client, row = as_user(cast.user("guardian")), row_of(cast, "guardian")
    assert "Leave the family of" in client.get(url("leave", row)).content.decode()
    answer = client.post(url("leave", row), follow=True)
    assert "You have left." in answer.content.decode()
    row.refresh_from_db()
    assert row.ended_at is not None
    assert kinds() == {"accounts.guardian-left": emails(cast, "second_guardian", "student")}
    event = AuditEvent.objects.get(action="guardianship.ended")
    assert (event.actor_id, event.details["why"]) == (cast.user("guardian").pk, "left")


def test_a_get_changes_nothing(cast: Cast, as_user: SignIn) -> None:
    as_user(cast.user("guardian")).get(url("leave", row_of(cast, "guardian")))
    assert row_of(cast, "guardian").ended_at is None


def test_what_the_leaver_had_begun_ends_with_them(cast: Cast) -> None:
    guardian = cast.user("guardian")
    mine = make_invitation(cast.student, guardian, "mine@people.example")
    theirs = make_invitation(cast.student, cast.user("second_guardian"), "theirs@people.example")
    services.leave_family(guardianship=row_of(cast, "guardian"), now=timezone.now())
    waiting = Invitation.objects.pending(timezone.now())
    assert [each.pk for each in waiting] == [theirs.pk]
    mine.refresh_from_db()
    assert mine.cancelled_at is not None
    # Guests are the family's, whoever let them in.
    assert StudentGrant.objects.filter(user=cast.user("viewer")).exists()


def test_leaving_twice_changes_nothing(cast: Cast) -> None:
    row = row_of(cast, "guardian")
    services.leave_family(guardianship=row, now=timezone.now())
    services.leave_family(guardianship=row, now=timezone.now())
    assert AuditEvent.objects.filter(action="guardianship.ended").count() == 1


def test_the_last_guardian_reads_what_comes_first(cast: Cast, as_user: SignIn) -> None:
    row = Guardianship.objects.get(guardian=cast.user("other_guardian"))
    client = as_user(cast.user("other_guardian"))
    for answer in (client.get(url("leave", row)), client.post(url("leave", row))):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert reverse("accounts:invitation-create", args=[cast.other_student.pk]) in page
        assert reverse("privacy:student-data", args=[cast.other_student.pk]) in page
    row.refresh_from_db()
    assert row.ended_at is None


def test_a_suspended_guardian_is_no_one_to_leave_a_child_with(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(suspended_at=timezone.now())
    with pytest.raises(services.LastGuardian):
        services.leave_family(guardianship=row_of(cast, "guardian"), now=timezone.now())


def test_whoever_is_about_to_go_is_no_one_to_leave_a_child_with(cast: Cast, as_user: SignIn) -> None:
    """Else the diary would be nobody's on the day when the other account is erased."""
    other, row, now = cast.user("second_guardian"), row_of(cast, "guardian"), timezone.now()
    erasure = erasures.ask_erasure(subject=Subject.PERSON, key=other.pk, by=other, at_once=False, now=now)
    with pytest.raises(services.LastGuardian):
        services.leave_family(guardianship=row, now=now)
    page = as_user(cast.user("guardian")).get(url("leave", row)).content.decode()
    assert "No other guardian of" in page
    erasures.stop_erasure(erasure=erasure, by=other, now=now)
    services.leave_family(guardianship=row, now=now)
    assert not Guardianship.objects.unended().filter(pk=row.pk).exists()


def test_a_closed_account_is_no_one_to_leave_a_child_with(cast: Cast) -> None:
    User.objects.filter(pk=cast.user("second_guardian").pk).update(is_active=False)
    with pytest.raises(services.LastGuardian):
        services.leave_family(guardianship=row_of(cast, "guardian"), now=timezone.now())


def test_nobody_ends_anothers_guardianship(cast: Cast, as_user: SignIn) -> None:
    """Every address and every name that the page offers to a guardian, about the other one."""
    row = row_of(cast, "second_guardian")
    client = as_user(cast.user("guardian"))
    assert client.post(url("leave", row)).status_code == 403
    assert client.post(url("object", row)).status_code == 403
    people = client.get(reverse("private_teaching:student-people", args=[cast.student.pk]))
    assert str(row.pk) not in people.content.decode()
    row.refresh_from_db()
    assert (row.ended_at, row.suspended_at) == (None, None)


# Objecting


@pytest.mark.parametrize("name", ["student", "guardian", "second_guardian"])
def test_an_objection_suspends_at_once(
    cast: Cast, as_user: SignIn, newcomer: Guardianship, name: str
) -> None:
    new = as_user(newcomer.guardian)
    diary = reverse("practice:entry-list", args=[cast.student.pk])
    assert new.get(diary).status_code == 200
    client = as_user(cast.user(name))
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert url("object", newcomer) in client.get(people).content.decode()
    assert "14 days" in client.get(url("object", newcomer)).content.decode()
    answer = client.post(url("object", newcomer), {"reason": "We do not know them"}, follow=True)
    assert "sees nothing for now" in answer.content.decode()
    assert new.get(diary).status_code == 404
    objection = Objection.objects.get()
    assert (objection.raised_by, objection.reason) == (cast.user(name), "We do not know them")
    assert AuditEvent.objects.filter(action="guardianship.suspended", actor_id=cast.user(name).pk).exists()


def test_all_are_told_and_the_newcomer_kindly(cast: Cast, newcomer: Guardianship) -> None:
    objected(newcomer, cast.user("guardian"))
    assert kinds() == {
        "accounts.objection-raised": emails(cast, "guardian", "second_guardian", "student"),
        "accounts.you-are-suspended": {newcomer.guardian.email},
    }
    deliver_due(clock=timezone.now)
    (told,) = [message for message in mail.outbox if message.to == [newcomer.guardian.email]]
    assert "You need not do anything" in told.body
    # Neither who objected, nor why, nor the way to the diary.
    for secret in (cast.user("guardian").display_name, "Unknown here", "Qzmia", "/students/"):
        assert secret not in f"{told.subject} {told.body} {told.message()}"
    assert len(mail.outbox) == 4


def test_suspended_guardians_are_shown_to_the_family_alone(
    cast: Cast, as_user: SignIn, newcomer: Guardianship
) -> None:
    objected(newcomer, cast.user("guardian"))
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    seen = {
        name: "Nina Newcomer" in as_user(cast.user(name)).get(people).content.decode()
        for name in ("student", "guardian", "second_guardian", "teacher", "viewer")
    }
    assert {name for name, sees in seen.items() if sees} == {"student", "guardian", "second_guardian"}
    page = as_user(cast.user("guardian")).get(people)
    assert not any("Nina" in text for text in page.context["who_sees"])


def test_what_the_newcomer_had_begun_is_taken_back(cast: Cast, newcomer: Guardianship) -> None:
    new, friend, now = newcomer.guardian, make_user("Friend"), timezone.now()
    code = services.invite_by_code(student=cast.student, role=InvitationRole.GUARDIAN, by=new, now=now)
    for guest in (friend, new):
        services.grant_student(
            student=cast.student, to=guest, level=GrantLevel.VIEW, until=now + DAY, by=new, now=now
        )
    objected(newcomer, cast.user("guardian"))
    code.refresh_from_db()
    assert code.cancelled_at is not None
    assert not StudentGrant.objects.filter(user__in=[friend, new]).exists()
    assert StudentGrant.objects.filter(user=cast.user("viewer")).exists()


def let_in_teacher(row: Guardianship, name: str = "Pal") -> Teaching:
    """Somebody whom this guardian asked to teach, and who accepted."""
    pal = make_user(name)
    invitation = make_invitation(row.student, row.guardian, pal.email, InvitationRole.TEACHER)
    services.accept_invitation(invitation=invitation, by=pal, now=timezone.now(), birth_month=birth_month(40))
    return Teaching.objects.get(teacher=pal)


@pytest.mark.parametrize("is_paused", [False, True])
def test_the_teacher_whom_the_newcomer_let_in_is_out_until_the_family_says(
    cast: Cast, as_user: SignIn, newcomer: Guardianship, is_paused: bool
) -> None:
    """Also a teacher who had set a pause for later, and would go on by their own hand."""
    teaching, diary = let_in_teacher(newcomer), reverse("practice:entry-list", args=[cast.student.pk])
    family_asked = let_in_teacher(row_of(cast, "guardian"), "Friend")
    if is_paused:
        lessons.pause_teaching(
            teaching=teaching, by=teaching.teacher, since=timezone.now() + DAY, reason="", now=timezone.now()
        )
    client = as_user(teaching.teacher)
    assert client.get(diary).status_code == 200
    objected(newcomer, cast.user("guardian"))
    assert client.get(diary).status_code == 404
    for may, name in [(False, "teacher"), (True, "guardian")]:
        who = teaching.teacher if name == "teacher" else cast.user(name)
        assert is_allowed("resume", who, Teaching.objects.get(pk=teaching.pk)) is may
    for stays in (family_asked, cast.teaching, cast.second_teaching):
        assert Teaching.objects.current().filter(pk=stays.pk).exists()


def test_the_only_guardian_is_objected_to_by_nobody(cast: Cast, as_user: SignIn) -> None:
    """The child would be left alone with an account that nobody answers for."""
    Guardianship.objects.filter(student=cast.student).delete()
    row = make_guardianship(cast.student, make_user("Nina Newcomer"), started_at=timezone.now())
    client = as_user(cast.user("student"))
    assert client.get(url("object", row)).status_code == 403
    with pytest.raises(services.LastGuardian):
        objected(row, cast.user("student"))
    other = make_guardianship(cast.student, cast.user("guardian"))
    assert client.get(url("object", row)).status_code == 200
    User.objects.filter(pk=other.guardian_id).update(is_active=False)
    answer = client.post(url("object", row), {"reason": "Kept words"}).content.decode()
    assert "This cannot be done any more" in answer
    assert "Kept words" in answer


def test_a_child_stays_a_child_while_the_staff_decide(cast: Cast) -> None:
    Guardianship.objects.filter(student=cast.student).update(suspended_at=timezone.now())
    student = cast.user("student")
    assert services.is_childs_login(student)
    assert not is_allowed("erase", student, student)
    Student.objects.filter(pk=cast.student.pk).update(user=None, collecting=False)
    cast.student.refresh_from_db()
    invitation = make_invitation(
        cast.student, cast.user("guardian"), "own@people.example", InvitationRole.STUDENT
    )
    invitation.refresh_from_db()
    assert "agreed" not in StudentAcceptForm(invitation=invitation).fields


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.STUDENT])
def test_a_suspended_guardian_comes_in_by_no_other_invitation(
    cast: Cast, as_user: SignIn, newcomer: Guardianship, role: InvitationRole
) -> None:
    Student.objects.filter(pk=cast.student.pk).update(user=None)
    cast.student.refresh_from_db()
    objected(newcomer, cast.user("guardian"))
    row = make_invitation(cast.student, cast.user("guardian"), newcomer.guardian.email, role)
    answer = as_user(newcomer.guardian).post(
        reverse("accounts:invitation-accept", args=[row.token]), born(14)
    )
    assert "At the moment nobody can join here" in answer.content.decode()
    assert not Guardianship.objects.current().filter(guardian=newcomer.guardian).exists()
    assert Student.objects.get(pk=cast.student.pk).user is None


def test_an_objection_comes_too_late(cast: Cast, newcomer: Guardianship) -> None:
    later = timezone.now() + 14 * DAY
    with pytest.raises(services.TooLateToObject):
        services.object_to_guardian(guardianship=newcomer, by=cast.user("guardian"), reason="", now=later)


def test_the_page_says_when_somebody_was_quicker(cast: Cast, as_user: SignIn, newcomer: Guardianship) -> None:
    """The rule was asked just before the staff locked."""
    lock(cast)
    answer = as_user(cast.user("guardian")).post(url("object", newcomer), {"reason": "Kept words"})
    assert "This cannot be done any more" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert not Objection.objects.exists()


# The staff decide


def test_upheld_ends_it(cast: Cast, newcomer: Guardianship) -> None:
    objection = objected(newcomer, cast.user("guardian"))
    Delivery.objects.all().delete()
    services.decide_objection(
        objection=objection, verdict=Verdict.UPHELD, by=cast.user("staff"), now=timezone.now()
    )
    newcomer.refresh_from_db()
    assert newcomer.ended_at is not None
    assert kinds() == {
        "accounts.objection-upheld": emails(cast, "guardian", "second_guardian", "student"),
        "accounts.you-were-upheld": {newcomer.guardian.email},
    }
    assert deliver_due(clock=timezone.now) == 4
    assert AuditEvent.objects.get(action="objection.upheld").actor_id == cast.user("staff").pk


def test_dismissed_gives_everything_back(cast: Cast, as_user: SignIn, newcomer: Guardianship) -> None:
    objection = objected(newcomer, cast.user("guardian"))
    Delivery.objects.all().delete()
    services.decide_objection(
        objection=objection, verdict=Verdict.DISMISSED, by=cast.user("staff"), now=timezone.now()
    )
    diary = reverse("practice:entry-list", args=[cast.student.pk])
    assert as_user(newcomer.guardian).get(diary).status_code == 200
    assert set(kinds()) == {"accounts.objection-dismissed", "accounts.you-were-dismissed"}
    assert deliver_due(clock=timezone.now) == 4
    with pytest.raises(services.TooLateToObject):
        objected(newcomer, cast.user("second_guardian"))


def test_decided_once(cast: Cast, newcomer: Guardianship) -> None:
    objection = objected(newcomer, cast.user("guardian"))
    now, staff = timezone.now(), cast.user("staff")
    services.decide_objection(objection=objection, verdict=Verdict.DISMISSED, by=staff, now=now)
    with pytest.raises(services.ObjectionIsDecided):
        services.decide_objection(objection=objection, verdict=Verdict.UPHELD, by=staff, now=now)
    assert Guardianship.objects.current().filter(pk=newcomer.pk).exists()


def test_queued_news_is_not_sent_when_it_is_no_longer_true(cast: Cast, newcomer: Guardianship) -> None:
    objection = objected(newcomer, cast.user("guardian"))
    services.decide_objection(
        objection=objection, verdict=Verdict.DISMISSED, by=cast.user("staff"), now=timezone.now()
    )
    deliver_due(clock=timezone.now)
    (state,) = Delivery.objects.filter(kind="accounts.you-are-suspended").values_list("state", flat=True)
    assert state == "cancelled"


def test_the_names_of_the_rows(cast: Cast, newcomer: Guardianship) -> None:
    assert str(objected(newcomer, cast.user("guardian"))) == str(newcomer)
    assert str(lock(cast)) == cast.student.name


def test_the_mail_about_a_newcomer_says_how_to_object(cast: Cast) -> None:
    newcomer = make_user("Nina Newcomer")
    invitation = make_invitation(cast.student, cast.user("teacher"), newcomer.email)
    services.accept_invitation(invitation=invitation, by=newcomer, now=timezone.now())
    mail.outbox.clear()
    deliver_due(clock=timezone.now)
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "within 14 days" in told[cast.user("guardian").email]
    assert "within 14 days" not in told[cast.user("teacher").email]
