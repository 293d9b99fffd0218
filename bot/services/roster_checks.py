"""What must hold between the rows of a roster, and between them and what is already there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.roster import Roster
from bot.services.roster_files import RawRow, WrongCell
from bot.services.roster_sheets import ROSTER, SECTOR_EXPECTED, SHEETS
from bot.services.sheet_rows import wrong_cell

_COLUMNS = {(column.sheet, column.field): column for column in ROSTER.columns}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that routing knows: a station elsewhere would never be found."""

    topics: Mapping[str, str]
    """Names of categories by code."""
    districts: frozenset[str]
    streets: frozenset[tuple[str, str]]
    """(district, street, town or area), full names."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row whose cells were read; fields of wrong cells are missing from `values`."""

    raw: RawRow
    values: dict[str, Any]

    def wrong(self, name: str, expected: str) -> WrongCell:
        """This field of this row is wrong."""
        return wrong_cell(ROSTER, self.raw, _COLUMNS[self.raw.sheet, name], expected)


@dataclass(slots=True)
class _Known:
    """Codes and names of file and database together."""

    units: dict[str, str] = field(default_factory=dict)
    """Code → kind of row it belongs to (units or stations)."""
    parents: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Name of a station → its code."""
    sectors: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)


def check(rows: list[Parsed], before: Roster, words: Vocabulary) -> Iterator[WrongCell]:
    """Everything wrong between rows. Fields that could not be read are passed over."""
    yield from _repeated(rows, before)
    known = _known(rows, before)
    for row in rows:
        if row.raw.sheet in _CHECKS:  # a day is about no other row
            yield from _CHECKS[row.raw.sheet](row, known, words)
        first, last = row.values.get("valid_from"), row.values.get("valid_to")
        if first and last and last < first:
            yield row.wrong("valid_to", "不早于起始日期的日期")


def _known(rows: list[Parsed], before: Roster) -> _Known:
    known = _Known()
    mine = {r.values.get("code") for r in rows if r.raw.sheet in ("units", "stations")}
    known.parents = {u.code: u.parent for u in before.units}
    known.parents |= {s.code: s.parent for s in before.stations}
    known.units = dict.fromkeys((u.code for u in before.units), "units")
    known.units |= dict.fromkeys((s.code for s in before.stations), "stations")
    known.names = {s.name: s.code for s in before.stations if s.code not in mine}
    known.sectors = {
        u.name for u in before.units if u.kind in ("sector", "party") and u.code not in mine
    }
    known.people = {p.code for p in before.people}
    known.members = {p.code for p in before.people if p.membership}
    for row in rows:
        _learn(known, row.raw.sheet, row.values)
    return known


def _learn(known: _Known, sheet: str, values: dict[str, Any]) -> None:
    code = values.get("code")
    if code is None:
        return
    if sheet == "people":
        known.people.add(code)
        if values.get("membership", "unread"):
            known.members.add(code)
        else:
            known.members.discard(code)
        return
    known.units.setdefault(code, sheet)
    known.parents[code] = values.get("parent")
    # A kind that could not be read may be the right one: its members are not blamed as well.
    if sheet == "units" and values.get("kind", "sector") in ("sector", "party"):
        known.sectors.add(values.get("name", ""))


def _repeated(rows: list[Parsed], before: Roster) -> Iterator[WrongCell]:
    """The same thing twice: a code, a post, or a station's name."""
    taken = {s.name: s.code for s in before.stations}
    renamed = {r.values.get("code") for r in rows if r.raw.sheet == "stations"}
    first: dict[tuple[str, ...], Parsed] = {
        ("name", name): _PLACEHOLDER for name, code in taken.items() if code not in renamed
    }
    for row in rows:
        for name, key in _keys(row):
            earlier = first.setdefault(key, row)
            if earlier is _PLACEHOLDER:
                yield row.wrong(name, "另一个名称：系统里已有同名的工作站")
            elif earlier is not row:
                where = f"{SHEETS[earlier.raw.sheet]}第 {earlier.raw.number} 行"
                yield row.wrong(name, f"不重复的内容：与{where}相同")


_PLACEHOLDER = Parsed(RawRow("", "stations", 0, {}, {}), {})


