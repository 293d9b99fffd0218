"""What the office laid down about where cases go: a kind of matter, a place, or both, to a station.

Only what anybody may see is moved by it: emergencies and cases for named people go their own ways
before any rule of the office is asked (bot.domain.routing).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """Cases of `category` (None: any) in this street of this district, in this district, or
    everywhere (both None) go to the station. `id` 0: not kept yet."""

    id: int
    station_id: int
    category: str | None
    district: str | None
    street: str | None

    @property
    def about(self) -> tuple[str | None, str | None, str | None]:
        """What it is about; of two rules about the same one would be void."""
        return self.category, self.district, self.street

    def fits(self, category: str | None, district: str | None, street: str | None) -> bool:
        """Whether it speaks of such a case. A street whose district is unknown is not doubted."""
        of_kind = self.category in (None, category)
        of_street = self.street in (None, street)
        near = self.district in (None, district) or (self.street is not None and district is None)
        return of_kind and of_street and near


@dataclass(frozen=True, slots=True)
class Span:
    """From a first to a last day, both counted; None: no end."""

    first: date
    last: date | None

    @property
    def is_empty(self) -> bool:
        """It ended before it began."""
        return self.last is not None and self.last < self.first

    def meets(self, other: "Span") -> bool:
        """Whether a day lies in both. One that ended before it began holds on no day."""
        return (
            not (self.is_empty or other.is_empty)
            and (self.last is None or other.first <= self.last)
            and (other.last is None or self.first <= other.last)
        )


def fitting(
    rules: Iterable[OfficeRule], category: str | None, district: str | None, street: str | None
) -> list[OfficeRule]:
    """Those that speak of such a case, the most exact first: a street before a district before
    everywhere, then a kind of matter before any."""
    found = [each for each in rules if each.fits(category, district, street)]
    return sorted(found, key=_exactness)


def _exactness(rule: OfficeRule) -> tuple[bool, bool, bool, int]:
    return rule.street is None, rule.district is None, rule.category is None, rule.id
