"""System checks refuse an installation that would be unsafe."""

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from pytest_django import Settings as SettingsFixture

from apps.core import checks

OURS = settings.AUTHENTICATION_BACKENDS


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


def test_this_installation_is_sound() -> None:
    assert [message for message in run_checks() if message.is_serious() and not message.is_silenced()] == []


def test_no_other_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids(checks.engine_is_postgresql(None)) == ["woodshed.E001"]


@pytest.mark.parametrize(
    ("backends", "expected"),
    [
        (OURS, []),
        ([b for b in OURS if not b.startswith("apps.")], ["woodshed.E002"]),
        ([*OURS, "guardian.backends.ObjectPermissionBackend"], ["woodshed.E003"]),
        (["guardian.backends.ObjectPermissionBackend"], ["woodshed.E002", "woodshed.E003"]),
    ],
)
def test_our_backend_and_not_guardians(
    settings: SettingsFixture, backends: list[str], expected: list[str]
) -> None:
    settings.AUTHENTICATION_BACKENDS = backends
    assert ids(checks.relationship_backend_is_on(None)) == expected


@pytest.mark.parametrize(("name", "expected"), [("account_login", []), ("no_such_page", ["woodshed.E004"])])
def test_there_is_a_way_in(settings: SettingsFixture, name: str, expected: list[str]) -> None:
    settings.LOGIN_URL = name
    assert ids(checks.login_page_exists(None)) == expected
