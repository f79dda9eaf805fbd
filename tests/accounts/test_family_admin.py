"""The staff's side of a family: deciding objections, locking and lifting, on the record."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import FamilyLock, Guardianship, Objection
from apps.core.models import AuditEvent
from config.staff_groups import write_staff_groups
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_user

LIST = reverse("admin:accounts_objection_changelist")
LOCKS = reverse("admin:accounts_familylock_changelist")


@pytest.fixture
def safeguarding(cast: Cast) -> Client:
    """Somebody of the group that looks after children."""
    write_staff_groups()
    staff = cast.user("staff")
    staff.groups.add(Group.objects.get(name="safeguarding"))
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def objection(cast: Cast) -> Objection:
    row = make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())
    return services.object_to_guardian(
        guardianship=row, by=cast.user("guardian"), reason="Unknown here", now=timezone.now()
    )


def act(client: Client, url: str, action: str, row: Any) -> str:
    sent = {"action": action, "_selected_action": [str(row.pk)]}
    return client.post(url, sent, follow=True).content.decode()


@pytest.mark.parametrize(("action", "is_current"), [("uphold", False), ("dismiss", True)])
def test_staff_read_and_decide(
    cast: Cast, safeguarding: Client, objection: Objection, action: str, is_current: bool
) -> None:
    page = safeguarding.get(reverse("admin:accounts_objection_change", args=[objection.pk]))
    assert "Unknown here" in page.content.decode()
    read = AuditEvent.objects.get(action="staff.read")
    assert read.student_id == cast.student.pk
    assert "1 objection decided." in act(safeguarding, LIST, action, objection)
    assert Guardianship.objects.current().filter(pk=objection.guardianship_id).exists() == is_current
    assert "was decided already" in act(safeguarding, LIST, action, objection)


def test_who_may_only_look_does_not_decide(cast: Cast, safeguarding: Client, objection: Objection) -> None:
    group = Group.objects.get(name="safeguarding")
    group.permissions.remove(*group.permissions.filter(codename__startswith="change_"))
    act(safeguarding, LIST, "uphold", objection)
    objection.refresh_from_db()
    assert objection.decided_at is None


def add_lock(client: Client, cast: Cast, **fields: str) -> str:
    sent = {"student": str(cast.student.pk), "reason": "An order of the court"} | fields
    return client.post(reverse("admin:accounts_familylock_add"), sent, follow=True).content.decode()


def test_staff_lock_and_lift(cast: Cast, safeguarding: Client) -> None:
    add_lock(safeguarding, cast)
    lock = FamilyLock.objects.get()
    assert (lock.locked_by, lock.reason) == (cast.user("staff"), "An order of the court")
    assert AuditEvent.objects.filter(action="family.locked", student_id=cast.student.pk).count() == 1
    assert "locked already" in add_lock(safeguarding, cast)
    assert FamilyLock.objects.count() == 1
    assert "1 lock lifted." in act(safeguarding, LOCKS, "lift", lock)
    lock.refresh_from_db()
    assert lock.lifted_at is not None


def test_two_of_the_staff_lock_at_once(
    cast: Cast, safeguarding: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form of both said that the family was free."""
    lock_family = services.lock_family

    def quicker(**values: Any) -> FamilyLock:
        lock_family(**values | {"by": cast.user("superuser")})
        return lock_family(**values)

    monkeypatch.setattr(services, "lock_family", quicker)
    assert "This family is locked already." in add_lock(safeguarding, cast)
    monkeypatch.undo()
    add_lock(safeguarding, cast)
    assert FamilyLock.objects.count() == 1


def test_a_lock_needs_a_reason(cast: Cast, safeguarding: Client) -> None:
    add_lock(safeguarding, cast, reason="")
    assert not FamilyLock.objects.exists()


def test_a_lock_is_neither_changed_nor_deleted(cast: Cast, safeguarding: Client) -> None:
    add_lock(safeguarding, cast)
    lock = FamilyLock.objects.get()
    change = reverse("admin:accounts_familylock_change", args=[lock.pk])
    assert safeguarding.post(change, {"student": str(lock.student_id), "reason": "x"}).status_code == 403
    delete = reverse("admin:accounts_familylock_delete", args=[lock.pk])
    assert safeguarding.post(delete, {"post": "yes"}).status_code == 403
    lock.refresh_from_db()
    assert lock.reason == "An order of the court"
