"""Which tests run through which lines: recorded once for a state of the code, by one run of the tests."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from .find import ROOT, Mutant

KEPT = ROOT / "var" / "mutants"
# What runs through nearly everything says little about a line; it is asked last, as a whole.
BROAD = ["tests/sweep", "tests/forms", "tests/lists", "tests/revocation"]
LEFT_OUT = [*BROAD, "tests/e2e", "tests/operations", "tests/benchmarks", "tests/mutants"]
# The matrices of who may do what are the likeliest to see a check that is gone.
MATRIX = "test_permissions"


class TheTestsFailAnyway(Exception):
    """Tests that fail on the code as it is would see every mutant, and prove nothing."""


@dataclass(frozen=True)
class Record:
    """The coverage of one run, with the name of the test as its context."""

    data: CoverageData

    def tests_for(self, mutant: Mutant) -> list[str]:
        """Those that run through the function of the mutant, the likeliest to see it first.

        Each with all its examples: only the first and the last are measured (``tests/conftest.py``).
        """
        by_line = self.data.contexts_by_lineno(str(ROOT / mutant.path))
        found = {context for line in mutant.within for context in by_line.get(line, ())}
        names = {context.rpartition("|")[0].partition("[")[0] for context in found}
        return sorted(names - {""}, key=lambda name: (MATRIX not in name, name))


def record(files: Iterable[str], jobs: int) -> Record:
    """Of the code as it is; kept in ``var`` until one of these files changes. Raises TheTestsFailAnyway."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    path = KEPT / f"{digest.hexdigest()[:16]}.coverage"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        run_with_contexts(part, jobs)
        part.rename(path)
    data = CoverageData(str(path))
    data.read()
    return Record(data)


def run_with_contexts(target: Path, jobs: int) -> None:
    left_out = [f"--ignore={name}" for name in LEFT_OUT]
    # What is not measured would only take its time.
    coverage = ["--cov=apps", "--cov-context=test", "--cov-report=", "--no-cov-on-fail", "-m", "not no_cover"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--numprocesses={jobs}", *coverage, *left_out, "tests"],
        cwd=ROOT,
        env=os.environ | {"COVERAGE_FILE": str(target)},
        check=False,
    )
    if done.returncode:
        raise TheTestsFailAnyway
