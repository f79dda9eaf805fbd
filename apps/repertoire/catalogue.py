"""Well-known works of many instruments and times, which we wrote down: titles and composers, nothing else."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("catalogue.csv")


@dataclass(frozen=True, slots=True)
class Work:
    """``composer`` is empty for what nobody knows the composer of."""

    title: str
    composer: str


@cache
def works() -> tuple[Work, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Work(row["title"], row["composer"]) for row in csv.DictReader(file))
