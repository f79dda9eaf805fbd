"""What the command does once Django is set up."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import django
import psutil
from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from apps.home.demo.scale import PASSWORD, Scale

from . import client, database, report, servers
from .busy import LIMIT, Meter
from .client import Login
from .database import Database
from .measure import Plan, Subject, measure
from .pages import HEAVY, LIGHT, OWNER, Page, pages, references
from .queries import address, statements


def scale_of(options: argparse.Namespace) -> Scale:
    return Scale(
        students=options.students,
        teachers=options.teachers,
        entries_per_student=database.ENTRIES,
        heavy_entries=options.heavy_entries,
    )


def bench(url: str, environ: Mapping[str, str], options: argparse.Namespace) -> None:
    """Seed, measure, print; ``url`` names any database of the server."""
    started = time.monotonic()
    made, scale = database.beside(url), scale_of(options)
    size = {
        "students": scale.students,
        "teachers": scale.teachers,
        "heavy_entries": options.heavy_entries,
    }
    try:
        if not (options.keep and database.is_there(url, **size)):
            _say(f"seeding {scale.students:,} students")
            database.make(url, environ, **size)
            prepare_reference(made, environ, scale)
            database.say_size(url, **size)
            _say(f"seeded in {time.monotonic() - started:.0f} s")
        call_command("collectstatic", interactive=False, verbosity=0)
        pages_wanted = wanted_pages(scale, options.only)
        counted = {page.name: statements(page) for page in pages_wanted}
        if options.show_sql:
            for name, found in counted.items():
                print(f"\n== {name}: {len(found)} queries", *found, sep="\n-- \n")
            return
        measure_pages(made, environ, options, pages_wanted, {name: len(sql) for name, sql in counted.items()})
    finally:
        if not options.keep:
            database.drop(url)
    _say(f"took {time.monotonic() - started:.0f} s")


def measure_pages(
    made: Database,
    environ: Mapping[str, str],
    options: argparse.Namespace,
    wanted: Sequence[Page],
    queries: Mapping[str, int],
) -> None:
    plan = Plan(options.windows, options.seconds, options.seconds, options.repeats)
    bare = {**environ, "DJANGO_SETTINGS_MODULE": "benchmarks.reference.settings"}
    with ExitStack() as stack:
        ours = stack.enter_context(servers.running("benchmarks.wsgi:application", options.port, environ))
        theirs = stack.enter_context(
            servers.running("benchmarks.reference.wsgi:application", options.port + 1, bare)
        )
        found = subjects(wanted, ours, theirs)
        measure(found, plan, Meter(made.pids), _say)
    show(found, queries, _machine(made, plan, found))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _machine(made: Database, plan: Plan, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Where and how it was measured, and how busy others were."""
    foreign = [window.foreign_cores for subject in subjects for window in subject.windows]
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": psutil.cpu_count(),
        "python": sys.version.split()[0],
        "django": django.get_version(),
        "postgresql": made.version(),
        "workers": servers.WORKERS,
        "threads_per_worker": servers.THREADS,
        "windows": plan.windows,
        "seconds_per_window": plan.seconds,
        "busy_limit_cores": LIMIT,
        "windows_measured": len(foreign),
        "windows_in_which_others_were_busy": sum(cores > LIMIT for cores in foreign),
        "foreign_cores_median": round(sorted(foreign)[len(foreign) // 2], 3),
        "foreign_cores_most": round(max(foreign), 3),
    }


def prepare_reference(made: Database, environ: Mapping[str, str], scale: Scale) -> None:
    owner = str(scale.key("pupil", LIGHT.student))
    database.make_reference(made, environ, owner=owner, password_hash=make_password(PASSWORD))


def wanted_pages(scale: Scale, only: str) -> list[Page]:
    """All pages, or those whose light name is in the list."""
    names = set(only.split(",")) if only else None
    every = [*pages(scale, LIGHT), *pages(scale, HEAVY)]
    return [page for page in every if names is None or page.light_name in names]


def subjects(wanted: Sequence[Page], ours: int, theirs: int) -> list[Subject]:
    """Each page after its reference, everybody signed in over HTTP."""
    found = []
    owner = client.sign_in(theirs, "/login/", OWNER, {"username": OWNER, "password": PASSWORD})
    logins: dict[str, Login] = {}
    for bare in references():
        about = [page for page in wanted if page.reference == bare.name]
        if about:
            found.append(Subject(bare, theirs, [owner]))
        for page in about:
            for name in page.paths:
                if name not in logins:
                    fields = {"login": address(name), "password": PASSWORD}
                    logins[name] = client.sign_in(ours, "/account/login/", name, fields)
            found.append(Subject(page, ours, [logins[name] for name in page.paths]))
    return found


def show(found: Sequence[Subject], queries: Mapping[str, int], machine: Mapping[str, Any]) -> None:
    """Print the table and keep the result."""
    rows = report.rows(found, queries)
    print(report.table(rows))
    for name, value in machine.items():
        print(f"{name.replace('_', ' ')}: {value}")
    report.write(rows, machine)
