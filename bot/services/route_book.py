"""The office's rules of where cases go as a workbook. A row that says what a rule says, but for an
earlier last day, ends it; any other row lays a new one down; what is not in the file stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.office_rules import Span
from bot.services import office_rules
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_history import Author
from bot.services.office_books import OfficeBook, Rows
from bot.services.office_rules import Asked, Choices, Held, RuleLine
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits
from bot.services.roster_sheets import DATE_EXPECTED
from bot.services.sheet_cells import Column
from bot.services.turn import Turn
from bot.services.what_if import Differences
from bot.store import routing_rules

_OF = {"master.rule_station": "station", "master.rule_days": "first", "console.no_choice": "place"}
"""Refusals by the cell that they are about."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file would do. `over`: rules that would end, by id, with their last days."""

    new: tuple[Asked, ...]
    over: Mapping[int, date]

    def __len__(self) -> int:
        return len(self.new) + len(self.over)


def _columns(deps: Deps) -> tuple[Column, ...]:
    kinds = {"": deps.texts.say("master.rule_any"), **office_rules.choices(deps).categories}
    everywhere = deps.texts.say("master.rule_everywhere")
    return (
        Column("routes", "category", "什么事", "choice", True, choices=kinds,
               expected="下列之一：" + "、".join(kinds.values())),
        Column("routes", "place", "哪里的", "text", True, longest=60,
               expected=f"旗县区的全名，或者旗县区、空格和街道的全名；或者{everywhere}"),
        Column("routes", "station", "归哪里", "text", True, longest=120,
               expected="一个现在收件的工作站的全名或代码"),
        Column("routes", "first", "从", "date", False, expected=DATE_EXPECTED + "；空着是今天"),
        Column("routes", "last", "到", "date", False, expected=DATE_EXPECTED + "；空着是一直有效"),
    )  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, ...]]:
    """Those that are not over."""
    lines = (line for line in office_rules.listed(deps) if line.state != "over")
    return [
        (line.category, line.place, line.station, str(line.first), str(line.last or ""))
        for line in lines
    ]


def _read(deps: Deps, rows: Rows) -> Changes:
    lines = {_key(line): line for line in office_rules.listed(deps) if line.state != "over"}
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        return _changes(turn, rows, lines)


def _key(line: RuleLine) -> tuple[str, str, str, date]:
    return line.category, line.place, line.station, line.first


def _changes(
    turn: Turn, rows: Rows, lines: Mapping[tuple[str, str, str, date], RuleLine]
) -> Changes:
    offered = office_rules.choices(turn.deps)
    over, fresh = dict[int, date](), list[tuple[int, Mapping[str, str]]]()
    seen = set[object]()
    for at, (row, values) in enumerate(rows.whole):
        first, last = values["first"] or turn.today, values["last"]
        named = offered.categories.get(values["category"]) or turn.say("master.rule_any")
        station = offered.named.get(values["station"], values["station"])
        key = named, values["place"], station, first
        if key in seen:
            rows.fault(row, "place", turn.say("master.rule_same_row"))
        elif (line := lines.get(key)) is None:
            fresh.append((at, _fields(turn, values, station)))
        elif last != line.last:
            if line.last is not None and (last is None or last > line.last):
                rows.fault(row, "last", turn.say("master.rule_longer", day=str(line.last)))
            elif last is None or last < turn.today - timedelta(days=1):
                rows.fault(row, "last", turn.say("master.past_day"))
            else:
                over[line.id] = last
        seen.add(key)
    return Changes(_new(turn, rows, offered, fresh, over), over)


def _fields(turn: Turn, values: Mapping[str, object], station: str) -> Mapping[str, str]:
    """A row as the form has it."""
    place = str(values["place"])
    days = {name: str(values[name] or "") for name in ("first", "last")}
    return {
        "category": str(values["category"]), "station": station, **days,
        "place": "" if place == turn.say("master.rule_everywhere") else place,
    }  # fmt: skip


def _new(
    turn: Turn, rows: Rows, offered: Choices, fresh: list[tuple[int, Mapping[str, str]]],
    over: Mapping[int, date],
) -> tuple[Asked, ...]:  # fmt: skip
    """The new ones, each beside those that stay and the others of the file."""
    beside: list[Held] = [
        (known, rule, Span(span.first, over.get(known, span.last)))
        for known, rule, span in office_rules.held(turn)
    ]
    found = []
    for at, fields in fresh:
        try:
            asked = office_rules.checked(turn, fields, beside, offered)
        except Refused as refusal:
            told = turn.say(refusal.key, **refusal.values)
            rows.fault(rows.whole[at][0], _OF.get(refusal.key, "place"), told)
            continue
        found.append(asked)
        beside.append((0, asked.rule, asked.span))
    return tuple(found)


def _told(deps: Deps, changes: Changes) -> list[tuple[str, ...]]:
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        told: list[tuple[str, ...]] = [
            (turn.say("master.rule_open_new"), office_rules.planned(turn, asked))
            for asked in changes.new
        ]
        for known, last in changes.over.items():
            if (row := routing_rules.by_id(session, known)) is not None:
                told.append(
                    (office_rules.said(turn, row), turn.say("master.rule_ends", day=str(last)))
                )
    return told


def _weigh(deps: Deps, visit: ConsoleVisit, changes: Changes) -> Differences:
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        rules = {known: rule for known, rule, _ in office_rules.held(turn)}
        over = tuple(rules[known] for known in changes.over)
        new = tuple(replace(asked.rule, id=-n) for n, asked in enumerate(changes.new, 1))
        spans = [asked.span for asked in changes.new]
        return office_rules.differences(
            turn, visit, new=new, over=over, shown=(spans, sorted(changes.over.items()))
        )


def _write(deps: Deps, changes: Changes, author: Author) -> None:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        for known, last in changes.over.items():
            if (row := routing_rules.by_id(session, known)) is not None:
                office_rules.end_on(turn, row, last, author)
        for asked in changes.new:
            office_rules.lay(turn, asked, author)


ROUTES = OfficeBook(
    "指定派单", Limits(MEGABYTE, 8 * MEGABYTE, 501), _columns, _rows, _read, _told, _weigh,
    _write, same="master.routes_same", changed="master.routes_changed",
    done="master.done_routes",
)  # fmt: skip
