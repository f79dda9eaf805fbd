"""A teenager with pictures takes up an invitation with an address: nothing of the child's leads in."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.accounts.services import accept_invitation, invite_by_code
from apps.children import services
from apps.children.models import ChildLogin, TrustedDevice
from apps.core.models import AuditEvent
from tests.factories.accounts import birth_month, make_user
from tests.factories.children import PIN, make_child_login, trust

from .test_guardians import come_in, edit


@pytest.fixture
def tablet() -> Client:
    """Where the child signed in with pictures."""
    return Client()


@pytest.fixture
def teen(guardian: User, child: Student, tablet: Client) -> User:
    Student.objects.filter(pk=child.pk).update(birth_month=birth_month(14), age_band=AgeBand.TEEN)
    child.refresh_from_db()
    make_child_login(child, guardian)
    services.make_card(student=child, by=guardian, now=timezone.now())

    trust(tablet, child, guardian)
    child.refresh_from_db()
    own = make_user("Zoë")
    code = invite_by_code(student=child, role=InvitationRole.STUDENT, by=guardian, now=timezone.now())
    accept_invitation(invitation=code, by=own, now=timezone.now())
    return own


def test_the_childs_sign_in_is_closed(teen: User, child: Student, tablet: Client) -> None:
    login = ChildLogin.objects.get()
    assert (login.secret, login.card_hash, login.kind) == ("", None, "none")
    assert login.closed_at is not None
    assert TrustedDevice.objects.get().revoked_at is not None
    assert "Zoë" not in tablet.get(reverse("children:sign-in")).content.decode()
    row = AuditEvent.objects.get(action="child.sign-in-closed")
    assert (row.actor_id, row.student_id) == (teen.pk, child.pk)


def test_no_guardian_closes_or_sets_up_their_account(guardian: User, teen: User, child: Student) -> None:
    client = come_in(guardian)
    show = reverse("children:sign-in-show", args=[child.pk])
    password = teen.password
    for name in ("sign-in-close", "card-make", "hand-over"):
        answer = client.post(reverse(f"children:{name}", args=[child.pk]))
        assert answer.headers["Location"] == show, name
    assert edit(client, child, kind="pin", pin=PIN).headers["Location"] == show
    page = client.get(show)
    assert "Saved." not in page.content.decode()
    assert page.wsgi_request.user == guardian
    teen.refresh_from_db()
    child.refresh_from_db()
    assert (teen.is_active, teen.password, child.user) == (True, password, teen)
    assert ChildLogin.objects.get().closed_at is not None


def test_when_it_is_gone_the_childs_is_opened_again(guardian: User, teen: User, child: Student) -> None:
    Student.objects.filter(pk=child.pk).update(user=None)
    client = come_in(guardian)
    close = reverse("children:sign-in-close", args=[child.pk])
    assert client.post(close).status_code == 302
    assert edit(client, child, kind="pin", pin=PIN).status_code == 302
    login = ChildLogin.objects.get()
    child.refresh_from_db()
    assert (login.closed_at, login.user, login.user.is_active) == (None, child.user, True)
