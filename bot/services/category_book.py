"""The categories as a workbook: their names, the days for an answer, the order of sectors."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.services import office_categories
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.office_books import OfficeBook, Rows
from bot.services.office_categories import LONGEST_NAME, MOST_DAYS, SECTORS, CategoryLine
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits, RawRow
from bot.services.sheet_cells import Column
from bot.services.stations import fingerprint
from bot.services.what_if import Differences

Lines = Mapping[str, CategoryLine]
COLUMNS = (
    Column("categories", "code", "代码", "text", True, "导出的表里的代码，不要改，每个只写一次"),
    Column("categories", "name", "什么事", "text", True, f"1 到 {LONGEST_NAME} 个字"),
    Column("categories", "days", "几天答复", "text", True, f"1 到 {MOST_DAYS} 的整数"),
    Column("categories", "sectors", "界别，从先到后", "text", True, longest=200,
           expected=f"机构表里的界别或党派，用顿号隔开，最多 {SECTORS} 个，不重复"),
)  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, str, int, str]]:
    """Those that cases are routed by. What only named staff see has no sectors, and no row."""
    lines = (each for each in office_categories.listed(deps) if each.sectors)
    return [(each.code, each.name, each.days, "、".join(each.sectors)) for each in lines]


def _read(deps: Deps, rows: Rows) -> dict[str, CategoryLine]:
    known = _all(deps)
    lines = {code: line for code, line in known.items() if line.sectors}
    names = {code: line.name for code, line in known.items()}
    sectors = office_categories.sectors(deps)
    given = dict[str, tuple[RawRow, Mapping[str, Any]]]()
    for row, values in rows.whole:
        code = values["code"]
        if code not in lines or code in given:
            rows.fault(row, "code", COLUMNS[0].expected)
            continue
        given[code] = row, values
        names[code] = values["name"]
    found = dict[str, CategoryLine]()
    for code, (row, asked) in given.items():
        made = _made(deps, rows, row, asked, lines[code], names=names, known=sectors)
        if made is not None and made != lines[code]:
            found[code] = made
    return found


def _all(deps: Deps) -> dict[str, CategoryLine]:
    return {each.code: each for each in office_categories.listed(deps)}


def _made(
    deps: Deps, rows: Rows, row: RawRow, values: Mapping[str, Any], line: CategoryLine, *,
    names: Mapping[str, str], known: frozenset[str],
) -> CategoryLine | None:  # fmt: skip
    """The line that a row asks for; None when something of it is wrong."""
    say = deps.texts.say
    sectors = tuple(filter(None, re.split(r"[、,，;；\s]+", values["sectors"])))
    right = True
    try:
        name = office_categories.checked_name(line.code, values["name"], names)
    except Refused as refusal:
        rows.fault(row, "name", say(refusal.key, **refusal.values))
        name, right = "", False
    try:
        days = office_categories.checked_days(values["days"])
    except Refused as refusal:
        rows.fault(row, "days", say(refusal.key, **refusal.values))
        days, right = 0, False
    if (
        set(sectors) - known - set(line.sectors)
        or len(set(sectors)) < len(sectors)
        or len(sectors) > SECTORS
    ):
        rows.fault(row, "sectors", COLUMNS[3].expected)
        right = False
    return replace(line, name=name, days=days, sectors=sectors) if right else None


def _told(deps: Deps, changes: Lines) -> list[tuple[str, ...]]:
    now = _all(deps)
    return [(_said(now[code]), _said(line)) for code, line in changes.items()]


def _said(line: CategoryLine) -> str:
    return f"{line.name} · {line.days} 天 · " + "、".join(line.sectors)


def _weigh(deps: Deps, visit: ConsoleVisit, changes: Lines) -> Differences | str:
    """Only other sectors send cases another way."""
    now = _all(deps)
    sign = fingerprint(_told(deps, changes))
    orders = {c: line.sectors for c, line in changes.items() if line.sectors != now[c].sectors}
    if not orders:
        return sign
    found = office_categories.what_would_change(deps, visit, orders)
    return replace(found, sure=fingerprint(sign, found.sure))


CATEGORIES = OfficeBook(
    "类别", Limits(MEGABYTE, 8 * MEGABYTE, 201), lambda _deps: COLUMNS, _rows, _read, _told, _weigh,
    office_categories.write, same="master.categories_same",
    changed="master.categories_changed", done="master.done_categories",
)  # fmt: skip
