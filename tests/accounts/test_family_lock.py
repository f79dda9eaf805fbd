"""The staff hold a family still: nobody joins, leaves or invites, and it is nobody else's business."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student
from apps.accounts.models.invitations import InvitationRole
from apps.core.models import AuditEvent
from tests.conftest import Cast
from tests.factories.accounts import born, make_invitation

from .test_family import SignIn, lock, row_of, url


@pytest.mark.parametrize("role", [InvitationRole.GUARDIAN, InvitationRole.STUDENT])
def test_while_locked_nobody_joins(cast: Cast, as_user: SignIn, role: InvitationRole) -> None:
    Student.objects.filter(pk=cast.student.pk).update(user=None)
    cast.student.refresh_from_db()
    row = make_invitation(cast.student, cast.user("guardian"), cast.user("stranger").email, role)
    held = lock(cast)
    client = as_user(cast.user("stranger"))
    accept = reverse("accounts:invitation-accept", args=[row.token])
    assert "At the moment nobody can join here" in client.post(accept, born(14)).content.decode()
    row.refresh_from_db()
    assert row.accepted_at is None
    services.unlock_family(lock=held, by=cast.user("staff"), now=timezone.now())
    assert client.post(accept, born(14)).status_code == 302


def test_while_locked_nobody_leaves_or_invites(cast: Cast, as_user: SignIn) -> None:
    lock(cast)
    client, row = as_user(cast.user("guardian")), row_of(cast, "guardian")
    for answer in (client.get(url("leave", row)), client.post(url("leave", row))):
        assert "hold this family as it is" in answer.content.decode()
    assert row_of(cast, "guardian").ended_at is None
    create = reverse("accounts:invitation-create", args=[cast.student.pk])
    assert client.get(f"{create}?role=guardian").status_code == 403
    people = client.get(reverse("private_teaching:student-people", args=[cast.student.pk])).content.decode()
    assert "hold this family as it is" in people
    assert create not in people


def test_the_lock_is_nobody_elses_business(cast: Cast, as_user: SignIn) -> None:
    lock(cast)
    page = as_user(cast.user("teacher")).get(
        reverse("private_teaching:student-people", args=[cast.student.pk])
    )
    assert "hold this family" not in page.content.decode()


def test_a_lock_is_audited_and_lifted_once(cast: Cast) -> None:
    held = lock(cast)
    with pytest.raises(services.FamilyIsLocked):
        lock(cast)
    for _turn in range(2):
        services.unlock_family(lock=held, by=cast.user("staff"), now=timezone.now())
    actions = AuditEvent.objects.filter(target_id=held.pk).values_list("action", flat=True)
    assert sorted(actions) == ["family.locked", "family.unlocked"]
    assert lock(cast).pk != held.pk
