"""``python -m tests.mutants``: take out one check of who may do what at a time; some test must see each.

Ends with an error when one lives that ``equivalent.toml`` does not explain.
"""

import argparse
import os
import signal
import sys
import time
import tomllib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from zlib import crc32

from config import embedded

from .find import Mutant, all_mutants
from .record import record
from .run import files_of_checkout, try_all

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def explained() -> dict[str, str]:
    """Mutants that change nothing anybody could see, each with the reason."""
    found: dict[str, str] = tomllib.loads(EQUIVALENT.read_text())
    return found


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """By their names, so that new code adds some and leaves the choice among the others as it was."""
    known = explained()
    wanted = [each for each in all_mutants() if options.only in each.name and each.name not in known]
    return [each for each in wanted if crc32(each.name.encode()) % options.every == 0]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="mutants whose name holds this, a path for instance")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only one in N of them, always the same"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="name them and try none")
    options = parser.parse_args(arguments)
    mutants = chosen(options)
    if options.list:
        print(*(mutant.name for mutant in mutants), sep="\n")
        print(f"{len(mutants)} mutants.")
        return 0
    # A plain kill ends it the orderly way, with all that it started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    # Importing ``config`` has named the settings of development, and the tests' own must not follow them.
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    # One server for all copies; each has a test database of its own there.
    os.environ.setdefault("DATABASE_URL", embedded.start() if embedded.wanted() else "")
    return report(mutants, options.jobs)


def report(mutants: list[Mutant], jobs: int) -> int:
    began, alive = time.monotonic(), []
    code = [
        name for name in files_of_checkout() if name.startswith(("apps/", "config/", "tests/", "templates/"))
    ]
    known = record(code, jobs)
    with closing(try_all(mutants, known, jobs=jobs)) as outcomes:
        for number, outcome in enumerate(outcomes, start=1):
            if not outcome.killed_by:
                alive.append(outcome.mutant)
            said = f"seen by {outcome.killed_by}" if outcome.killed_by else "LIVES"
            print(f"{number}/{len(mutants)} {outcome.mutant.name}\n    {said}", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"{len(mutants)} mutants, {len(mutants) - len(alive)} seen, {len(alive)} live, {minutes:.0f} min.")
    for mutant in alive:
        print(f"LIVES: {mutant.path}:{mutant.line}: {mutant.name}")
    return 1 if alive or not mutants else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
