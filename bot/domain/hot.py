"""Hot matters (热点): many residents, one street, one kind of matter, a few days."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.periods import Period

RESIDENTS = 5
"""So many different residents make a matter hot."""
DAYS = 3
"""Today and the two days before, in Beijing."""


@dataclass(frozen=True, slots=True)
class Hot:
    """One hot matter. `residents`: different ones; `cases`: of them `open` are not answered yet;
    `by_day`: cases of each day of the window, the oldest first."""

    category: str
    street: str
    residents: int
    cases: int
    open: int
    by_day: tuple[int, ...]


def window(today: date) -> Period:
    """The days that are looked at."""
    return Period(today - timedelta(days=DAYS - 1), today)
