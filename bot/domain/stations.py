"""The network as routing sees it: a snapshot of stations, and the choice made among them."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["sector", "street", "party", "institution", "keywork", "district"]
Queue = Literal["staff", "emergency", "restricted"]


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


@dataclass(frozen=True, slots=True)
class Directory:
    """All stations in a fixed order (by code). Build once per roster version."""

    stations: tuple[Station, ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes, and why. `owner` None means a queue has it."""

    owner: Station | None
    assist: tuple[Station, ...]
    partners: tuple[Station, ...]
    """Institution and key-work studios the owner may invite."""
    queue: Queue | None
    rule: str
    """Name of the rule that fired."""
    words: tuple[str, ...]
    """Words of the resident that fired it, for "因为您提到 …"."""
    proposed: Station | None = None
    """With a queue: the station that staff may confirm."""
    shared_with_place: bool = True
    """False: only the owner's named members see it."""
