"""What the network is measured by: each figure's name, and which events count for it.

A figure counts what happened, by the Beijing day on which it happened; the cases behind it are the
cases of those events. Only events and what is known of the case decide, so that a figure can be
made again at any time and comes out the same.

Restricted cases are in no figure (see bot.store.figures): a difference of two totals would show
that there is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.domain.deadlines import BEIJING


class Figure(StrEnum):
    """What is counted; the comment says when, where the name alone does not."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    """A case reached a station for the first time."""
    ROUTED = "routed"
    """…and no person had to send it."""
    CORRECTED = "corrected"
    """A person put the machine's choice right, once a case: another category, place or urgency,
    or another station than the one it had chosen."""
    HANDED = "handed"
    """A person of the office sent on or answered what waited for one."""
    HANDED_LATE = "handed_late"
    """…after the time that the resident was told (the triage clock) had passed."""
    ACCEPTED = "accepted"
    ACCEPTED_IN_TIME = "accepted_in_time"
    RETURNED = "returned"
    """Each time a station sent one back."""
    ANSWERED = "answered"
    """Each answer, also after a reopening."""
    ANSWERED_TIMED = "answered_timed"
    """…under an answer clock: what the office answers itself has none."""
    ANSWERED_IN_TIME = "answered_in_time"
    TRANSFERRED = "transferred"
    """Answered by handing it on to somebody outside, 12345 among them."""
    SOLVED = "solved"
    """The resident said so, as the next two."""
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    SAID = "said"
    """The resident said anything at all to 解决了吗."""
    SATISFIED = "satisfied"
    RATED = "rated"
    """The resident said anything at all to 满意吗."""
    OFFERED = "offered"
    """An answer from the list of common questions went out."""
    HELPED = "helped"
    """The resident said that it was enough."""
    REOPENED = "reopened"
    """An answer was not the end: back to a station, or to the office."""


NAMES: Mapping[Figure, str] = MappingProxyType(
    {
        Figure.RECEIVED: "收到",
        Figure.DISPATCHED: "派到工作站",
        Figure.ROUTED: "机器直接派的",
        Figure.CORRECTED: "人改过的",
        Figure.HANDED: "办公室经手",
        Figure.HANDED_LATE: "办公室办晚了",
        Figure.ACCEPTED: "接单",
        Figure.ACCEPTED_IN_TIME: "按时接单",
        Figure.RETURNED: "退单",
        Figure.ANSWERED: "答复",
        Figure.ANSWERED_TIMED: "有时限的答复",
        Figure.ANSWERED_IN_TIME: "按时答复",
        Figure.TRANSFERRED: "转办",
        Figure.SOLVED: "居民说解决了",
        Figure.PARTLY: "居民说部分解决",
        Figure.NOT_SOLVED: "居民说没解决",
        Figure.SAID: "居民回话",
        Figure.SATISFIED: "居民说满意",
        Figure.RATED: "居民评价",
        Figure.OFFERED: "按常见问题答了",
        Figure.HELPED: "答了就解决的",
        Figure.REOPENED: "重新打开",
    }
)

OF: Mapping[Figure, Figure] = MappingProxyType(
    {
        Figure.ROUTED: Figure.DISPATCHED,
        Figure.CORRECTED: Figure.RECEIVED,
        Figure.HANDED_LATE: Figure.HANDED,
        Figure.ACCEPTED_IN_TIME: Figure.ACCEPTED,
        Figure.ANSWERED_IN_TIME: Figure.ANSWERED_TIMED,
        Figure.TRANSFERRED: Figure.ANSWERED,
        Figure.SOLVED: Figure.SAID,
        Figure.PARTLY: Figure.SAID,
        Figure.NOT_SOLVED: Figure.SAID,
        Figure.SATISFIED: Figure.RATED,
        Figure.HELPED: Figure.OFFERED,
    }
)
"""Figure → of which it is a share."""

LEAST = 10
"""Below so many a share is not claimed: one case more or less would turn it over."""


def percent(number: int, of: int) -> str:
    """The share as it is said; empty where none is claimed. Only nothing is 0 %, only all 100 %."""
    if of < LEAST:
        return ""
    share = 100 * number / of
    if 0 < share < 1:
        return "不到 1%"
    return "99% 以上" if 99 < share < 100 else f"{share:.0f}%"


class Dimension(StrEnum):
    """By what figures are told apart. Mode and sector are those of the station that had the case
    at that moment, as the station was then; the rest is the case's own."""

    TOTAL = "total"
    MODE = "mode"
    SECTOR = "sector"
    DISTRICT = "district"
    STREET = "street"
    CATEGORY = "category"
    HEAT = "heat"
    """Category and street together, of what was received."""


