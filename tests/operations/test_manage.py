"""manage.py brings the database along only for commands that ask it."""

import pytest

import manage
from config import embedded


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(embedded, "start", lambda: calls.append("start"))
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line", lambda argv: calls.append(argv[-1])
    )
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return calls


@pytest.mark.parametrize("arguments", [["migrate"], ["--traceback", "shell"]])
def test_database_is_started_before_the_command(started: list[str], arguments: list[str]) -> None:
    manage.main(["manage.py", *arguments])
    assert started == ["start", arguments[-1]]


@pytest.mark.parametrize("arguments", [["collectstatic"], ["--help"], ["help"]])
def test_database_is_not_started_in_vain(started: list[str], arguments: list[str]) -> None:
    manage.main(["manage.py", *arguments])
    assert started == arguments


def test_named_server_is_used(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/woodshed")
    manage.main(["manage.py", "migrate"])
    assert started == ["migrate"]
