"""After a restore only what the ledger names is erased again; what else is left alone is said."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.privacy import ledger
from apps.privacy.models import Erasure
from apps.privacy.services import eraser
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student

from .test_erasures import ask


def reapply() -> str:
    out = io.StringIO()
    call_command("reapply_erasures", stdout=out)
    return out.getvalue()


def test_a_diary_that_was_never_erased_stays(cast: Cast) -> None:
    """Another guardian joined after the backup, so the diary stayed when the first one left."""
    guardian = cast.user("other_guardian")
    ledger.write("person", guardian.pk)
    said = reapply()
    assert f"The diary {cast.other_student.pk} has nobody left" in said
    assert said.endswith("1 erased again\n")
    assert User.objects.get(pk=guardian.pk).is_erased
    assert Student.objects.filter(pk=cast.other_student.pk).exists()


def test_one_that_waited_in_the_backup_takes_nothing_more_along(cast: Cast) -> None:
    guardian = cast.user("other_guardian")
    ask(guardian, guardian)
    ledger.write("person", guardian.pk)
    assert "1 erased again" in reapply()
    assert Student.objects.filter(pk=cast.other_student.pk).exists()


def test_a_diary_that_the_ledger_names_goes_whoever_is_in_it(cast: Cast) -> None:
    guardian, second = cast.user("other_guardian"), make_student("Nele")
    make_guardianship(second, guardian)
    for subject, key in [
        ("person", guardian.pk),
        ("student", cast.other_student.pk),
        ("student", cast.student.pk),
    ]:
        ledger.write(subject, key)
    said = reapply()
    assert said == (
        f"The diary {second.pk} has nobody left, but the ledger does not name it: look after it by hand\n"
        "3 erased again\n"
    )
    assert list(Student.objects.all()) == [second]


def test_what_failed_is_not_said_to_be_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease runs on, so nothing is due; and yet it is not done."""
    ledger.write("student", cast.student.pk)
    monkeypatch.setattr(eraser, "steps", lambda *args: 1 / 0)
    with pytest.raises(CommandError, match="1 of 1 erasures did not finish"):
        reapply()
    assert Erasure.objects.get().lease_until > timezone.now()  # type: ignore[operator]
