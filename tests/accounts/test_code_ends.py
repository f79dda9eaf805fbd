"""What ends a code before its time: a new one, whoever joins first, and the end of whoever made it."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.private_teaching import services as lessons
from apps.private_teaching.models import Teaching
from tests.accounts.test_codes import make_code
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_guardianship, make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]


def test_a_new_code_shuts_out_who_opened_the_old_one(cast: Cast) -> None:
    stranger, row = cast.user("stranger"), make_code(cast.student, cast.user("guardian"))
    services.remember_opener(token_hash=row.token_hash, user=stranger)
    assert [each.pk for each in queries.pending_invitations_for(stranger, timezone.now())] == [row.pk]
    services.resend_invitation(invitation=row, by=cast.user("guardian"), now=timezone.now())
    assert not queries.pending_invitations_for(stranger, timezone.now())


def test_a_teachers_other_codes_end_with_the_first_guardian(cast: Cast) -> None:
    teacher, ben = cast.user("teacher"), make_student("Ben")
    make_teaching(teacher, ben)
    first, second = make_code(ben, teacher), make_code(ben, teacher, InvitationRole.STUDENT)
    mailed = make_invitation(ben, teacher, "other.parent@people.example")
    services.accept_invitation(invitation=first, by=make_user("Parent"), now=timezone.now())
    second.refresh_from_db()
    mailed.refresh_from_db()
    now = timezone.now()
    assert (second.state(now), mailed.state(now)) == (InvitationState.CANCELLED, InvitationState.PENDING)
    assert AuditEvent.objects.filter(action="invitation.cancelled", target_id=str(second.pk)).exists()


def test_a_teacher_makes_no_code_anew_once_somebody_has_joined(cast: Cast, as_user: SignIn) -> None:
    teacher, ben = cast.user("teacher"), make_student("Ben")
    make_teaching(teacher, ben)
    row = make_code(ben, teacher)
    make_guardianship(ben, make_user("Parent"))
    answer = as_user(teacher).post(reverse("accounts:invitation-resend", args=[row.pk]), follow=True)
    assert "You cannot invite anybody here any more" in answer.content.decode()
    before = row.token_hash
    row.refresh_from_db()
    assert row.token_hash == before


@pytest.mark.parametrize("what", ["ended", "disabled", "erased"])
def test_what_a_teacher_offered_ends_with_the_teacher(cast: Cast, what: str) -> None:
    teacher, ben = cast.user("teacher"), make_student("Ben")
    teaching = make_teaching(teacher, ben)
    row = make_code(ben, teacher)
    if what == "ended":
        Teaching.objects.filter(pk=teaching.pk).update(ended_at=timezone.now())
    elif what == "disabled":
        User.objects.filter(pk=teacher.pk).update(is_active=False)
    else:
        Invitation.objects.filter(pk=row.pk).update(invited_by=None)
    with pytest.raises(services.OfferIsOver):
        services.accept_invitation(invitation=row, by=make_user("Parent"), now=timezone.now())
    assert not Guardianship.objects.filter(student=ben).exists()


def test_expired_codes_made_anew_count_like_new_ones(cast: Cast) -> None:
    guardian, now = cast.user("guardian"), timezone.now()
    old = make_code(cast.student, guardian)
    Invitation.objects.filter(pk=old.pk).update(expires_at=now)
    for _number in range(5):
        make_code(cast.student, guardian)
    with pytest.raises(services.TooManyCodes):
        services.resend_invitation(invitation=old, by=guardian, now=now)
    Invitation.objects.pending(now).exclude(pk=old.pk).first().delete()  # type: ignore[union-attr]
    services.resend_invitation(invitation=old, by=guardian, now=now)
    # One that waits takes no second place when it is made anew.
    services.resend_invitation(invitation=old, by=guardian, now=now)


# Made anew, it is whoever made it anew that invites.


def expired_code(student: Student, by: User, role: InvitationRole = InvitationRole.GUARDIAN) -> Invitation:
    row = make_code(student, by, role)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    return row


def test_a_code_that_a_newcomer_made_anew_ends_with_the_newcomer(cast: Cast, as_user: SignIn) -> None:
    row = expired_code(cast.student, cast.user("guardian"))
    newcomer = make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())
    as_user(newcomer.guardian).post(reverse("accounts:invitation-resend", args=[row.pk]))
    row.refresh_from_db()
    assert row.invited_by == newcomer.guardian
    services.object_to_guardian(
        guardianship=newcomer, by=cast.user("guardian"), reason="", now=timezone.now()
    )
    with pytest.raises(services.InvitationIsNotPending):
        services.accept_invitation(invitation=row, by=make_user("Alias"), now=timezone.now())


def test_a_code_that_the_family_made_anew_outlives_the_teacher(cast: Cast, as_user: SignIn) -> None:
    nora, zoe = make_user("Nora"), make_student("Zoe")
    teaching = make_teaching(cast.user("teacher"), zoe)
    row = expired_code(zoe, cast.user("teacher"), InvitationRole.STUDENT)
    make_guardianship(zoe, nora)
    as_user(nora).post(reverse("accounts:invitation-resend", args=[row.pk]))
    lessons.end_teaching(teaching=teaching, by=nora, now=timezone.now())
    own = make_user("Zoe Herself")
    services.accept_invitation(invitation=row, by=own, now=timezone.now(), birth_month=birth_month(14))
    zoe.refresh_from_db()
    assert zoe.user == own


def test_what_is_past_its_date_ends_with_whoever_sent_it_too(cast: Cast) -> None:
    guardian = cast.user("guardian")
    code, mailed = expired_code(cast.student, guardian), make_invitation(cast.student, guardian)
    Invitation.objects.filter(pk=mailed.pk).update(expires_at=timezone.now())
    row = Guardianship.objects.get(student=cast.student, guardian=guardian)
    services.leave_family(guardianship=row, now=timezone.now())
    for each in (code, mailed):
        each.refresh_from_db()
        assert each.state(timezone.now()) == InvitationState.CANCELLED


def test_a_mail_that_is_sent_again_says_who_sends_it(cast: Cast, as_user: SignIn) -> None:
    row = make_invitation(cast.student, cast.user("guardian"), "aunt@people.example")
    Delivery.objects.all().delete()
    as_user(cast.user("second_guardian")).post(reverse("accounts:invitation-resend", args=[row.pk]))
    mail.outbox.clear()
    assert deliver_due(clock=timezone.now) == 1
    assert mail.outbox[0].subject.startswith("Second")


# Whoever made a code must still be the one to offer it.


def test_a_teachers_code_for_a_guardian_ends_when_the_student_has_joined(cast: Cast) -> None:
    teacher, mia = cast.user("teacher"), make_student("Mia", collecting=False)
    make_teaching(teacher, mia)
    code, own = make_code(mia, teacher), make_code(mia, teacher, InvitationRole.STUDENT)
    now = timezone.now()
    services.accept_invitation(
        invitation=own, by=make_user("Mia"), now=now, birth_month=birth_month(16), agreed=True
    )
    with pytest.raises(services.InvitationIsNotPending):
        services.accept_invitation(invitation=code, by=make_user("Alias"), now=now)
    assert not Guardianship.objects.filter(student=mia).exists()


def test_a_code_is_no_more_than_its_maker_could_offer_now(cast: Cast) -> None:
    """A teacher's, where a guardian has joined beside all invitations."""
    teacher, mia = cast.user("teacher"), make_student("Mia")
    make_teaching(teacher, mia)
    code, own = make_code(mia, teacher), make_code(mia, teacher, InvitationRole.STUDENT)
    make_guardianship(mia, make_user("Parent"))
    for row in (code, own):
        with pytest.raises(services.OfferIsOver):
            services.accept_invitation(
                invitation=row,
                by=make_user(f"To {row.role}"),
                now=timezone.now(),
                birth_month=birth_month(16),
            )


def test_a_code_keeps_while_the_staff_hold_the_family(cast: Cast) -> None:
    row = make_code(cast.student, cast.user("guardian"))
    services.lock_family(student=cast.student, reason="An order", by=cast.user("staff"), now=timezone.now())
    with pytest.raises(services.FamilyIsLocked):
        services.accept_invitation(invitation=row, by=make_user("Aunt"), now=timezone.now())


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.STUDENT, InvitationRole.GRANTEE])
@pytest.mark.parametrize("change", [{"is_active": False}, None])
def test_a_mail_ends_with_the_account_of_whoever_sent_it(
    cast: Cast, role: InvitationRole, change: dict[str, bool] | None
) -> None:
    invited, guardian = make_user("Invited"), cast.user("other_guardian")
    row = make_invitation(cast.other_student, guardian, invited.email, role)
    if change is None:
        Invitation.objects.filter(pk=row.pk).update(invited_by=None)
    else:
        User.objects.filter(pk=guardian.pk).update(**change)
    with pytest.raises(services.OfferIsOver):
        services.accept_invitation(
            invitation=row, by=invited, now=timezone.now(), birth_month=birth_month(14)
        )
