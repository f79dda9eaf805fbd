"""Figures of measured windows. Times are seconds in and milliseconds out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Window:
    """One measured stretch of one page."""

    latencies: Sequence[float]
    per_second: float
    foreign_cores: float
    is_busy: bool


@dataclass(frozen=True)
class Summary:
    """All windows of one page: medians over the windows, so that one bad window moves nothing."""

    p50: float
    p95: float
    per_second: float


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(windows: Sequence[Window]) -> Summary:
    return Summary(
        p50=1000 * median(percentile(window.latencies, 0.5) for window in windows),
        p95=1000 * median(percentile(window.latencies, 0.95) for window in windows),
        per_second=median(window.per_second for window in windows),
    )


def ratio(page: Sequence[Window], reference: Sequence[Window]) -> float:
    """How many times the reference's p50 the page takes: the median over windows measured side by side."""
    return median(
        percentile(ours.latencies, 0.5) / percentile(theirs.latencies, 0.5)
        for ours, theirs in zip(page, reference, strict=True)
    )
