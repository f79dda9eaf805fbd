"""What a guardian handed over hangs on the guardian's own sessions; a child's own device does not."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student, User, UserSession
from apps.accounts.models.students import AgeBand
from apps.accounts.queries import own_sessions
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, handed_over_client, make_child_login, trust

LIST, OTHERS = reverse("accounts:session-list"), reverse("accounts:session-end-others")
SETTINGS = reverse("accounts:settings")
NEW = "purple-metronome-9"


@pytest.fixture
def guardian(db: None) -> User:
    return make_user("Nora Berg")


@pytest.fixture
def child(guardian: User) -> Student:
    student = make_student("Zoë Berg", age_band=AgeBand.CHILD)
    make_guardianship(student, guardian)
    return student


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("home:student")).status_code == 200


def test_what_was_handed_over_stands_on_the_guardians_list(guardian: User, child: Student) -> None:
    tablet, here = handed_over_client(child, guardian), signed_in(guardian)
    row = UserSession.objects.get(session_id=tablet.session.session_key)
    assert row.user == guardian
    html = here.get(LIST).content.decode()
    assert "Handed over to a child." in html
    assert reverse("accounts:session-end", args=[row.pk]) in html
    assert "2 browsers" in here.get(SETTINGS).content.decode()
    assert is_in(tablet)


def test_it_is_ended_there(guardian: User, child: Student) -> None:
    tablet, here = handed_over_client(child, guardian), signed_in(guardian)
    row = UserSession.objects.get(session_id=tablet.session.session_key)
    here.post(reverse("accounts:session-end", args=[row.pk]))
    assert not is_in(tablet)


def test_signing_out_everywhere_else_ends_it(guardian: User, child: Student) -> None:
    tablet, here = handed_over_client(child, guardian), signed_in(guardian)
    assert is_in(tablet)
    assert "Signed out in 1 other place." in here.post(OTHERS, follow=True).content.decode()
    assert not is_in(tablet)


def test_a_new_password_ends_it(guardian: User, child: Student) -> None:
    tablet, here = handed_over_client(child, guardian), signed_in(guardian)
    sent = {"oldpassword": "woodshed-demo", "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    assert not is_in(tablet)


def test_so_does_one_that_was_set_by_a_command(guardian: User, child: Student) -> None:
    """No signal tells of it: the session knows with what the guardian had signed in."""
    tablet = handed_over_client(child, guardian)
    guardian.set_password(NEW)
    guardian.save()
    assert own_sessions(guardian, timezone.now()) == []
    assert not is_in(tablet)


def test_so_does_a_locked_account(guardian: User, child: Student) -> None:
    tablet = handed_over_client(child, guardian)
    User.objects.filter(pk=guardian.pk).update(is_active=False)
    assert not is_in(tablet)


def test_leaving_takes_it_off_the_list(guardian: User, child: Student) -> None:
    tablet = handed_over_client(child, guardian)
    tablet.post(reverse("children:leave"), {"sign_out": "yes"})
    assert not UserSession.objects.exists()


def test_a_childs_own_device_stays_and_is_linked(guardian: User, child: Student) -> None:
    make_child_login(child, guardian)
    device, here = child_client(child, guardian), signed_in(guardian)
    trust(Client(), child, guardian, "Safari, iPad")
    services.end_other_sessions(user=guardian, but=here.session.session_key, now=timezone.now())
    assert is_in(device)
    for page in (LIST, SETTINGS):
        html = here.get(page).content.decode()
        assert f'href="{reverse("children:sign-in-show", args=[child.pk])}">Devices of Zoë' in html
        assert "2 devices" in html


def test_without_a_childs_sign_in_there_is_no_such_line(guardian: User, child: Student) -> None:
    assert "Where your children sign in" not in signed_in(guardian).get(LIST).content.decode()
