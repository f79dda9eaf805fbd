"""The matrix of children's sign-ins, by equality: guardians of today, and nobody else."""

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship
from apps.accounts.models.students import AgeBand
from apps.accounts.services import lock_family
from apps.children.models import TrustedDevice
from apps.core import access
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.children import make_child_login, trust

GUARDIANS = {"guardian", "second_guardian"}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    people = vars(cast.people)
    return {name for name, user in people.items() if access.allowed(queryset, action, user).exists()}


@pytest.mark.parametrize("age_band", [AgeBand.UNKNOWN, AgeBand.CHILD, AgeBand.TEEN, AgeBand.ADULT])
def test_manage_sign_in(cast: Cast, age_band: str) -> None:
    cast.student.age_band = age_band
    cast.student.save()
    expected = set() if age_band == AgeBand.ADULT else GUARDIANS
    assert who(cast, cast.student, "manage_sign_in") == expected


def test_change_sign_in(cast: Cast) -> None:
    """As long as the staff do not hold the family still; then a guardian can only take away."""
    assert who(cast, cast.student, "change_sign_in") == GUARDIANS
    lock_family(student=cast.student, reason="By order.", by=cast.user("staff"), now=timezone.now())
    assert who(cast, cast.student, "change_sign_in") == set()
    assert who(cast, cast.student, "manage_sign_in") == GUARDIANS


def test_manage_device(cast: Cast) -> None:
    """Whichever guardian trusted it: each of them may take it back, and so as long as they are one."""
    child = make_student("Ben")
    for name in GUARDIANS:
        make_guardianship(child, cast.user(name))
    login = make_child_login(child, cast.user("guardian"))
    device = trust(Client(), child, cast.user("guardian"))
    assert isinstance(device, TrustedDevice)
    assert who(cast, device, "manage") == GUARDIANS
    assert not access.is_allowed("manage", login.user, device)
    assert not access.is_allowed("manage_sign_in", login.user, child)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert who(cast, device, "manage") == {"second_guardian"}
    device.revoked_at = timezone.now()
    device.save()
    assert who(cast, device, "manage") == set()
