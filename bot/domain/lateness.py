"""How late things happened, counted by bins: figures that cost the same however many there were.

An hour's counts can be added to another hour's; percentiles can not. So the counts are kept, and a
percentile is read off them: it is the upper bound of its bin, never better than the truth.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Self

BOUNDS = (
    *(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 1800.0),
    *(3600.0, 7200.0, 14400.0, 28800.0),
    *(86400.0, 172800.0, 604800.0),
)
"""Seconds: the upper bound of each bin; one more bin holds what is later than the last."""

RUNG, REMINDER = "rung", "reminder"
DOUBLED, PASSED_OVER, IN_DOUBT = "doubled", "passed_over", "in_doubt"
MEASURES = (RUNG, REMINDER, DOUBLED, PASSED_OVER, IN_DOUBT)
"""What is counted by the hour: rungs by how late they were recorded, reminders by how late they
were sent; rungs recorded twice, rungs left out, reminders that may have arrived twice."""

HOUR = timedelta(hours=1)
SETTLED = timedelta(hours=2)
"""So long after its end nothing of an hour changes any more: the platform's word on a notice is
awaited for one hour."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many fell into one bin, and the latest of them (seconds)."""

    bin: int
    count: int
    worst: float


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds. `p50`, `p95`: at most so late were half, and 95 in a hundred; `worst` is exact.
    All 0 where nothing was counted. `counts`: how many in each bin."""

    count: int = 0
    p50: float = 0.0
    p95: float = 0.0
    worst: float = 0.0
    counts: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, parts: Iterable[Counted]) -> Self:
        """The figures of all these counts together."""
        counts = [0] * (len(BOUNDS) + 1)
        worst = 0.0
        for part in parts:
            counts[part.bin] += part.count
            worst = max(worst, part.worst)
        total = sum(counts)
        p50, p95 = (min(_reached(counts, ceil(total * share)), worst) for share in (0.5, 0.95))
        return cls(total, p50, p95, worst, tuple(counts))


def _reached(counts: list[int], rank: int) -> float:
    """The upper bound of the bin that holds the one with this rank; infinite for the last bin."""
    if not rank:
        return 0.0
    seen = 0
    for bound, count in zip((*BOUNDS, float("inf")), counts, strict=True):
        seen += count
        if seen >= rank:
            return bound
    raise ValueError("the rank is beyond the count")


def hour_of(at: datetime) -> datetime:
    """The full hour in which this moment lies."""
    return at.replace(minute=0, second=0, microsecond=0)
