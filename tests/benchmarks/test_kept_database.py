"""What a run leaves is measured again only when it is what is asked for."""

import pytest
from django.db import connection

from benchmarks import database
from tests.operations.test_migrations import _made

pytestmark = pytest.mark.django_db
ASKED = {"students": 9000, "teachers": 25, "heavy_entries": 1_000_000}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> str:
    settings = connection.settings_dict
    monkeypatch.setattr(database, "NAME", f"{settings['NAME']}_kept")
    address = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    return f"postgres://{address}/postgres"


def test_there_may_be_none(server: str) -> None:
    assert not database.is_there(server, **ASKED)


def test_one_that_was_never_filled_to_the_end_is_not_taken(server: str) -> None:
    with _made(server, database.NAME), pytest.raises(database.OfAnotherSize, match="None"):
        database.is_there(server, **ASKED)


def test_one_of_another_size_is_not_taken(server: str) -> None:
    with _made(server, database.NAME):
        database.say_size(server, **ASKED)
        assert database.is_there(server, **ASKED)
        with pytest.raises(database.OfAnotherSize, match="1000000 entries"):
            database.is_there(server, students=1000, teachers=25, heavy_entries=100_000)
