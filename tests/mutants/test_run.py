"""That a run of mutants ends with all it started, and leaves nothing in the server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.db import connection

from . import run
from .find import Mutant
from .record import BROAD
from .run import Ended, Runs, drop_databases, try_all

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
STARTS_ANOTHER = [sys.executable, "-c", f"import subprocess, time; subprocess.Popen({SLEEPS!r}); print('up')"]


class NothingKnown:
    def tests_for(self, mutant: Mutant) -> list[str]:
        return []


def a_mutant(before: str) -> Mutant:
    source = "first = second\n"
    start = source.index(before)
    return Mutant("apps/any/module.py", 1, "guard", before, "False", start, start + len(before), range(1, 2))


def alive(command: list[str]) -> list[psutil.Process]:
    """What runs. A zombie has ended, and where nobody asks for its end it stays one."""
    return [
        each
        for each in psutil.process_iter(["cmdline", "status"])
        if each.info["cmdline"] == command and each.info["status"] != psutil.STATUS_ZOMBIE
    ]


def copy_of_one_file(target: Path) -> Path:
    (target / "apps/any").mkdir(parents=True)
    (target / "apps/any/module.py").write_text("first = second\n")
    return target


def test_a_run_that_is_given_up_ends_what_is_under_way(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    sleeps = [*SLEEPS, "given up"]

    def tests_of(tests: list[str], copy: Path, runs: Runs) -> subprocess.CompletedProcess[str]:
        if (copy / "apps/any/module.py").read_text().startswith("False"):
            return subprocess.CompletedProcess([], 1, "FAILED the_test")
        return runs.wait_for(sleeps, copy, dict(os.environ))

    monkeypatch.setattr(run, "copy_checkout", copy_of_one_file)
    monkeypatch.setattr(run, "run_tests", tests_of)
    monkeypatch.setenv("DATABASE_URL", url_of_the_server())
    outcomes = try_all([a_mutant("first"), *[a_mutant("second")] * 4], NothingKnown(), jobs=2)  # type: ignore[arg-type]
    assert next(outcomes).killed_by == "the_test"
    wait_until(there=True, command=sleeps)
    outcomes.close()
    wait_until(there=False, command=sleeps)


def test_what_walks_everywhere_comes_last(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """One that no near test sees keeps none waiting that one does."""

    def tests_of(tests: list[str], copy: Path, runs: Runs) -> subprocess.CompletedProcess[str]:
        second = (copy / "apps/any/module.py").read_text().startswith("first")
        asked.append(tests == BROAD)
        failed = second or tests == BROAD
        return subprocess.CompletedProcess([], int(failed), "FAILED the_test" if failed else "")

    asked: list[bool] = []
    monkeypatch.setattr(run, "copy_checkout", copy_of_one_file)
    monkeypatch.setattr(run, "run_tests", tests_of)
    monkeypatch.setenv("DATABASE_URL", url_of_the_server())
    mutants = [a_mutant("first"), *[a_mutant("second")] * 4]
    outcomes = [each.mutant.name for each in try_all(mutants, NothingKnown(), jobs=2)]  # type: ignore[arg-type]
    assert outcomes[-1] == mutants[0].name
    assert [asked.count(True), asked[-1]] == [1, True]


def wait_until(*, there: bool, command: list[str]) -> None:
    """A process that was killed needs a moment to end, as one that was started needs one to begin."""
    until = time.monotonic() + 20
    while bool(alive(command)) is not there:
        assert time.monotonic() < until, alive(command)
        time.sleep(0.02)


def url_of_the_server() -> str:
    settings = connection.settings_dict
    return f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/postgres"


def test_what_a_run_started_ends_with_it(tmp_path: Path) -> None:
    done = Runs().wait_for(STARTS_ANOTHER, tmp_path, dict(os.environ))
    assert done.stdout == "up\n"
    wait_until(there=False, command=SLEEPS)


def test_nothing_begins_after_the_end(tmp_path: Path) -> None:
    runs = Runs()
    runs.end()
    with pytest.raises(Ended):
        runs.wait_for(SLEEPS, tmp_path, dict(os.environ))
    assert alive(SLEEPS) == []


@pytest.mark.django_db(transaction=True)
def test_only_the_databases_of_this_run_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url_of_the_server())
    with connection.cursor() as cursor:
        for name in ("test_x_mutants-own-0", "test_x_mutants-other-0"):
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            drop_databases("mutants-own")
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_x_mutants%'")
            assert cursor.fetchall() == [("test_x_mutants-other-0",)]
        finally:
            cursor.execute('DROP DATABASE "test_x_mutants-other-0"')
