"""The command that holds the column against the ledger."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Student
from tests.conftest import Cast


def check(*options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("check_consents", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_nothing_to_find(cast: Cast) -> None:
    assert check() == ("Every diary is as the ledger says\n", "")


def test_a_drift_is_named_and_mended(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    with pytest.raises(CommandError, match="Not as the ledger says: 1"):
        check()
    assert not Student.objects.get(pk=cast.student.pk).collecting
    out, err = check("--mend")
    assert (out, err) == ("Mended: 1\n", f"{cast.student.pk} is not kept; the ledger says otherwise\n")
    assert Student.objects.get(pk=cast.student.pk).collecting
    assert check()[1] == ""
