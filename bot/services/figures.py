"""The figures of any days: kept ones for days that are over, counted now for the rest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.deadlines import BEIJING
from bot.domain.figures import OF, Cell, Dimension, Figure, percent
from bot.domain.periods import DAY, Period
from bot.store import figures, statistics

ALL: Cell = (Dimension.TOTAL, "")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of one cell. `of`: of how many, for a share; `percent`: that share in words, empty
    where none is claimed."""

    figure: Figure
    number: int
    of: int | None
    percent: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in a period."""

    period: Period
    counts: Mapping[tuple[Cell, Figure], int]
    by_day: Mapping[tuple[date, Figure], int]

    def number(self, figure: Figure, cell: Cell = ALL) -> Number:
        """A figure, with what it is a share of."""
        found = self.counts.get((cell, figure), 0)
        whole = OF.get(figure)
        if whole is None:
            return Number(figure, found, None, "")
        of = self.counts.get((cell, whole), 0)
        return Number(figure, found, of, percent(found, of))

    def keys(self, dimension: Dimension, *asked: Figure) -> list[str]:
        """What of a dimension has any of these figures; the most of the first one first, what is
        not known last."""
        found = {
            key
            for ((of, key), figure), number in self.counts.items()
            if of is dimension and figure in asked and number
        }
        most = {key: self.counts.get(((dimension, key), asked[0]), 0) for key in found}
        return sorted(found, key=lambda key: (not key, -most[key], key))

    def over(self, part: Period, figure: Figure) -> int:
        """The total of some days of it."""
        days = (part.first + n * DAY for n in range(part.days))
        return sum(self.by_day.get((day, figure), 0) for day in days)


def of_period(session: Session, period: Period, cell: Cell | None = None) -> Figures:
    """Count; of a single cell, if one is named.

    Days that the job of statistics has counted are read as they are kept, unless a case of theirs
    has changed and they wait to be counted again: figures are right at any moment, and nobody reads
    for some minutes that a case was taken out of them.
    """
    until = min(statistics.counted_until(session) or period.first, period.last + DAY)
    counts: figures.Counts = Counter()
    by_day: Counter[tuple[date, Figure]] = Counter()
    live = [Period(max(until, period.first), period.last)]
    if until > period.first:
        stale = {day for day in _stale(session) if period.first <= day < until}
        counts = figures.kept(session, period.first, until - DAY, stale, cell)
        by_day.update(figures.kept_by_day(session, period.first, until - DAY, stale))
        live += [Period(day, day) for day in sorted(stale)]
    for part in live:
        found = list(figures.between(session, part.begin, part.end)) if part.days > 0 else []
        counts.update(figures.count(found))
        by_day.update((each.fact.day, each.fact.figure) for each in found)
    return Figures(period, counts, by_day)


def _stale(session: Session) -> set[date]:
    changed = statistics.changed(session)
    return {at.astimezone(BEIJING).date() for at in statistics.moments(session, changed)}
