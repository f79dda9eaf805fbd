"""What becomes of the ledger when somebody takes a copy, or leaves."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Student
from apps.consent import services
from apps.consent.models import Confirmation, ConsentEvent, Purpose
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.privacy.services import eraser
from tests.conftest import Cast
from tests.privacy.conftest import make_export, opened, tables_of


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    disk = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": disk, "OPTIONS": {"location": tmp_path}}}


@pytest.fixture
def agreed(cast: Cast) -> Cast:
    """Mia's guardian has allowed recordings; the mail with the link waits."""
    services.give_consent(
        student=cast.student,
        purpose=Purpose.RECORDINGS,
        version=1,
        by=cast.user("guardian"),
        now=timezone.now(),
    )
    return cast


def test_a_copy_of_the_diary_says_what_was_agreed(agreed: Cast) -> None:
    document = opened(make_export(agreed.user("second_guardian"), agreed.student))
    rows = tables_of(document)["consent.consentevent"]
    assert {(row["purpose"], row["given"], row["by"]) for row in rows} == {
        ("core", True, str(agreed.user("guardian").pk)),
        ("recordings", True, str(agreed.user("guardian").pk)),
    }
    assert Confirmation.objects.get().token not in document["data.json"]


def test_a_copy_of_an_account_says_what_its_owner_agreed_to(agreed: Cast) -> None:
    rows = tables_of(opened(make_export(agreed.user("guardian"))))["consent.consentevent"]
    assert {row["purpose"] for row in rows} == {"core", "recordings"}
    others = tables_of(opened(make_export(agreed.user("other_guardian"))))["consent.consentevent"]
    assert {row["student_id"] for row in others} == {str(agreed.other_student.pk)}


@pytest.mark.parametrize("subject", list(Subject))
def test_ids_alone_stay_and_no_link_lives(agreed: Cast, subject: Subject) -> None:
    owner = agreed.student if subject == Subject.STUDENT else agreed.user("guardian")
    before = list(ConsentEvent.objects.order_by("pk").values())
    token = Confirmation.objects.get().token
    for _step in eraser.steps(subject, owner.pk):
        pass
    assert list(ConsentEvent.objects.order_by("pk").values()) == before
    assert not Confirmation.objects.exists()
    assert not Delivery.objects.filter(kind="consent.confirm").exists()
    assert token not in str(list(Delivery.objects.values()))
    assert Student.objects.filter(pk=agreed.student.pk).exists() is (subject == Subject.PERSON)
