"""``python -m benchmarks.transfer``: how quick files go into a diary and out of it, and in how much memory.

In one process, without a server: what is measured is our own work and the database's. Memory is what the
process holds at most while it works, above what it held before.
"""

import io
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psutil
import psycopg
from psycopg import sql

from config import embedded

from .__main__ import environ_for
from .database import _manage

PORT = 8164
NAME = "woodshed_transfer"
SMALL, ROWS, ENTRIES = 220, 10_000, 100_000
MEGABYTE = 1024 * 1024
# 220 rows in less than a second, from the press to the last row, the look through them included.
MOST_SECONDS = 1.0
LOOK_EVERY = 0.01


@dataclass
class Taken:
    """``own`` are seconds of this process, without the database's and without what others took meanwhile."""

    seconds: float = 0.0
    own: float = 0.0
    first: float = 0.0
    memory: float = 0.0
    size: int = 0


def main(_arguments: Sequence[str]) -> int:
    os.chdir(embedded.CHECKOUT)
    server = os.environ.get("DATABASE_URL") or embedded.start()
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    environ = {**environ_for(url, PORT), "MEDIA_ROOT": str(embedded.CHECKOUT / "var" / "bench" / "media")}
    os.environ |= environ
    _drop(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    try:
        _manage(environ, "migrate", "--verbosity", "0")
        counts = ("--students=3", "--teachers=1", "--entries-per-student=10", f"--heavy-student={ENTRIES}")
        _manage(environ, "seed_scale", *counts)
        django.setup()
        return _measure()
    finally:
        from django.db import connections  # Models and connections exist only after setup.

        connections.close_all()
        _drop(server)


def _drop(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def _measure() -> int:
    # Models can be imported only after setup.
    from apps.accounts.models import Student, User
    from apps.home.demo.scale import Scale, email

    scale = Scale(students=3, teachers=1, entries_per_student=10, heavy_entries=ENTRIES)
    # Every odd student has a login.
    heavy, light = (Student.objects.get(pk=scale.key("pupil", number)) for number in (1, 3))
    by = {number: User.objects.get(email=email("student", number)) for number in (1, 3)}
    slow = 0
    for name, rows in (("small", SMALL), ("large", ROWS)):
        taken = _import(light, by[3], rows)
        print(
            f"import, {name}: {rows:,} rows in {taken.seconds:.2f} s ({taken.own:.2f} s our own;"
            f" {rows / taken.seconds:,.0f} rows/s), {taken.memory:.0f} MB of memory"
        )
        slow += name == "small" and taken.seconds > MOST_SECONDS
    for kind in ("csv", "xlsx", "json"):
        for part, since in (("a tenth", date.today() - timedelta(days=120)), ("all", None)):  # noqa: DTZ011
            taken = _export(heavy, by[1], kind, since)
            print(
                f"export, {kind}, {part}: first byte {taken.first * 1000:.0f} ms, all {taken.seconds:.1f} s"
                f" ({taken.own:.1f} s our own), {taken.size / MEGABYTE:.1f} MB written,"
                f" {taken.memory:.1f} MB of memory"
            )
    return int(slow)


@contextmanager
def _watched() -> Iterator[Taken]:
    process, taken, is_over = psutil.Process(), Taken(), threading.Event()
    before, began, worked = process.memory_info().rss, time.perf_counter(), time.process_time()

    def look() -> None:
        taken.memory = max(taken.memory, (process.memory_info().rss - before) / MEGABYTE)
        while not is_over.wait(LOOK_EVERY):
            taken.memory = max(taken.memory, (process.memory_info().rss - before) / MEGABYTE)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield taken
    finally:
        taken.seconds, taken.own = time.perf_counter() - began, time.process_time() - worked
        is_over.set()
        watcher.join()


def _import(student: Any, by: Any, rows: int) -> Taken:
    from django.utils import timezone

    from apps.transfer import services
    from apps.transfer.models import Import
    from apps.transfer.services import work

    # Days of their own for each file.
    first = date(2012, 1, 1) + timedelta(days=rows // 5)
    lines = [
        f"{first + timedelta(days=number // 5)},{20 + number % 40},Minuet in G,{60 + number % 60},"
        f'"Slowly, with the metronome: turn {number}"'
        for number in range(rows)
    ]
    file = io.BytesIO(("Date,Minutes,Piece,Tempo,Notes\n" + "\n".join(lines)).encode())
    work.SMALL = rows
    with _watched() as taken:
        batch = services.begin_import(student=student, by=by, name="bench.csv", file=file, now=timezone.now())
        services.ask_check(batch=batch, mapping=batch.mapping, options=batch.options)
        services.run_now(batch=batch, clock=timezone.now)
        batch.refresh_from_db()
        services.ask_import(batch=batch, by=by, now=timezone.now())
        services.run_now(batch=batch, clock=timezone.now)
    found = Import.objects.get(pk=batch.pk)
    assert (found.state, found.added) == ("done", rows), (found.state, found.added, found.last_error)
    return taken


def _export(student: Any, by: Any, kind: str, since: date | None) -> Taken:
    from django.test import Client
    from django.urls import reverse

    from apps.core.throttle import _counts

    _counts.clear()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    query = f"?from={since}" if since else ""
    with _watched() as taken:
        began = time.perf_counter()
        answer = client.get(reverse(f"transfer:diary-{kind}", args=[student.pk]) + query)
        for number, piece in enumerate(answer.streaming_content):  # type: ignore[attr-defined]
            if number == 0:
                taken.first = time.perf_counter() - began
            taken.size += len(piece)
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
