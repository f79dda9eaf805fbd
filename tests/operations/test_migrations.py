"""Migrations run from each version that people may have; what was saved is there afterwards.

From nothing they run for every run of the tests.

A version that is released leaves two things here: its last migrations, and rows as it wrote them.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).parent.parent.parent
RELEASED = Path(__file__).parent / "released"
LAST_MIGRATIONS = {
    "0.1.0-alpha": {
        "accounts": "0002",
        "core": "0002",
        "notifications": "0001",
        "private_teaching": "0001",
        "practice": "0002",
    },
}
# What must be the same before and after, whatever becomes of the tables: what people wrote and who sees it.
KEPT = {
    "practice_practiceentry": "id, student_id, practised_on, minutes, description, is_private",
    "practice_practiceentryrevision": "pgh_id, pgh_label, id, minutes",
    "practice_practiceitem": "entry_id, position, kind, title, minutes",
    "practice_practiceday": "practised_on, is_private, addressed_to_id, sessions, minutes",
    "practice_entrycomment": "entry_id, author_id, thread_id, body",
    "practice_newmark": "teaching_id, entry_id, marked_at",
    "accounts_guardianship": "guardian_id, student_id, started_at, ended_at",
    "private_teaching_teaching": "teacher_id, student_id, instrument, ended_at",
}
# Several commands in one process: starting one costs more than what it does here.
COMMANDS = """
import json, sys, django
from django.core.management import call_command
django.setup()
for command in json.loads(sys.argv[1]):
    call_command(*command)
"""
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def empty_database(django_db_setup: None) -> Iterator[str]:
    """The address of a database of its own, on the server of the tests."""
    settings = connection.settings_dict
    name = f"{settings['NAME']}_migrations"
    server = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/postgres"
    )
    with _made(server, name):
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def _made(server: str, name: str) -> Iterator[None]:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as maker:
        # A run that was ended in the middle left its own behind.
        maker.execute(drop)
        maker.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield
        finally:
            maker.execute(drop)


def manage(url: str, *commands: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def read(url: str) -> Rows:
    with psycopg.connect(url) as reader:
        return {
            table: reader.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}").fetchall()
            for table, columns in KEPT.items()
        }


@pytest.mark.parametrize("version", LAST_MIGRATIONS)
def test_from_a_released_version(version: str, empty_database: str) -> None:
    manage(empty_database, *(["migrate", app, last] for app, last in LAST_MIGRATIONS[version].items()))
    with psycopg.connect(empty_database) as writer:
        writer.execute((RELEASED / f"{version}.sql").read_bytes())
    before = read(empty_database)
    assert all(before.values())
    manage(empty_database, ["migrate"], ["migrate", "--check"])
    assert read(empty_database) == before


def test_every_released_version_is_among_them() -> None:
    released = re.findall(r"^## \[(\d.*)\]", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert set(released) <= set(LAST_MIGRATIONS)
    assert {path.stem for path in RELEASED.glob("*.sql")} == set(LAST_MIGRATIONS)


def test_a_migration_may_take_longer_than_a_request(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def handle(self: object, *args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, setting::int FROM pg_settings WHERE name LIKE '%\\_timeout'")
            found.append(dict(cursor.fetchall()))

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", handle)
    call_command("migrate")
    connection.close()
    assert found[0]["statement_timeout"] == 0
    assert found[0]["lock_timeout"] == 2000
