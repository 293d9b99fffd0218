"""The network as routing sees it: a snapshot of stations, and the choice made among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from bot.domain.office_rules import OfficeRule

Mode = Literal["sector", "street", "party", "institution", "keywork", "district"]
Queue = Literal["staff", "emergency", "restricted"]

STUDIO_MODES: frozenset[Mode] = frozenset({"sector", "party"})
PARTNER_MODES: frozenset[Mode] = frozenset({"institution", "keywork"})


@dataclass(frozen=True, slots=True)
class Station:
    """One workstation. `unit` is the full name of the street, town or area it serves (mode
    street), `sector` its sector's short name (sector and party studios)."""

    id: int
    code: str
    name: str
    mode: Mode
    district: str | None = None
    unit: str | None = None
    sector: str | None = None
    topics: tuple[str, ...] = ()
    active: bool = True
    staffed: bool = True
    """Somebody holds a convener's post, so a case would reach a person."""

    @property
    def receives(self) -> bool:
        """Whether cases may be sent there: suspended or unstaffed stations never get any."""
        return self.active and self.staffed


@dataclass(frozen=True)
class Directory:
    """All stations in a fixed order (by code). Build once per roster version: what routing looks
    up is sorted out at the first look."""

    stations: tuple[Station, ...]
    version: int = 0
    rules: tuple[OfficeRule, ...] = ()
    """What the office laid down, as it holds on the day of the snapshot."""
    pairings: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """联建共建 of that day: station → the stations that stand by it, by their ids."""

    @cached_property
    def by_id(self) -> Mapping[int, Station]:
        """Each station by its id."""
        return {station.id: station for station in self.stations}

    @cached_property
    def by_street(self) -> Mapping[str | None, list[Station]]:
        """Stations of streets, towns and areas by the full name of what they serve."""
        return _grouped((s.unit, s) for s in self.stations if s.mode == "street")

    @cached_property
    def by_district(self) -> Mapping[str | None, list[Station]]:
        """The districts' own stations by district."""
        return _grouped((s.district, s) for s in self.stations if s.mode == "district")

    @cached_property
    def studios(self) -> Mapping[str | None, list[Station]]:
        """Studios of sectors and parties by sector."""
        return _grouped((s.sector, s) for s in self.stations if s.mode in STUDIO_MODES)

    @cached_property
    def partners(self) -> Mapping[str | None, list[Station]]:
        """Studios of institutions and key work by topic."""
        own = (s for s in self.stations if s.mode in PARTNER_MODES)
        return _grouped((topic, s) for s in own for topic in s.topics)


def _grouped(pairs: Iterable[tuple[str | None, Station]]) -> dict[str | None, list[Station]]:
    found: dict[str | None, list[Station]] = {}
    for key, station in pairs:
        found.setdefault(key, []).append(station)
    return found


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes, and why. `owner` None means a queue has it."""

    owner: Station | None
    assist: tuple[Station, ...]
    partners: tuple[Station, ...]
    """Studios the owner may invite: first those paired with it, then those of institutions and key
    work with the topic."""
    queue: Queue | None
    rule: str
    """Name of the rule that fired."""
    words: tuple[str, ...]
    """Words of the resident that fired it, for "因为您提到 …"."""
    proposed: Station | None = None
    """With a queue: the station that staff may confirm."""
    shared_with_place: bool = True
    """False: only the owner's named members see it."""

    def with_paired(self, directory: Directory) -> "Route":
        """The same, offering the owner those that are paired with it first."""
        if self.owner is None:
            return self
        ids = directory.pairings.get(self.owner.id, ())
        paired = [s for i in ids if (s := directory.by_id.get(i)) and s.receives]
        there = {self.owner.id, *(station.id for station in self.assist)}
        offered = {s.id: s for s in (*paired, *self.partners) if s.id not in there}
        return replace(self, partners=tuple(offered.values()))
