"""Ladders and categories as workbooks; what is common to all has tests with the other tables."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.book_rig import out, take_in, upload
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish


@pytest.fixture
def town(make_town: MakeTown, sqlite_url: str) -> Town:
    """One database: keeping them has tests of its own on both."""
    made = make_town(sqlite_url)
    furnish(made)
    return made


def test_ladders_go_out_and_come_in_by_a_workbook(town: Town) -> None:
    """A row a rung, in words; faults are told at their rows, without a code; a ladder of the file
    is replaced whole for clocks that start then, and another one stays."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    head, *rows = out(boss, "ladders")
    assert "没有要改的" in upload(boss, "ladders", [head, *rows])
    accept = [row for row in rows if row[0] == "接单"]
    bad = [("月亮", "50%", "居民", None, None), ("接单", "50%", "居民", "提醒接单", None),
           ("等评价", "+1d", "居民", "再问一次解决了吗", None),
           ("答复", "150%", "主办的人", "提醒答复", None)]  # fmt: skip
    said = upload(boss, "ladders", [head, *bad])
    assert "4 处不对，什么都没有写入" in said
    assert "等评价：最后一级要有结果（没有等到评价，办结）" in said
    assert "答复 第 1 级：“150%”超过了 100%" in said
    earlier = [("接单", "30%", *accept[0][2:]), *accept[1:]]
    typed = [("接单", 0.3, *accept[0][2:]), *accept[1:]]
    assert "会改 1 个阶梯" in upload(boss, "ladders", [head, *typed])
    said = upload(boss, "ladders", [head, *earlier])
    assert "会改 1 个阶梯" in said
    assert ("table_export",) in town.rows("SELECT kind FROM access_log")
    assert "走到 30% 时，手上有这件事的人：提醒接单" in said
    assert "导入好了，1 个阶梯" in take_in(boss, "ladders")
    assert "（整理）" in boss.open("/console/ladders/accept")
    _, *now = out(boss, "ladders")
    assert [row for row in now if row[0] == "接单"] == earlier
    assert len(now) == len(rows)


def test_categories_go_out_and_come_in_by_a_workbook(town: Town) -> None:
    """Two may change names in one file; what is none, or would be double, is told; another order of
    sectors is shown by the cases; only what differs is written over the product."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    head, *rows = out(boss, "categories")
    assert "没有要改的" in upload(boss, "categories", [head, *rows])
    road = next(row for row in rows if row[0] == "road")
    heating = next(row for row in rows if row[0] == "heating")
    bad = [("moon", "月亮", "3", "经济界"), ("road", "供热", "3", "经济界"),
           ("heating", "供暖、供气", "百", "月亮界"),
           ("transit", "公共交通", "5", None)]  # fmt: skip
    assert "6 处不对，什么都没有写入" in upload(boss, "categories", [head, *bad])
    good = [
        ("road", "修路修灯", road[2], "、".join(reversed(str(road[3]).split("、")))),
        (*heating[:2], 2, heating[3]),
    ]
    said = upload(boss, "categories", [head, *good])
    assert "会改 2 个类别" in said
    assert "提到这些类别的 1 件" in said
    assert "导入好了，2 个类别" in take_in(boss, "categories")
    assert town.rows("SELECT category, name, days FROM office_categories ORDER BY category") == [
        ("heating", "", 2), ("road", "修路修灯", None),
    ]  # fmt: skip
    assert "（整理）" in boss.open("/console/categories/road")
    assert "会改 2 个类别" in upload(boss, "categories", [head, road, heating])