OF_STATION = frozenset({Dimension.MODE, Dimension.SECTOR})
"""Counted only where a station had the case."""
SEPARATOR = "|"
"""Between category and street."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a case, as figures read it. `person`: somebody of the network or the office did
    it, not the resident and not the machine."""

    id: int
    kind: str
    at: datetime
    person: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of a case apart from its events; empty where it is not known."""

    category: str
    district: str
    street: str


@dataclass(frozen=True, slots=True)
class Fact:
    """An event that counts for a figure. `station`: mode and sector of who had it; None before a
    station had it."""

    figure: Figure
    event_id: int
    at: datetime
    station: tuple[str, str] | None

    @property
    def day(self) -> date:
        """The Beijing day."""
        return self.at.astimezone(BEIJING).date()


KINDS: Mapping[Figure, tuple[str, ...]] = MappingProxyType(
    {
        Figure.RECEIVED: ("registered",),
        Figure.DISPATCHED: ("dispatched", "reopened"),
        Figure.ROUTED: ("dispatched", "reopened"),
        Figure.CORRECTED: ("corrected", "dispatched", "rerouted", "reopened"),
        Figure.HANDED: ("dispatched", "reopened", "answered"),
        Figure.HANDED_LATE: ("dispatched", "reopened", "answered"),
        Figure.ACCEPTED: ("accepted",),
        Figure.ACCEPTED_IN_TIME: ("accepted",),
        Figure.RETURNED: ("returned",),
        Figure.ANSWERED: ("answered",),
        Figure.ANSWERED_TIMED: ("answered",),
        Figure.ANSWERED_IN_TIME: ("answered",),
        Figure.TRANSFERRED: ("answered",),
        Figure.SOLVED: ("solved",),
        Figure.PARTLY: ("solved",),
        Figure.NOT_SOLVED: ("solved",),
        Figure.SAID: ("solved",),
        Figure.SATISFIED: ("satisfied",),
        Figure.RATED: ("satisfied",),
        Figure.OFFERED: ("offered",),
        Figure.HELPED: ("offer_over",),
        Figure.REOPENED: ("reopened", "queued"),
    }
)
"""Figure → kinds of the events that may count for it."""

COUNTED = frozenset(kind for kinds in KINDS.values() for kind in kinds)
"""Kinds of which at least one figure counts some."""
READ = COUNTED | {"rung", "closed"}
"""Kinds that a story needs; the rest says nothing here."""

CHANGING = frozenset(
    {"understood", "corrected", "queued", "erased", "lowered", "split", "written_down"}
)
"""Events with which a case's category, place or handling may change, and so the figures of days
that are over."""


Cell = tuple[Dimension, str]
"""A dimension and what of it."""


def cells(fact: Fact, matter: Matter) -> Iterator[Cell]:
    """Where a fact is counted: under each of these once."""
    yield Dimension.TOTAL, ""
    yield Dimension.CATEGORY, matter.category
    yield Dimension.DISTRICT, matter.district
    yield Dimension.STREET, matter.street
    if fact.station is not None:
        mode, sector = fact.station
        yield Dimension.MODE, mode
        if sector:
            yield Dimension.SECTOR, sector
    if fact.figure is Figure.RECEIVED and matter.category and matter.street:
        yield Dimension.HEAT, f"{matter.category}{SEPARATOR}{matter.street}"
