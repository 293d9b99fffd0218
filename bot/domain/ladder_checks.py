"""Whether ladders that the office wrote can work, before they are kept.

A ladder is refused whole: each fault names the rung (counted from 1, 0: the ladder itself) and why,
as a short name whose sentence is `ladder.<why>` in bot/data/texts.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.domain.clocks import DEFAULT_SPANS, ClockKind, due_time
from bot.domain.deadlines import BEIJING, Span, WorkCalendar
from bot.domain.ladders import LADDERS, SHORT_ACCEPT, rung_moment
from bot.domain.notices import NOTICES
from bot.domain.rungs import ENDINGS, Basis, Rung, RungError

_OFFICE = frozenset({"staff", "leader"})
_STATION = frozenset(
    {"holder", "owner", "first_convener", "second_convener", "station_head", "member"}
)
_CASE_AT_STATION = _STATION | _OFFICE | {"district_convener"}

AUDIENCES_OF: Mapping[ClockKind, frozenset[str]] = MappingProxyType(
    {
        ClockKind.SETTLE: frozenset({"system"}),
        ClockKind.TRIAGE: _OFFICE | {"resident"},
        ClockKind.ACCEPT: _CASE_AT_STATION,
        ClockKind.ANSWER: _CASE_AT_STATION,
        ClockKind.FEEDBACK: frozenset({"resident", "system"}),
        ClockKind.EMERGENCY: _OFFICE | {"duty"},
        ClockKind.QUESTION: frozenset({"system"}),
        ClockKind.OFFER: frozenset({"system"}),
        ClockKind.HOLD: frozenset({"system"}),
        ClockKind.ASSIST: frozenset({"holder", "owner"}),
        ClockKind.PROGRESS: _CASE_AT_STATION,
        ClockKind.SUPERVISION: _CASE_AT_STATION | {"supervisor"},
    }
)
"""Who can be there to be told while a clock of this kind runs: nobody holds a case that is still to
be routed, and an emergency is never a member's."""

CO_OWNERS = frozenset({"first_convener", "second_convener", "station_head", "member"})
"""Who can become a co-owner: people of the station that has the case."""

LONGEST: Mapping[ClockKind, Span] = MappingProxyType(
    {**DEFAULT_SPANS, ClockKind.ANSWER: Span(15, "d"), ClockKind.HOLD: Span(366, "d")}
)
"""The longest clock of a kind; a rung that even this one can't hold is never reached."""

MOST_RUNGS = 60
_SAMPLE = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
"""A Monday with ordinary weeks after it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a ladder is refused. `values` fill the sentence."""

    ladder: str
    number: int
    why: str
    values: Mapping[str, str] = field(default_factory=dict)


def clock_kind(name: str) -> ClockKind:
    """The clock that climbs the ladder of this name."""
    return ClockKind.ACCEPT if name == SHORT_ACCEPT else ClockKind(name)


def notices_of(kind: ClockKind) -> frozenset[str]:
    """What the rungs of such a clock may tell: the words of other notices would not be true."""
    names = {kind.value} | ({SHORT_ACCEPT} if kind is ClockKind.ACCEPT else set())
    return frozenset(r.notice for name in names for r in LADDERS[name] if r.notice)


def endings_of(kind: ClockKind) -> frozenset[str]:
    """The effects that may end such a clock; when there are any, one must."""
    return frozenset(r.effect for r in LADDERS[kind.value] if r.effect in ENDINGS)


def read_ladders(
    data: Mapping[str, Any],
) -> tuple[dict[str, tuple[Rung, ...]], list[Fault]]:
    """The ladders of a file, {name: [{after, audience, notice, effect}]}, and all their faults."""
    found: dict[str, tuple[Rung, ...]] = {}
    faults = [] if data else [Fault("", 0, "no_ladder")]
    for name, rows in data.items():
        if name not in LADDERS:
            known = "、".join(LADDERS)
            faults.append(Fault(name, 0, "unknown_ladder", {"known": known}))
        elif not isinstance(rows, list) or not rows or len(rows) > MOST_RUNGS:
            faults.append(Fault(name, 0, "empty", {"most": str(MOST_RUNGS)}))
        else:
            rungs, wrong = _read(name, rows)
            faults += wrong or _faults(name, rungs)
            found[name] = rungs
    return found, faults


