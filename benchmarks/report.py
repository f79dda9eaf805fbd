"""What came out, as a table for people and as a file for comparisons."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .measure import Subject
from .pages import Page
from .statistics import ratio, summary

RESULT = Path(__file__).parent / "results" / "latest.json"
# Up to a hundred thousand entries of a student, and from there to a million.
MOST_GROWTH, MOST_GROWTH_TO_A_MILLION = 1.1, 1.2
A_HUNDRED_THOUSAND = 100_000
HEAD = ("page", "req/s", "p50 ms", "p95 ms", "queries", "KB sent", "ratio", "bound", "growth", "verdict")


@dataclass(frozen=True)
class Row:
    """One line of the table. ``growth`` is p50 at the many ``entries`` of the heavy student ÷ p50 at the few
    of another one."""

    name: str
    title: str
    per_second: float
    p50_ms: float
    p95_ms: float
    kilobytes: float
    is_compressed: bool
    foreign_cores: float
    busy_windows: int
    queries: int | None = None
    most_queries: int | None = None
    reference: str | None = None
    ratio: float | None = None
    bound: float | None = None
    growth: float | None = None
    entries: int | None = None

    @property
    def most_growth(self) -> float:
        return MOST_GROWTH_TO_A_MILLION if (self.entries or 0) > A_HUNDRED_THOUSAND else MOST_GROWTH

    @property
    def misses(self) -> list[str]:
        """What is over its bound."""
        found = []
        if self.ratio is not None and self.bound is not None and self.ratio > self.bound:
            found.append("ratio")
        if self.queries is not None and self.most_queries is not None and self.queries > self.most_queries:
            found.append("queries")
        if self.growth is not None and self.growth > self.most_growth:
            found.append("growth")
        return found


def rows(subjects: Sequence[Subject], queries: Mapping[str, int]) -> list[Row]:
    by_name = {subject.target.name: subject for subject in subjects}
    return [_row(subject, by_name, queries) for subject in subjects]


def _row(subject: Subject, by_name: Mapping[str, Subject], queries: Mapping[str, int]) -> Row:
    target, figures = subject.target, summary(subject.windows)
    more: dict[str, Any] = {}
    title = target.name
    if isinstance(target, Page):
        title = f"{target.title}, {target.entries:,} entries"
        more = {
            "queries": queries[target.name],
            "most_queries": target.most_queries,
            "reference": target.reference,
            "ratio": ratio(subject.windows, by_name[target.reference].windows),
            "bound": target.bound,
            "entries": target.entries,
        }
        if target.is_heavy:
            more["growth"] = ratio(subject.windows, by_name[target.light_name].windows)
    return Row(
        name=target.name,
        title=title,
        per_second=figures.per_second,
        p50_ms=figures.p50,
        p95_ms=figures.p95,
        kilobytes=subject.sent_bytes / 1024,
        is_compressed=subject.is_compressed,
        foreign_cores=max(window.foreign_cores for window in subject.windows),
        busy_windows=sum(window.is_busy for window in subject.windows),
        **more,
    )


def table(found: Sequence[Row]) -> str:
    lines = [HEAD, *(_cells(row) for row in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    def number(value: float | None, form: str = ".2f") -> str:
        return "" if value is None else format(value, form)

    kilobytes = f"{row.kilobytes:.1f}{' gz' if row.is_compressed else '   '}"
    bound = "" if row.bound is None else f"≤ {row.bound} {row.reference}"
    verdict = "" if row.bound is None else ("misses " + ", ".join(row.misses) if row.misses else "ok")
    return (
        row.title,
        number(row.per_second, ".0f"),
        number(row.p50_ms),
        number(row.p95_ms),
        number(row.queries, "d"),
        kilobytes,
        number(row.ratio),
        bound,
        number(row.growth),
        verdict,
    )


def write(found: Sequence[Row], machine: Mapping[str, Any], path: Path = RESULT) -> None:
    path.parent.mkdir(exist_ok=True)
    result = {"machine": dict(machine), "pages": [{**asdict(row), "misses": row.misses} for row in found]}
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
