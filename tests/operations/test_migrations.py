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
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from apps.core.operations import BuildIndex
from apps.practice.dividing import divide

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
WITHOUT_WORDS = """
    SELECT count(*) FROM practice_practiceentry LEFT JOIN practice_entrywords ON entry_id = id
    WHERE words IS NULL
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
    with psycopg.connect(empty_database) as reader:
        (unknown,) = reader.execute(WITHOUT_WORDS).fetchall()
    assert unknown == (0,), "the search does not know what was there before"


# Lines as the released version wrote them: with and without minutes, in entries of 30 and of 7 minutes.
OLD_ENTRY = """
    INSERT INTO practice_practiceentry (id, student_id, practised_on, time_zone, minutes, description,
        struggles, achievements, notes, preparing_for_exam, preparing_for_performance, is_private, created_at)
    SELECT %s, student_id, practised_on, time_zone, %s, '', '', '', '', false, false, false, created_at
    FROM practice_practiceentry LIMIT 1
"""
OLD_LINE = """
    INSERT INTO practice_practiceitem (id, entry_id, position, kind, title, minutes)
    VALUES (gen_random_uuid(), %s, %s, 'piece', 'Minuet', %s)
"""
SAID: list[list[int | None]] = [
    [None, None, None, None],
    [7, None, None],
    [None, 2, None],
    [3, 4],
    [1, 2],
    [None] * 9,
]


def test_old_lines_get_their_shares_and_the_way_back_spills_nothing(empty_database: str) -> None:
    last = LAST_MIGRATIONS["0.1.0-alpha"]
    manage(empty_database, *(["migrate", app, number] for app, number in last.items()))
    with psycopg.connect(empty_database) as writer:
        writer.execute((RELEASED / "0.1.0-alpha.sql").read_bytes())
        for minutes in (30, 7):
            for said in SAID:
                entry = uuid4()
                writer.execute(OLD_ENTRY, [entry, minutes])
                for position, part in enumerate(said):
                    writer.execute(OLD_LINE, [entry, position, part])
    manage(empty_database, ["migrate"])
    found: dict[tuple[object, int], list[tuple[int | None, int]]] = {}
    with psycopg.connect(empty_database) as reader:
        for entry, minutes, part, share in reader.execute(SHARES).fetchall():
            found.setdefault((entry, minutes), []).append((part, share))
        reader.execute(OLD_LINE, [entry, 99, None])  # a process of the version before
        reader.execute(OWN_AREA)
        assert reader.execute(AREAS).fetchone() == (13,)
        assert reader.execute(HELD).fetchone() == (True,)
        assert reader.execute(BUILT).fetchone() == (5,)
    assert len(found) >= 2 * len(SAID)
    for (_entry, minutes), parts in found.items():
        assert [share for _part, share in parts] == divide(minutes, [part for part, _share in parts])
    manage(empty_database, ["migrate", "practice", "0007"])
    with psycopg.connect(empty_database) as reader:
        assert reader.execute(AREAS).fetchone() == (12,)


SHARES = """
    SELECT entry.id, entry.minutes, item.minutes, item.share_minutes
    FROM practice_practiceitem AS item JOIN practice_practiceentry AS entry ON entry.id = item.entry_id
    ORDER BY entry.id, item.position
"""
HELD = "SELECT bool_and(convalidated) FROM pg_constraint WHERE conname ~ '^(item|entry)_'"
BUILT = """
    SELECT count(*) FROM pg_index
    WHERE indisvalid AND indexrelid::regclass::text ~ '^(item_of_|entry_(instrument|occasion)$)'
"""
AREAS = "SELECT count(*) FROM practice_focusarea"
OWN_AREA = """
    WITH area AS (
        INSERT INTO practice_focusarea (slug, position, student_id, name, name_key)
        SELECT 'own', 1000, student_id, 'Nerves', 'nerves' FROM practice_practiceentry LIMIT 1
        RETURNING id
    )
    INSERT INTO practice_practiceentry_focus_areas (practiceentry_id, focusarea_id)
    SELECT entry.id, area.id FROM area, (SELECT id FROM practice_practiceentry LIMIT 1) AS entry
"""


def test_an_index_that_was_left_half_built_is_built_anew(transactional_db: None) -> None:
    index = models.Index(fields=["tempo"], name="half_built")
    step = BuildIndex(model_name="practiceitem", index=index)
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    step.state_forwards("practice", after)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX half_built ON practice_practiceitem (title)")
    with connection.schema_editor(atomic=False) as editor:
        step.database_forwards("practice", editor, before, after)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_indexdef('half_built'::regclass)")
            assert "(tempo)" in cursor.fetchone()[0]
        step.database_backwards("practice", editor, after, before)


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
    assert found[0]["idle_in_transaction_session_timeout"] == 0
    assert found[0]["lock_timeout"] == 2000
