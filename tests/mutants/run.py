"""Try mutants: each in a copy of the checkout with a test database of its own, until a test sees it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Lock

from .find import ROOT, Mutant

SECONDS = 900
LINKED = (".venv", "node_modules")


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    # Which tests saw it; nothing when it lives.
    killed_by: str


def stages_for(path: str) -> list[list[str]]:
    """Tests, quickest and likeliest first: the matrices, those of the app, then every address."""
    app = path.split("/")[1]
    matrices = [str(each.relative_to(ROOT)) for each in sorted(ROOT.glob("tests/*/test_permissions.py"))]
    own = [f"tests/{app}"] if (ROOT / "tests" / app).is_dir() else []
    people = ["tests/accounts", "tests/private_teaching"]
    screens = ["tests/practice", "tests/parent_portal", "tests/home", "tests/privacy"]
    rest = [name for name in (*people, *screens) if name not in own]
    first = [] if "/views" in path or "/services" in path else [matrices]
    return [*first, own, ["tests/sweep"], rest] if own else [*first, ["tests/sweep"], rest]


def try_all(mutants: list[Mutant], *, jobs: int) -> Iterator[Outcome]:
    """In parallel; each outcome as soon as it and those before it are known."""
    copies: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for number in range(jobs):
            copies.put(copy_checkout(Path(folder) / f"copy{number}"))

        def attempt(mutant: Mutant) -> Outcome:
            copy = copies.get()
            try:
                return try_one(mutant, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(attempt, mutants)


def copy_checkout(target: Path) -> Path:
    """What git knows and what it does not ignore; the big folders are only pointed to."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in LINKED:
        if not (target / name).exists():
            (target / name).symlink_to((ROOT / name).resolve())
    for compiled in ROOT.glob("locale/**/*.mo"):
        shutil.copy2(compiled, target / compiled.relative_to(ROOT))
    return target


class TheTestsFailAnyway(Exception):
    """Tests that fail on the code as it is see every mutant, and prove nothing."""


def try_one(mutant: Mutant, copy: Path) -> Outcome:
    for tests in stages_for(mutant.path):
        with changed(copy / mutant.path, mutant):
            seen = not passes(tests, copy)
        if seen:
            check_control(tuple(tests), copy)
            return Outcome(mutant, " ".join(tests))
    return Outcome(mutant, "")


_controls: dict[tuple[str, ...], bool] = {}
_control_lock = Lock()


def check_control(tests: tuple[str, ...], copy: Path) -> None:
    """The same tests pass with nothing taken out; asked once for each set of them."""
    with _control_lock:
        if tests not in _controls:
            _controls[tests] = passes([*tests], copy)
    if not _controls[tests]:
        raise TheTestsFailAnyway(" ".join(tests))


@contextmanager
def changed(path: Path, mutant: Mutant) -> Iterator[None]:
    source = path.read_text()
    path.write_text(mutant.applied(source))
    try:
        yield
    finally:
        path.write_text(source)


def passes(tests: list[str], copy: Path) -> bool:
    """Whether all of these tests pass. A crash or a hang counts as seen: the code does not work."""
    options = ["-x", "-q", "--reuse-db", "-p", "no:cacheprovider", "-p", "no:xdist"]
    # pytest-django names the test database after it.
    environ = os.environ | {"TOX_PARALLEL_ENV": copy.name, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=copy,
            env=environ,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
