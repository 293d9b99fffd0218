"""Rules of where cases go at the console: laid down, seen with what they would change, ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.office_rules import OfficeRule, Span
from bot.domain.stations import Station
from bot.models.organisation import RoutingRule
from bot.services import master_history, roster
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of, day_of
from bot.services.master_history import Author, Change
from bot.services.ports import Deps
from bot.services.roster_import import load_vocabulary
from bot.services.turn import Turn
from bot.services.what_if import LOOK_BACK, Differences, Ways, compare
from bot.store import events, organisation, routing_rules, worklists

MOST = 2000
"""Cases that are routed again, the newest."""
Fields = Mapping[str, str]
LARGEST = 2**31 - 1
"""No id is larger, and databases mind."""
_BETWEEN = " "
"""Between a district and its street in a form."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as people read it. `state`: on, ahead, over, or idle while its station takes
    nothing."""

    id: int
    category: str
    place: str
    station: str
    station_code: str
    first: date
    last: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form offers: categories by code, places, and stations that receive."""

    categories: Mapping[str, str]
    places: tuple[str, ...]
    stations: tuple[str, ...]
    named: Mapping[str, str]
    """Code of such a station → its name."""


def listed(deps: Deps) -> tuple[RuleLine, ...]:
    """All rules, those that are over last."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        found = [line_of(turn, row) for row in routing_rules.rows(session)]
    return tuple(sorted(found, key=lambda line: line.state == "over"))


def line_of(turn: Turn, row: RoutingRule) -> RuleLine:
    """One rule as people read it."""
    station = roster.directory_within(turn.deps, turn.session, turn.today).by_id.get(row.unit_id)
    return RuleLine(
        row.id, _category(turn, row), _place(turn, row),
        station.name if station else "", station.code if station else "",
        row.valid_from, row.valid_to, _state(row, station, turn.today),
    )  # fmt: skip


def _category(turn: Turn, row: RoutingRule | OfficeRule) -> str:
    if row.category is None:
        return turn.say("master.rule_any")
    info = turn.deps.understander().categories.get(row.category)
    return info.name if info else row.category


def _place(turn: Turn, row: RoutingRule | OfficeRule) -> str:
    named = _BETWEEN.join(filter(None, (row.district, row.street)))
    return named or turn.say("master.rule_everywhere")


def _state(row: RoutingRule, station: Station | None, today: date) -> str:
    if row.valid_to is not None and row.valid_to < max(today, row.valid_from):
        return "over"
    if row.valid_from > today:
        return "ahead"
    return "on" if station is not None and station.receives else "idle"


def choices(deps: Deps) -> Choices:
    """What may be chosen, which no matter for named people may."""
    with deps.database.read() as session:
        words = load_vocabulary(session)
    known = deps.understander().categories
    streets = sorted(_BETWEEN.join(pair) for pair in words.streets)
    named = {each.code: each.name for each in roster.directory(deps).stations if each.receives}
    return Choices(
        {code: info.name for code, info in known.items() if info.handling == "normal"},
        (*sorted(words.districts), *streets),
        tuple(sorted(named.values())),
        named,
    )  # fmt: skip


def look(deps: Deps, rule_id: int) -> tuple[RuleLine, tuple[Change, ...]]:
    """One rule and its past. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        history = master_history.of_rows(turn, {f"rules:{rule_id}"})
        return line_of(turn, _row(turn, rule_id)), history


def _row(turn: Turn, rule_id: int) -> RoutingRule:
    row = routing_rules.by_id(turn.session, rule_id) if rule_id <= LARGEST else None
    if row is None:
        raise NotFound("console.no_view")
    return row


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule as a form asks for it, checked."""

    rule: OfficeRule
    span: Span
    station: Station


Held = tuple[int, OfficeRule, Span]
"""A rule that there is, with its id and its days."""


def held(turn: Turn) -> list[Held]:
    """All of them."""
    rows = routing_rules.rows(turn.session)
    return [(r.id, routing_rules.as_rule(r), Span(r.valid_from, r.valid_to)) for r in rows]


def checked(turn: Turn, fields: Fields, beside: Iterable[Held], offered: Choices) -> Asked:
    """Raises Refused: about everything, an unknown choice, a matter for named people, a station
    that takes nothing, days that can't be, or a rule of `beside` about the same."""
    code, place = fields.get("category", ""), fields.get("place", "")
    if not code and not place:
        raise Refused("master.rule_all")
    if (code and code not in offered.categories) or (place and place not in offered.places):
        raise Refused("console.no_choice")
    district, _, street = place.partition(_BETWEEN)
    first = day_of(fields.get("first", ""), turn.today)
    last = day_of(fields["last"], first) if fields.get("last") else None
    if first < turn.today or (last is not None and last < first):
        raise Refused("master.rule_days")
    station = _station(turn, fields.get("station", ""))
    rule = OfficeRule(0, station.id, code or None, district or None, street or None)
    asked = Asked(rule, Span(first, last), station)
    _check_alone(turn, asked, beside)
    return asked


def _check_alone(turn: Turn, asked: Asked, beside: Iterable[Held]) -> None:
    for _, other, span in beside:
        if other.about == asked.rule.about and span.meets(asked.span):
            named = organisation.unit_name(turn.session, other.station_id) or ""
            raise Refused("master.rule_twice", station=named, since=span.first.isoformat())


