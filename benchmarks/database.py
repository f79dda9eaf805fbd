"""The database under measurement: made anew, filled once for both servers, dropped at the end."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.reference import SCHEMA

NAME = "woodshed_bench"
STUDENTS = 1000
TEACHERS = 25
ENTRIES = 1000
HEAVY_ENTRIES = 100_000

# The same people, entries and days as in the measured product, in the order in which they lie there.
FILL = """
    INSERT INTO auth_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name,
                           email, date_joined)
    SELECT row_number() OVER (ORDER BY created_at, id), id::text, '', false, false, true, '', '', '', now()
    FROM public.accounts_student;
    INSERT INTO reference_entry (owner_id, day, minutes, title, notes)
    SELECT owner.id, e.practised_on, e.minutes, e.description, e.notes
    FROM public.practice_practiceentry e JOIN auth_user owner ON owner.username = e.student_id::text
    ORDER BY e.practised_on, e.id;
    INSERT INTO reference_day (owner_id, day, minutes)
    SELECT owner_id, day, sum(minutes) FROM reference_entry GROUP BY owner_id, day ORDER BY day, owner_id;
    ANALYZE auth_user; ANALYZE reference_entry; ANALYZE reference_day;
"""
# Whose entries the bare pages show: a student of 1,000 entries.
OWNER = "UPDATE auth_user SET username = 'owner', password = %s WHERE username = %s"
# The server's own helpers write and flush for whoever writes; nobody else's backends count as ours.
PIDS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = %s OR backend_type IN ('walwriter', 'background writer', 'checkpointer')
"""

# What the database is said to be full of, once it is.
SIZE = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


@dataclass(frozen=True)
class Database:
    url: str

    @property
    def is_local(self) -> bool:
        return urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1", None)

    def pids(self) -> Iterable[int]:
        """The processes that work for this database, where they can be seen from here."""
        if not self.is_local:
            return []
        with psycopg.connect(self.url, autocommit=True) as connection:
            return [row[0] for row in connection.execute(PIDS, [NAME])]

    def version(self) -> str:
        with psycopg.connect(self.url) as connection:
            return str(connection.info.server_version // 10000)


def beside(url: str) -> Database:
    """The benchmark's database on the server that ``url`` names."""
    return Database(urlunsplit(urlsplit(url)._replace(path=f"/{NAME}")))


class OfAnotherSize(Exception):
    """The database that a run left was filled with other numbers than those that are asked for."""


def is_there(url: str, *, students: int, teachers: int, heavy_entries: int) -> bool:
    """Whether a run left it. Raises OfAnotherSize: pages of people who are not there would be measured."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(SIZE, [NAME]).fetchone()
    if found is not None and found[0] != _size(students, teachers, heavy_entries):
        raise OfAnotherSize(f"{NAME} holds: {found[0]}. Leave out --keep, or ask for the same.")
    return found is not None


def _size(students: int, teachers: int, heavy_entries: int) -> str:
    return f"{students} students of {teachers} teachers, {heavy_entries} entries of the first"


def drop(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def make(
    url: str, environ: Mapping[str, str], *, students: int, teachers: int, heavy_entries: int
) -> Database:
    """Create, migrate and fill. ``url`` names any database of the server."""
    drop(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    made = beside(url)
    product = {**environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    _manage(product, "migrate", "--verbosity", "0")
    _manage(
        product,
        "seed_scale",
        f"--students={students}",
        f"--teachers={teachers}",
        f"--entries-per-student={ENTRIES}",
        f"--heavy-student={heavy_entries}",
    )
    return made


def say_size(url: str, *, students: int, teachers: int, heavy_entries: int) -> None:
    """Once everything is in it: what was broken off is not taken for one that a run left."""
    with psycopg.connect(url, autocommit=True) as connection:
        words = sql.Literal(_size(students, teachers, heavy_entries))
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(NAME), words))


def make_reference(made: Database, environ: Mapping[str, str], *, owner: str, password_hash: str) -> None:
    """The bare project's tables in a schema of their own, with the same people and entries."""
    with psycopg.connect(made.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
    bare = {**environ, "DJANGO_SETTINGS_MODULE": "benchmarks.reference.settings"}
    _manage(bare, "migrate", "--verbosity", "0")
    # Only now: tables without migrations are made first, but these refer to the others.
    _manage(bare, "migrate", "--run-syncdb", "--verbosity", "0")
    with psycopg.connect(made.url) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
        connection.execute(FILL)
        connection.execute(OWNER, [password_hash, owner])
    with psycopg.connect(made.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _manage(environ: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "django", *arguments], env={**os.environ, **environ}, check=True)
