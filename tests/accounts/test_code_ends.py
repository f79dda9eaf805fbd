"""What ends a code before its time: a new one, whoever joins first, and the end of whoever made it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import Guardianship, Invitation, User
from apps.accounts.models.invitations import InvitationState
from apps.core.models import AuditEvent
from apps.private_teaching.models import Teaching
from tests.accounts.test_codes import make_code
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student, make_user
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
    first, second = make_code(ben, teacher), make_code(ben, teacher)
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


def test_the_page_of_what_is_over_says_whom_to_ask(cast: Cast, as_user: SignIn) -> None:
    teacher, ben = cast.user("teacher"), make_student("Ben")
    make_teaching(teacher, ben)
    row = make_code(ben, teacher)
    Teaching.objects.filter(student=ben).update(ended_at=timezone.now())
    answer = as_user(cast.user("stranger")).post(reverse("accounts:invitation-accept", args=[row.token]))
    assert "Ask the family or the teacher for a new invitation" in answer.content.decode()