def _station(turn: Turn, named: str) -> Station:
    network = roster.directory_within(turn.deps, turn.session, turn.today)
    found = next((each for each in network.stations if named in (each.code, each.name)), None)
    if found is None or not found.receives:
        raise Refused("master.rule_station")
    return found


def differences(
    turn: Turn, visit: ConsoleVisit, *, new: Sequence[OfficeRule] = (),
    over: Sequence[OfficeRule] = (), shown: object,
) -> Differences:  # fmt: skip
    """The last ninety days' cases that these rules may speak of, with those in force and as if the
    new ones held and those that are over did not."""
    seen = worklists.seen_by(visit.actor)
    found = {
        case.number: case
        for rule in (*new, *over)
        for case in routing_rules.cases(turn.session, rule, turn.now - LOOK_BACK, seen, MOST)
    }
    rows = sorted(found.values(), key=lambda case: case.number, reverse=True)[:MOST]
    network = roster.directory_within(turn.deps, turn.session, turn.today)
    after = replace(network, rules=(*(r for r in network.rules if r not in over), *new))
    understander = turn.deps.understander()
    ways = Ways(understander, network), Ways(understander, after)
    return compare(turn, rows, *ways, new, over, shown)


def add(
    deps: Deps, visit: ConsoleVisit, fields: Mapping[str, str], *, reason: str, sure: str
) -> str | Differences:
    """Lay a rule down, if just these differences were shown; else what would change. Raises
    Refused."""
    author, offered = author_of(visit, reason), choices(deps)
    with deps.database.read() as session:  # seconds of reading: not under the lock
        turn = Turn(deps, session, deps.clock.now())
        asked = checked(turn, fields, held(turn), offered)
        shown = differences(turn, visit, new=(asked.rule,), shown=asked.span)
    if sure != shown.sure:
        return shown
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        lay(turn, checked(turn, fields, (), offered), author)
    return deps.texts.say("master.done_rule", station=asked.station.name)


def lay(turn: Turn, asked: Asked, author: Author) -> None:
    """Keep a rule that was checked. Needs a write unit. Raises Refused when another one about the
    same was laid down meanwhile."""
    _check_alone(turn, asked, held(turn))
    span = asked.span
    kept = routing_rules.add(turn.session, asked.rule, span.first, span.last, turn.now)
    _note(turn, author, kept, "", said(turn, _row(turn, kept)))


def said(turn: Turn, row: RoutingRule) -> str:
    """The rule in words. Without a look at the network: of a write unit that fails nothing may be
    remembered."""
    return _words(turn, routing_rules.as_rule(row), Span(row.valid_from, row.valid_to))


def planned(turn: Turn, asked: Asked) -> str:
    """The same of one that is not kept yet."""
    return _words(turn, asked.rule, asked.span)


def _words(turn: Turn, rule: OfficeRule, span: Span) -> str:
    last = span.last.isoformat() if span.last else turn.say("master.rule_open")
    return turn.say(
        "master.rule_said", place=_place(turn, rule), category=_category(turn, rule),
        station=organisation.unit_name(turn.session, rule.station_id) or "",
        first=span.first.isoformat(), last=last,
    )  # fmt: skip


def _note(turn: Turn, author: Author, rule_id: int, was: str, now: str) -> None:
    """Every process looks at the network anew when its version has grown."""
    organisation.bump_roster_version(turn.session)
    events.record(
        turn.session, turn.now, "master_changed", by=author.by, reason=author.reason,
        about=f"rules:{rule_id}", fields={"rule": [was, now]},
    )  # fmt: skip


def end(
    deps: Deps, visit: ConsoleVisit, rule_id: int, last_day: str, *, reason: str, sure: str
) -> str | Differences:
    """End a rule with a day, yesterday when none is given; like `add`. Raises NotFound, Refused."""
    author = author_of(visit, reason)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        row, last = _ending(turn, rule_id, last_day)
        shown = differences(turn, visit, over=(routing_rules.as_rule(row),), shown=last)
    if sure != shown.sure:
        return shown
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        end_on(turn, *_ending(turn, rule_id, last_day), author)
    return deps.texts.say("master.done_rule_end", day=last.isoformat())


def _ending(turn: Turn, rule_id: int, last_day: str) -> tuple[RoutingRule, date]:
    row, yesterday = _row(turn, rule_id), turn.today - timedelta(days=1)
    last = day_of(last_day, yesterday)
    if last < yesterday:
        raise Refused("master.past_day")
    if row.valid_to is not None and row.valid_to <= last:
        raise Refused("master.rule_over", day=row.valid_to.isoformat())
    return row, last


def end_on(turn: Turn, row: RoutingRule, last: date, author: Author) -> None:
    """End a rule with a day. Needs a write unit."""
    was = said(turn, row)
    # One that has not begun ends before its first day: it never holds.
    row.valid_to = last
    turn.session.flush()
    _note(turn, author, row.id, was, said(turn, row))


def lines_of_station(turn: Turn, unit_id: int) -> tuple[RuleLine, ...]:
    """Rules that would end with a station."""
    rows = routing_rules.of_station(turn.session, unit_id, turn.today)
    return tuple(line_of(turn, row) for row in rows)


def end_of_station(turn: Turn, unit_id: int, last: date, author: Author) -> None:
    """End what sends cases to a station that ends itself. Needs a write unit."""
    for row in routing_rules.of_station(turn.session, unit_id, turn.today):
        if row.valid_to is None or row.valid_to > last:
            end_on(turn, row, last, author)
