"""The overview of the console: what the whole network did in some days, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.deadlines import BEIJING
from bot.domain.figures import SEPARATOR, Dimension, Figure
from bot.domain.hot import RESIDENTS, Hot, window
from bot.domain.lateness import Lateness
from bot.domain.periods import Period, steps
from bot.domain.roster import MODES
from bot.domain.showing import say_length
from bot.services.figures import Figures, Number, of_period
from bot.services.ports import Deps
from bot.services.promises import Promise, promises
from bot.store import hot

TILES = (
    Figure.RECEIVED, Figure.DISPATCHED, Figure.ROUTED, Figure.CORRECTED, Figure.HANDED_LATE,
    Figure.ACCEPTED, Figure.ACCEPTED_IN_TIME, Figure.ANSWERED, Figure.ANSWERED_IN_TIME,
    Figure.SOLVED, Figure.PARTLY, Figure.NOT_SOLVED, Figure.SATISFIED, Figure.REOPENED,
    Figure.RETURNED, Figure.TRANSFERRED, Figure.OFFERED, Figure.HELPED,
)  # fmt: skip
"""What stands on top, in this order."""
TREND = (Figure.RECEIVED, Figure.ANSWERED, Figure.SOLVED, Figure.REOPENED)
_OF_PLACE = (
    Figure.RECEIVED, Figure.ANSWERED, Figure.ANSWERED_IN_TIME, Figure.SOLVED, Figure.SATISFIED,
    Figure.REOPENED,
)  # fmt: skip
_OF_STATIONS = (
    Figure.DISPATCHED, Figure.ACCEPTED_IN_TIME, Figure.ANSWERED_IN_TIME, Figure.SOLVED,
    Figure.RETURNED, Figure.REOPENED,
)  # fmt: skip
TABLES: Mapping[Dimension, tuple[str, tuple[Figure, ...]]] = {
    Dimension.CATEGORY: ("类别", _OF_PLACE),
    Dimension.DISTRICT: ("旗县区", _OF_PLACE),
    Dimension.STREET: ("街道", _OF_PLACE),
    Dimension.MODE: ("工作站模式", _OF_STATIONS),
    Dimension.SECTOR: ("界别", _OF_STATIONS),
}
"""Dimension → heading and columns. The first column orders the rows."""
UNKNOWN: Mapping[Dimension, str] = {
    Dimension.CATEGORY: "看不出是什么事",
    Dimension.DISTRICT: "没听出地方",
    Dimension.STREET: "没听出地方",
    Dimension.MODE: "模式不详",
}
HEAT_ROWS, HEAT_COLUMNS = 10, 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `key` of its dimension, and a number for each column."""

    key: str
    label: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One dimension."""

    dimension: Dimension
    heading: str
    columns: tuple[Figure, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the trend."""

    label: str
    period: Period
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Categories × streets of what was received: the streets' keys, and a row a category."""

    streets: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[int, ...]], ...]
    """Key, label, numbers."""


@dataclass(frozen=True, slots=True)
class HotLine:
    """A hot matter in words; `key` of the dimension HEAT."""

    hot: Hot
    label: str
    key: str
    period: Period


@dataclass(frozen=True, slots=True)
class Kept:
    """One window of the promises, in words: how late, and how many were lost or came twice."""

    window: str
    rungs: tuple[str, ...]
    reminders: tuple[str, ...]
    lost: int
    doubled: int
    in_doubt: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the page."""

    period: Period
    tiles: tuple[Number, ...]
    trend: tuple[Point, ...]
    tables: tuple[Table, ...]
    heat: Heat
    hot: tuple[HotLine, ...]
    promises: tuple[Kept, ...]


def overview(deps: Deps, period: Period) -> Overview:
    """Count what is shown."""
    with deps.database.read() as session:
        found = of_period(session, period)
        today = deps.clock.now().astimezone(BEIJING).date()
        matters = hot.hot(session, window(today), RESIDENTS)
        lines = tuple(
            HotLine(each, label(deps, Dimension.HEAT, key), key, window(today))
            for each in matters
            if (key := f"{each.category}{SEPARATOR}{each.street}")
        )
    return Overview(
        period, tuple(found.number(figure) for figure in TILES), tuple(_trend(found)),
        tables(deps, found), _heat(deps, found), lines,
        tuple(_kept(each) for each in promises(deps)),
    )  # fmt: skip


def tables(deps: Deps, found: Figures) -> tuple[Table, ...]:
    """A table a dimension; rows only of what happened at all."""
    return tuple(
        Table(dimension, heading, columns, tuple(_rows(deps, found, dimension, columns)))
        for dimension, (heading, columns) in TABLES.items()
    )


def _rows(
    deps: Deps, found: Figures, dimension: Dimension, columns: tuple[Figure, ...]
) -> Iterator[Row]:
    for key in found.keys(dimension, *columns):
        numbers = tuple(found.number(figure, (dimension, key)) for figure in columns)
        yield Row(key, label(deps, dimension, key), numbers)


def label(deps: Deps, dimension: Dimension, key: str) -> str:
    """What people call it."""
    if not key:
        return UNKNOWN.get(dimension, "不详")
    if dimension is Dimension.HEAT:
        category, _, street = key.partition(SEPARATOR)
        return f"{street} {label(deps, Dimension.CATEGORY, category)}"
    if dimension is Dimension.MODE:
        return MODES.get(key, key)
    known = deps.understander().categories
    return known[key].name if dimension is Dimension.CATEGORY and key in known else key


def _trend(found: Figures) -> Iterator[Point]:
    for name, part in steps(found.period):
        yield Point(name, part, tuple(found.over(part, figure) for figure in TREND))


def _heat(deps: Deps, found: Figures) -> Heat:
    """What is most of each; the rest stands in the tables."""
    streets = [key for key in found.keys(Dimension.STREET, Figure.RECEIVED) if key][:HEAT_COLUMNS]
    codes = [key for key in found.keys(Dimension.CATEGORY, Figure.RECEIVED) if key][:HEAT_ROWS]
    rows = []
    for code in codes:
        cells = ((Dimension.HEAT, f"{code}{SEPARATOR}{street}") for street in streets)
        numbers = tuple(found.number(Figure.RECEIVED, cell).number for cell in cells)
        rows.append((code, label(deps, Dimension.CATEGORY, code), numbers))
    return Heat(tuple(streets), tuple(row for row in rows if any(row[2])))


_WINDOWS: Mapping[str, str] = {"24h": "24 小时内", "7d": "7 天内", "since": "有记录以来"}


def _kept(promise: Promise) -> Kept:
    return Kept(
        _WINDOWS[promise.window], _late(promise.rungs), _late(promise.reminders), promise.lost,
        promise.doubled, promise.in_doubt,
    )  # fmt: skip


def _late(late: Lateness) -> tuple[str, ...]:
    """How many, and how late: half of them, 95 in a hundred, the last one."""
    if not late.count:
        return ("0", "—", "—", "—")
    return (str(late.count), *(_length(each) for each in (late.p50, late.p95, late.worst)))


def _length(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} 秒" if seconds >= 1 else "不到 1 秒"
    return say_length(timedelta(seconds=seconds)) if seconds < 1e9 else "7 天以上"