def _keys(row: Parsed) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(field to blame, key that must be unique)."""
    values, sheet = row.values, row.raw.sheet
    if sheet == "days":
        if values.get("day"):
            yield "day", ("day", str(values["day"]))
        return
    if sheet == "posts":
        if all(values.get(name) for name in ("person", "unit", "role")):
            yield "role", ("post", values["person"], values["unit"], values["role"])
        return
    if sheet == "pairings":
        if values.get("station") and values.get("partner"):
            yield "partner", ("pairing", values["station"], values["partner"])
        return
    if values.get("code"):
        yield "code", ("people" if sheet == "people" else "unit", values["code"])
    if sheet == "stations" and values.get("name"):
        yield "name", ("name", values["name"])


def _check_unit(row: Parsed, known: _Known, _words: Vocabulary) -> Iterator[WrongCell]:
    yield from _check_place_in_tree(row, known)


def _check_place_in_tree(row: Parsed, known: _Known) -> Iterator[WrongCell]:
    code, parent, sheet = row.values.get("code"), row.values.get("parent"), row.raw.sheet
    if code and known.units.get(code) != sheet:
        yield row.wrong("code", f"另一个代码：它已经是{SHEETS[known.units[code]]}表里的一行")
    if not parent:
        return
    if parent not in known.units:
        yield row.wrong("parent", "已有的机构代码：文件和系统里都没有它")
        return
    passed: set[str] = set()
    while parent and parent != code and parent not in passed:
        passed.add(parent)
        parent = known.parents.get(parent)
    if parent == code:  # a circle further up is the fault of the rows that are part of it
        yield row.wrong("parent", "不绕回自己的上级：现在上下级成了一个圈")


def _check_station(row: Parsed, known: _Known, words: Vocabulary) -> Iterator[WrongCell]:
    yield from _check_place_in_tree(row, known)
    values, mode = row.values, row.values.get("mode")
    for name in _NEEDED.get(mode or "", ()):
        if name in values and not values[name]:
            yield row.wrong(name, "必填：这种模式的工作站需要它")
    district, street = values.get("district"), values.get("street")
    if district and district not in words.districts:
        yield row.wrong("district", "旗县区全称：" + "、".join(sorted(words.districts)))
    elif street and (district, street) not in words.streets:
        yield row.wrong("street", f"{district or '所填旗县区'}的街道、乡镇或功能区全称")
    yield from _check_sector(row, known)


_NEEDED = {
    "street": ("district", "street"),
    "district": ("district",),
    "sector": ("sector",),
    "party": ("sector",),
}
"""What a station of each mode can't be found without."""


def _check_sector(row: Parsed, known: _Known) -> Iterator[WrongCell]:
    sector = row.values.get("sector")
    if sector and sector not in known.sectors:
        yield row.wrong("sector", SECTOR_EXPECTED)


def _check_person(row: Parsed, known: _Known, _words: Vocabulary) -> Iterator[WrongCell]:
    yield from _check_sector(row, known)
    contact = row.values.get("contact")
    if contact and (contact not in known.members or contact == row.values.get("code")):
        yield row.wrong("contact", "一位委员的人员编号（委员身份不为空，也不是本人）")


def _check_post(row: Parsed, known: _Known, _words: Vocabulary) -> Iterator[WrongCell]:
    person, unit = row.values.get("person"), row.values.get("unit")
    if person and person not in known.people:
        yield row.wrong("person", "已有的人员编号：文件和系统里都没有它")
    if unit and unit not in known.units:
        yield row.wrong("unit", "已有的机构或工作站代码：文件和系统里都没有它")


def _check_pairing(row: Parsed, known: _Known, _words: Vocabulary) -> Iterator[WrongCell]:
    station, partner = row.values.get("station"), row.values.get("partner")
    if station and known.units.get(station) != "stations":
        yield row.wrong("station", "已有的工作站代码：文件和系统里都没有它")
    if partner and partner not in known.units:
        yield row.wrong("partner", "已有的机构或工作站代码：文件和系统里都没有它")
    elif partner and partner == station:
        yield row.wrong("partner", "另一个单位：工作站不和自己联建")


_CHECKS = {
    "units": _check_unit,
    "stations": _check_station,
    "people": _check_person,
    "posts": _check_post,
    "pairings": _check_pairing,
}


def in_order(cells: Iterable[WrongCell]) -> tuple[WrongCell, ...]:
    """By file and sheet as they came, then by row; each wrong cell once."""
    unique: dict[tuple[str, str, int, str], WrongCell] = {}
    for cell in cells:
        unique.setdefault((cell.file, cell.sheet, cell.row, cell.column), cell)
    names = list(SHEETS.values())
    order = {name: number for number, name in enumerate(names)}
    return tuple(sorted(unique.values(), key=lambda c: (c.file, order.get(c.sheet, -1), c.row)))
