"""The sheets of a roster file: ONE table says what every column holds and expects."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.roster import DAY_PLANS, MEMBERSHIPS, MODES, ROLES, STATUSES, UNIT_KINDS
from bot.services.sheet_cells import Column

SHEETS: Mapping[str, str] = {
    "units": "机构",
    "stations": "工作站",
    "people": "人员",
    "posts": "职务",
    "pairings": "联建共建",
    "days": "放假调休",
}
"""Kinds of rows, and what their sheets are called."""

GUIDE_SHEET = "说明"
"""Explains the others in the template; ignored when a file is read."""

DATE_EXPECTED = "日期，如 2026-01-02 或 2026年1月2日"


def _choice(sheet: str, field: str, heading: str, words: Mapping[str, str], need: bool) -> Column:
    expected = "下列之一：" + "、".join(words.values())
    return Column(sheet, field, heading, "choice", need, expected=expected, choices=words)


def _dates(sheet: str) -> tuple[Column, Column]:
    return (
        Column(sheet, "valid_from", "起始日期", "date", False, expected=DATE_EXPECTED),
        Column(sheet, "valid_to", "结束日期", "date", False, expected=DATE_EXPECTED),
    )


SECTOR_EXPECTED = "机构表中一个界别或民主党派的名称"
_PHONE = "电话号码，如 0471-0000000，手机 11 位"
_NAME = "名称，不超过 120 字"
_CODE = "代码：字母、数字或 - _ .，不超过 40 个，如 "

COLUMNS: tuple[Column, ...] = (
    Column("units", "code", "机构代码", "code", True, expected=_CODE + "OFFICE"),
    _choice("units", "kind", "机构类型", UNIT_KINDS, True),
    Column("units", "name", "机构名称", "text", True, expected=_NAME, longest=120),
    Column("units", "parent", "上级机构代码", "code", False, expected="一个已有的机构代码"),
    *_dates("units"),
    Column("stations", "code", "工作站代码", "code", True, expected=_CODE + "S001"),
    Column("stations", "name", "工作站名称", "text", True, expected=_NAME, longest=120),
    _choice("stations", "mode", "模式", MODES, True),
    Column("stations", "parent", "上级机构代码", "code", False, expected="一个已有的机构代码"),
    Column("stations", "district", "旗县区", "text", False, expected="旗县区全称，如 赛罕区"),
    Column("stations", "street", "街道乡镇", "text", False, expected="街道乡镇全称", longest=60),
    Column("stations", "sector", "界别", "text", False, expected=SECTOR_EXPECTED),
    Column("stations", "topics", "领域", "topics", False, expected="诉求类别，如 供热、教育"),
    Column("stations", "address", "地址", "text", False, expected="不超过 200 字", longest=200),
    Column("stations", "hours", "开放时间", "text", False, expected="不超过 100 字", longest=100),
    Column("stations", "phone", "电话", "phone", False, expected=_PHONE),
    _choice("stations", "status", "状态", STATUSES, True),
    *_dates("stations"),
    Column("people", "code", "人员编号", "code", True, expected=_CODE + "M001"),
    Column("people", "name", "姓名", "name", True, expected="姓名，不超过 40 字，不带尖括号"),
    Column("people", "phone", "电话", "phone", False, expected=_PHONE),
    _choice("people", "membership", "委员身份", MEMBERSHIPS, False),
    Column("people", "sector", "界别", "text", False, expected=SECTOR_EXPECTED),
    Column("people", "represents", "界别群众代表", "yes_no", False, expected="是 或 否"),
    Column("people", "contact", "联系委员编号", "code", False, expected="一位委员的人员编号"),
    Column("posts", "person", "人员编号", "code", True, expected="一个已有的人员编号"),
    Column("posts", "unit", "机构代码", "code", True, expected="一个已有的机构或工作站代码"),
    _choice("posts", "role", "职务", ROLES, True),
    *_dates("posts"),
    Column("pairings", "station", "工作站代码", "code", True, expected="一个已有的工作站代码"),
    Column("pairings", "partner", "联建单位代码", "code", True,
           expected="一个已有的机构或工作站代码"),
    *_dates("pairings"),
    Column("days", "day", "日期", "date", True, expected=DATE_EXPECTED),
    _choice("days", "plan", "安排", DAY_PLANS, True),
    Column("days", "note", "说明", "text", False, expected="不超过 40 字，如 春节放假"),
)  # fmt: skip
"""Every column, in the order of the sheets."""


@dataclass(frozen=True, slots=True)
class Book:
    """A kind of workbook: its sheets' names by key, and all their columns in order."""

    sheets: Mapping[str, str]
    columns: tuple[Column, ...]

    def of(self, sheet: str) -> tuple[Column, ...]:
        """The columns of a sheet."""
        return tuple(column for column in self.columns if column.sheet == sheet)


ROSTER = Book(SHEETS, COLUMNS)


def columns_of(sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet (units, stations, people or posts)."""
    return tuple(column for column in COLUMNS if column.sheet == sheet)
