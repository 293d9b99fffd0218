"""Rules of where cases go at the console: tried on ninety days, laid down, ended with a station."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.book_rig import out, sure, take_in, upload
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

HERE = "昭乌达路街道委员工作站"
THERE = "大学西路街道委员工作站"


@pytest.fixture
def town(make_town: MakeTown, pages_url: str) -> Town:
    """Both databases in the slow tests, one in the others."""
    made = make_town(pages_url)
    furnish(made)
    return made


def laid_down(boss: Desk, **form: str) -> str:
    """A rule is tried and confirmed; the next page's text."""
    boss.open("/console/routes")
    boss.send("/routes/add", **form)
    return boss.post("/console/routes/add", sure(boss))


def refuses(boss: Desk, form: dict[str, str]) -> None:
    """What can be no rule is said, and nothing typed is lost."""
    boss.open("/console/routes")
    for wrong, words in (
        ({"place": "", "category": ""}, "一类事或者一个地方"),
        ({"category": "minors"}, "请从列表里选"),
        ({"place": "月亮"}, "请从列表里选"),
        ({"station": "月亮站"}, "现在收件的工作站"),
        ({"first": "2026-01-01"}, "第一天最早写今天"),
        ({"first": "明天"}, "不是日期"),
        ({"reason": ""}, "请写明为什么改"),
    ):
        said = boss.send("/routes/add", **form | wrong)
        assert words in said, wrong
        assert boss.status == 409
    assert boss.tree.xpath("//input[@name='station']/@value")[-1] == THERE


def test_a_rule_is_tried_before_it_holds_and_ends_with_its_station(town: Town) -> None:
    """What would change is shown and nothing moves; the next case goes by the rule, and everybody
    reads why; a second one about the same is refused; its station's end ends it."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    before = town.case()
    boss = desk_of(town, "boss", "guan.li", strong=True)
    form = {"category": "road", "place": "赛罕区 昭乌达路街道", "station": THERE, "reason": "分工"}
    refuses(boss, form)
    boss.open("/console/routes")
    said = boss.send("/routes/add", **form)
    assert "最近九十天这样的 1 件，照新的规则有 1 件不同" in said
    assert "以后这样的事归大学西路街道委员工作站" in boss.post("/console/routes/add", sure(boss))
    assert "● 在用" in boss.text
    assert town.case() == before
    assert "从 2026-11-23 起已经有一条" in boss.send("/routes/add", **form)
    assert THERE in town.phone("second").say(LAMP)
    number = town.cases()[-1].number
    town.wait(seconds=10)
    assert town.cases()[-1].owner == THERE
    assert town.cases()[0].owner == HERE
    assert "办公室定的" in boss.open(f"/console/cases/{number}")
    boss.open("/console/stations/T002")
    said = boss.send("/T002/end", reason="合并了")
    assert "1 条指定派单随站结束" in said
    boss.post("/console/stations/T002/end", sure(boss))
    assert "○ 结束" in boss.open("/console/routes")
    assert "（合并了）" in boss.open("/console/routes/1")
    assert HERE in town.phone("third").say(LAMP)


def test_a_rule_is_ended_by_itself_and_a_leader_only_looks(town: Town) -> None:
    """From then on cases go the ordinary way; another one about the same may follow; nobody but an
    administrator lays anything down."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    laid_down(boss, place="赛罕区", station=THERE, reason="试行", last="2026-12-31")
    boss.open("/console/routes/1")
    assert "不是日期" in boss.send("/end", last="年底", reason="够了")
    assert "没有这一条会有 0 件不同" in boss.send("/end", reason="够了")
    assert "为止" in boss.post("/console/routes/1/end", sure(boss))
    assert "（够了）" in boss.text
    assert HERE in town.phone().say(LAMP)
    laid_down(boss, place="赛罕区", station="T005", reason="再试")
    leader = desk_of(town, "chief", "ling.dao")
    assert "赛罕区委员工作站" in leader.open("/console/routes")
    leader.open("/console/routes/2")
    assert not leader.tree.xpath("//main//form[@method='post']")
    leader.open(f"/console/routes/{10**20}")
    assert leader.status == 404


def test_rules_go_out_and_come_in_by_a_workbook(town: Town) -> None:
    """All that is wrong in one list and nothing laid down; what is right is shown with the cases
    that would go another way; a row that ends earlier ends its rule; out as it came in."""
    town.phone().say(LAMP)
    town.wait(seconds=10)
    boss = desk_of(town, "boss", "guan.li", strong=True)
    laid_down(boss, place="赛罕区", station=THERE, reason="试行")
    head, row = out(boss, "routes")
    assert row == ("什么事都算", "赛罕区", THERE, "2026-11-23", None)
    assert "没有要改的" in upload(boss, "routes", [head, row])
    bad = [("月亮", "赛罕区", THERE, None, None), ("什么事都算", "月亮", THERE, None, None),
           ("什么事都算", "哪里都算", THERE, None, None), ("供热", "赛罕区", "月亮站", None, None),
           ("供热", "赛罕区", THERE, "2026-01-01", None), row, row,
           ("什么事都算", "赛罕区", HERE, None, None), (*row[:4], "2025-01-01")]  # fmt: skip
    assert "8 处不对，什么都没有写入" in upload(boss, "routes", [head, *bad])
    good = [(*row[:4], "2026-12-31"), (*row[:2], HERE, "2027-01-01", None),
            ("道路与市政设施", "赛罕区 昭乌达路街道", "T002", "2026年11月23日", None)]  # fmt: skip
    said = upload(boss, "routes", [head, *good])
    assert "会改 3 条" in said
    assert "到 2026-12-31 为止" in said
    assert "提到这些地方、这些事的 1 件" in said
    assert "导入好了，3 条" in take_in(boss, "routes")
    _, *rows = out(boss, "routes")
    assert [each[2:] for each in rows] == [
        (THERE, "2026-11-23", None), (HERE, "2027-01-01", None),
        (THERE, "2026-11-23", "2026-12-31"),
    ]  # fmt: skip
    assert "没有要改的" in upload(boss, "routes", [head, *rows])
    assert "只能提早结束" in upload(boss, "routes", [head, (*rows[2][:4], "2027-05-01")])
    assert "只能提早结束" in upload(boss, "routes", [head, (*rows[2][:4], None)])
    assert "（整理）" in boss.open("/console/routes/1")
    never = [head, (*rows[1][:4], "2026-12-31")]
    upload(boss, "routes", never)
    assert "导入好了，1 条" in take_in(boss, "routes")
    upload(boss, "routes", [head, rows[1]])
    twice = sure(boss) | {"reason": "再来"}
    assert "导入好了，1 条" in boss.post("/console/routes/apply", twice)
    assert boss.post("/console/routes/apply", twice)
    assert boss.status == 409
    assert out(boss, "routes")[1:] == [rows[1], rows[0], rows[2]]
