"""Try mutants: each in a copy of the checkout with a test database of its own, until a test sees it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Lock

import psycopg
from psycopg import sql

from .find import ROOT, Mutant
from .record import BROAD, MATRIX, Record

# Far more than the slowest stage takes: only what hangs is ended, for that counts as seen.
SECONDS = 3600
LINKED = (".venv", "node_modules")
# So many tests at a time: most mutants are seen by the first few.
FEW, MANY = 40, 400
# pytest could not read its arguments, or found no test.
NOT_RUN = (4, 5)
ONLY = "-k"
# A file that says: the test database is not clean.
FRESH = "fresh"


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    # Which test saw it; nothing when it lives.
    killed_by: str


class Ended(Exception):
    """No run begins any more."""


class Runs:
    """The test runs under way, each a group of processes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    def wait_for(
        self, command: list[str], folder: Path, environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """What it printed, and its end. Nothing that it started outlives it. Raises Ended, TimeoutExpired."""
        # A file, not a pipe: what a run leaves behind would keep a pipe open.
        with tempfile.TemporaryFile("w+") as printed:
            with self._lock:
                if self._ended:
                    raise Ended
                run = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._under_way.add(run)
            try:
                run.wait(SECONDS)
            finally:
                end_group(run)
                self._under_way.discard(run)
            printed.seek(0)
            return subprocess.CompletedProcess(command, run.returncode, printed.read())

    def end(self) -> None:
        """Kill what is under way, and let nothing begin."""
        with self._lock:
            self._ended = True
            for run in [*self._under_way]:
                end_group(run)


def end_group(run: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def stages_for(mutant: Mutant, tests: list[str]) -> list[list[str]]:
    """The likeliest few, its app's matrices, the others in parts, its addresses.

    The matrices are asked whole: of their many examples only two are recorded.
    """
    app = Path(mutant.path).parts[1]
    matrices = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(f"tests/{app}/{MATRIX}*.py"))
    rest = tests[FEW:]
    parts = [rest[start : start + MANY] for start in range(0, len(rest), MANY)]
    own_addresses = ["tests/sweep", ONLY, f"{app}:"]
    return [*filter(None, [tests[:FEW], matrices]), *parts, own_addresses]


def try_all(mutants: list[Mutant], known: Record, *, jobs: int) -> Generator[Outcome]:
    """In parallel; each outcome as soon as it is known. Closed early, it ends what is under way.

    Whatever no near test sees is named and waits: what walks everywhere takes longest, and comes last.
    """
    copies: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for number in range(jobs):
            copies.put(copy_checkout(Path(folder) / f"{Path(folder).name}-{number}"))

        runs = Runs()

        def attempt(mutant: Mutant, stages: list[list[str]]) -> Outcome:
            copy = copies.get()
            try:
                return try_one(mutant, stages, copy, runs)
            finally:
                copies.put(copy)

        pool, unseen = ThreadPoolExecutor(jobs), []
        try:
            near = [pool.submit(attempt, each, stages_for(each, known.tests_for(each))) for each in mutants]
            for done in as_completed(near):
                if done.result().killed_by:
                    yield done.result()
                else:
                    unseen.append(done.result().mutant)
                    print(f"no near test sees {unseen[-1].name}", flush=True)
            for done in as_completed([pool.submit(attempt, each, [BROAD]) for each in unseen]):
                yield done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            runs.end()
            pool.shutdown()
            drop_databases(Path(folder).name)


def drop_databases(folder: str) -> None:
    """The test databases of these copies. Their names hold the folder's, so two runs never share one."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        named = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test%%' AND strpos(datname, %s) > 0",
            [folder],
        )
        for (name,) in named.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def files_of_checkout() -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = filter(None, names.split("\0"))
    return [name for name in paths if (ROOT / name).is_file() and not (ROOT / name).is_symlink()]


def copy_checkout(target: Path) -> Path:
    """What git knows and what it does not ignore; the big folders are only pointed to."""
    for name in files_of_checkout():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    for name in LINKED:
        if not (target / name).exists():
            (target / name).symlink_to((ROOT / name).resolve())
    for compiled in ROOT.glob("locale/**/*.mo"):
        shutil.copy2(compiled, target / compiled.relative_to(ROOT))
    return target


def try_one(mutant: Mutant, stages: list[list[str]], copy: Path, runs: Runs) -> Outcome:
    with changed(copy / mutant.path, mutant):
        for stage in stages:
            seen_by = first_failure(stage, copy, runs)
            if seen_by:
                return Outcome(mutant, seen_by)
    return Outcome(mutant, "")


@contextmanager
def changed(path: Path, mutant: Mutant) -> Iterator[None]:
    source = path.read_text()
    path.write_text(mutant.applied(source))
    try:
        yield
    finally:
        path.write_text(source)


def first_failure(tests: list[str], copy: Path, runs: Runs) -> str:
    """The test that fails, or nothing. A crash or a hang counts as seen: the code does not work."""
    try:
        done = run_tests(tests, copy, runs)
        if done.returncode in NOT_RUN and ONLY not in tests:
            # A name that cannot be typed, or a file that cannot be read any more.
            done = run_tests(sorted({name.partition("::")[0] for name in tests}), copy, runs)
    except subprocess.TimeoutExpired:
        (copy / FRESH).touch()  # whatever was under way stays in that database
        return "a test that never ended"
    if done.returncode == 0 or (done.returncode in NOT_RUN and ONLY in tests):
        return ""
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else "a program that does not start"


def run_tests(tests: list[str], copy: Path, runs: Runs) -> subprocess.CompletedProcess[str]:
    database = "--create-db" if (copy / FRESH).exists() else "--reuse-db"
    (copy / FRESH).unlink(missing_ok=True)
    options = ["-x", "-q", "-rfE", database, "-p", "no:cacheprovider", "-p", "no:randomly"]
    # pytest-django names the test database after the first.
    environment = os.environ | {"TOX_PARALLEL_ENV": copy.name, "PYTHONDONTWRITEBYTECODE": "1"}
    return runs.wait_for([sys.executable, "-m", "pytest", *options, *tests], copy, environment)
