"""The device's own time zone is offered where another one is set, and a city is enough to say one."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from tests.conftest import Cast
from tests.e2e.conftest import Visitor

Enter = Callable[..., Visitor]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    """After the flag that keeps what the migrations wrote."""
    return cast


@pytest.mark.parametrize(
    ("device", "set_zone", "offer"),
    [
        ("America/New_York", "UTC", "New York"),
        ("Asia/Calcutta", "Europe/Berlin", "Calcutta"),
        ("Europe/Berlin", "Europe/Berlin", None),
        ("Asia/Calcutta", "Asia/Kolkata", None),
    ],
)
def test_the_devices_zone_is_offered(
    visitor: Enter, cast: Cast, device: str, set_zone: str, offer: str | None
) -> None:
    User.objects.filter(pk=cast.user("guardian").pk).update(time_zone=set_zone)
    guardian = visitor(timezone_id=device)
    guardian.is_signed_in(cast.user("guardian"))
    guardian.visit("/settings/")
    button = guardian.page.get_by_role("button", name="Use the zone of this device")
    assert button.is_visible() is (offer is not None)
    if offer is None:
        return
    assert button.inner_text() == f"Use the zone of this device: {offer}"
    button.click()
    assert guardian.page.input_value("[name=time_zone]") == offer
    assert button.is_hidden()
    guardian.submit()
    found = User.objects.get(pk=cast.user("guardian").pk).time_zone
    assert found in (device, f"America/{offer}", f"Asia/{offer}")


def test_without_scripts_a_city_is_typed(visitor: Enter, cast: Cast) -> None:
    guardian = visitor(java_script_enabled=False, timezone_id="America/New_York")
    guardian.is_signed_in(cast.user("guardian"))
    guardian.visit("/settings/")
    assert guardian.page.get_by_text("Use the zone of this device").is_hidden()
    guardian.fill(time_zone="munich")
    guardian.submit()
    assert guardian.says("We do not know this city.")
    assert guardian.page.input_value("[name=time_zone]") == "munich"
    guardian.fill(time_zone="berlin")
    guardian.submit()
    assert guardian.says("Saved.")
    assert guardian.page.input_value("[name=time_zone]") == "Berlin"
    assert User.objects.get(pk=cast.user("guardian").pk).time_zone == "Europe/Berlin"
