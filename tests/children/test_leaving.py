"""A child's sign-in goes with the diary, and a copy holds it without its secrets."""

from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, User
from apps.children import services
from apps.children.models import ChildLogin, SecretAttempt, TrustedDevice
from apps.core.access import is_allowed
from apps.core.ownership import Subject
from apps.privacy import queries
from apps.privacy.services import erasures
from tests.factories.children import child_client
from tests.factories.practice import make_entry
from tests.privacy.conftest import make_export, media, opened, tables_of

from .conftest import Family

__all__ = ["media"]  # a fixture, used by every test here


def test_nothing_of_the_child_is_left_after_an_erasure(family: Family) -> None:
    client = child_client(family.child, family.guardian)
    services.make_card(student=family.child, by=family.guardian, now=timezone.now())
    make_entry(family.child, family.login.user)
    SecretAttempt.objects.create(device=TrustedDevice.objects.get(), at=timezone.now())
    key = client.session.session_key
    erasures.ask_erasure(
        subject=Subject.STUDENT, key=family.child.pk, by=family.guardian, at_once=True, now=timezone.now()
    )
    assert erasures.run_due(clock=timezone.now) == 1
    for model in (ChildLogin, TrustedDevice, SecretAttempt):
        assert not model._default_manager.exists()
    account = User.objects.get(pk=family.login.user_id)
    assert (account.display_name, account.is_erased, account.is_active) == ("", True, False)
    assert not Session.objects.filter(pk=key).exists()
    assert client.get(reverse("home:student")).status_code == 302
    guardian = User.objects.get(pk=family.guardian.pk)
    assert (guardian.is_active, guardian.display_name) == (True, "Nora Berg")


def test_a_copy_names_the_sign_in_and_keeps_its_secrets(family: Family) -> None:
    login = services.make_card(student=family.child, by=family.guardian, now=timezone.now())
    child_client(family.child, family.guardian)
    files = opened(make_export(family.guardian, family.child))
    (row,) = tables_of(files)["children.childlogin"]
    assert row["username"] == "zoe47"
    text = str(files)
    assert login.secret not in text
    assert str(login.card_hash) not in text
    assert TrustedDevice.objects.get().token_hash not in text


def test_who_trusted_a_device_is_forgotten_and_so_is_the_trust(family: Family) -> None:
    client = child_client(family.child, family.guardian)
    User.objects.filter(pk=family.guardian.pk).update(is_active=True)
    TrustedDevice.objects.update(trusted_by=None)
    assert client.get(reverse("home:student")).status_code == 302


def test_a_diary_goes_with_the_last_guardian_although_the_child_signs_in(family: Family) -> None:
    """Else a child would be left with a diary for which nobody answers."""
    assert list(queries.diaries_that_go(family.guardian.pk)) == [family.child]
    assert queries.family_of(family.child.pk) == [family.guardian]


def test_a_teacher_speaks_for_a_child_whom_every_guardian_has_left(family: Family) -> None:
    assert not is_allowed("invite_guardian", family.teacher, family.child)
    Guardianship.objects.update(ended_at=timezone.now())
    assert is_allowed("invite_guardian", family.teacher, family.child)
