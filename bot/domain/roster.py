"""The network as a list to be kept: units, stations, people and posts, linked by code.

Office sheets, the demo network and the database all speak in these values; `bot.store.roster`
is the only place that turns codes into ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bot.domain.roles import ROLE_NAMES

ROLES: Mapping[str, str] = MappingProxyType({role.value: name for role, name in ROLE_NAMES.items()})
"""Every role a post may have, with its Chinese name."""

STAFFING_ROLES = ("first_convener", "second_convener", "station_head", "member")
"""A station where nobody holds one of these has nobody who could take a case."""

MODES: Mapping[str, str] = MappingProxyType(
    {
        "sector": "界别",
        "street": "街道",
        "party": "民主党派",
        "institution": "单位",
        "keywork": "重点工作",
        "district": "旗县区",
    }
)

UNIT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "office": "机关",
        "district": "旗县区",
        "street": "街道乡镇",
        "area": "功能区",
        "sector": "界别",
        "party": "民主党派",
        "committee": "专委会",
        "branch": "党支部",
        "department": "部门",
        "partner": "联建单位",
    }
)
"""Kinds of units other than stations."""

STATUSES: Mapping[str, str] = MappingProxyType({"active": "运行", "suspended": "暂停"})

MEMBERSHIPS: Mapping[str, str] = MappingProxyType(
    {"municipal": "市级", "district": "旗县区级", "regional": "自治区级"}
)

DAY_PLANS: Mapping[str, str] = MappingProxyType({"rest": "休息", "work": "上班", "usual": "照常"})
"""What the office does on a day; as usual: what the public calendar says."""

OFFICE_CODE = "OFFICE"
"""Code of the committee's office: its staff hold their posts there."""


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A body that is no station."""

    code: str
    kind: str
    name: str
    parent: str | None = None
    """Code of the unit above it."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day of validity."""


@dataclass(frozen=True, slots=True)
class StationEntry:
    """A station, with the unit it is."""

    code: str
    name: str
    mode: str
    parent: str | None = None
    district: str | None = None
    street: str | None = None
    sector: str | None = None
    topics: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    phone: str = ""
    status: str = "active"
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person of the network; `contact` is the code of the member whom a representative
    constituent is in contact with."""

    code: str
    name: str
    phone: str = ""
    membership: str = ""
    sector: str | None = None
    represents: bool = False
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A role that a person holds in a unit (codes). The three together name the post."""

    person: str
    unit: str
    role: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PairingEntry:
    """联建共建: a station and a body that stands by it, a party branch, a department, a studio of
    an institution (codes). The two together name the pairing."""

    station: str
    partner: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day on which the office departs from the public calendar."""

    day: date
    plan: str
    """One of DAY_PLANS."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole network and the office's own days, or the part of them that a file holds."""

    units: tuple[UnitEntry, ...] = ()
    stations: tuple[StationEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    posts: tuple[PostEntry, ...] = ()
    pairings: tuple[PairingEntry, ...] = ()
    days: tuple[DayEntry, ...] = ()