def _read(name: str, rows: list[Any]) -> tuple[tuple[Rung, ...], list[Fault]]:
    rungs: list[Rung] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=1):
        data: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
        extra = "、".join(str(key) for key in data.keys() - _FIELDS)
        shown = {key: str(data.get(key, "")) for key in _FIELDS}
        if extra:
            faults.append(Fault(name, number, "extra", {"extra": extra}))
            continue
        try:
            rungs.append(Rung.from_json({**data, "effect": data.get("effect") or None}))
        except RungError as error:
            faults.append(Fault(name, number, error.why, shown))
        except ValueError:
            faults.append(Fault(name, number, "no_time", shown))
    return tuple(rungs), faults


_FIELDS = frozenset({"after", "audience", "notice", "effect"})


def _faults(name: str, rungs: tuple[Rung, ...]) -> list[Fault]:
    kind = clock_kind(name)
    faults = [
        Fault(name, number, why, values)
        for number, each in enumerate(rungs, start=1)
        for why, values in _rung_faults(kind, each)
    ]
    return faults + _order_faults(name, kind, rungs) + _ending_faults(name, kind, rungs)


def _rung_faults(kind: ClockKind, each: Rung) -> list[tuple[str, dict[str, str]]]:
    faults = []
    if each.audience not in AUDIENCES_OF[kind]:
        known = "、".join(sorted(AUDIENCES_OF[kind]))
        faults.append(("nobody_here", {"audience": each.audience, "known": known}))
    if each.notice and each.notice not in notices_of(kind):
        why = "wrong_notice" if each.notice in NOTICES else "unknown_notice"
        known = "、".join(sorted(notices_of(kind))) or "（没有）"
        faults.append((why, {"notice": each.notice, "known": known}))
    elif each.notice and _wrong_reader(kind, each):
        faults.append(("wrong_reader", {"notice": each.notice, "audience": each.audience}))
    if each.effect == "supervise" and each.audience != "leader":
        faults.append(("not_a_leader", {"audience": each.audience}))
    if each.effect == "co_owner" and each.audience not in CO_OWNERS:
        known = "、".join(sorted(CO_OWNERS))
        faults.append(("no_co_owner", {"audience": each.audience, "known": known}))
    if each.notice and each.audience == "system":
        faults.append(("told_nobody", {"notice": each.notice}))
    if each.effect in ENDINGS and each.effect not in endings_of(kind):
        known = "、".join(sorted(endings_of(kind))) or "（没有）"
        faults.append(("wrong_effect", {"effect": str(each.effect), "known": known}))
    return faults


def _wrong_reader(kind: ClockKind, each: Rung) -> bool:
    """What is written for residents goes to nobody else, and the reverse."""
    may = each.audience in AUDIENCES_OF[kind] - {"system"}
    return may and (NOTICES[each.notice].audience == "resident") != (each.audience == "resident")


def _order_faults(name: str, kind: ClockKind, rungs: tuple[Rung, ...]) -> list[Fault]:
    """Rungs that would have to wait for one above them, or lie before the clock can begin."""
    cal = WorkCalendar()
    span = LONGEST[kind]
    due = due_time(kind, cal, _SAMPLE, span=span)
    times = [rung_moment(each.after, kind, cal, _SAMPLE, due) for each in rungs]
    faults = []
    for number in range(2, len(rungs) + 1):
        earlier, later = rungs[number - 2], rungs[number - 1]
        shown = {"later": str(later.after), "earlier": str(earlier.after)}
        late = times[number - 1] < times[number - 2] and kind is not ClockKind.HOLD
        if earlier.effect in ENDINGS:
            faults.append(Fault(name, number, "after_ending", {"effect": str(earlier.effect)}))
        elif late or earlier.after.contradicts(later.after):
            faults.append(Fault(name, number, "order", shown))
        elif later in rungs[: number - 1]:
            faults.append(Fault(name, number, "twice", shown))
    for number, each in enumerate(rungs, start=1):
        back = each.after.span if each.after.basis is Basis.BEFORE_DUE else None
        if back is not None and rung_moment(each.after, kind, cal, _SAMPLE, due) <= _SAMPLE:
            faults.append(Fault(name, number, "too_early", {"span": str(back), "most": str(span)}))
    return faults


_CLIMBS = {ClockKind.ACCEPT: {"holder"}, ClockKind.EMERGENCY: {"duty"}}
"""Ladders that must reach somebody besides those who are silent already."""


def _ending_faults(name: str, kind: ClockKind, rungs: tuple[Rung, ...]) -> list[Fault]:
    """What must end by itself would stand still for ever without its last rung."""
    if kind in _CLIMBS and {each.audience for each in rungs} <= _CLIMBS[kind]:
        return [Fault(name, 0, "nobody_above", {})]
    wanted = endings_of(kind)
    if not wanted or rungs[-1].effect in wanted:
        return []
    return [Fault(name, 0, "no_ending", {"effect": "、".join(sorted(wanted))})]
