"""Stations at the console: who sees which, what is changed there, and where the cases go."""

from datetime import timedelta

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

WHY = "换届了"


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


@pytest.fixture
def small(make_town: MakeTown, sqlite_url: str) -> Town:
    """The same on one database: what is tried there asks the database nothing of its own."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def act(desk: Desk, code: str, which: str, **fields: str) -> str:
    """Open the station, fill in one of its forms, send it."""
    desk.open(f"/console/stations/{code}")
    return desk.send(f"/{code}/{which}", **{"reason": WHY} | fields)


def reported(town: Town, words: str = LAMP, who: str = "resident") -> None:
    """Somebody writes, and the case has settled."""
    town.phone(who).say(words)
    town.wait(seconds=10)


def codes(desk: Desk, query: str = "") -> list[str]:
    """Stations in the list."""
    desk.open(f"/console/stations?{query}")
    return [str(link).rpartition("/")[2] for link in desk.tree.xpath("//table//a/@href")]


def test_the_list_finds(small: Town) -> None:
    """By words and filters; a leader looks, and has no form."""
    reported(small)
    leader = desk_of(small, "chief", "ling.dao")
    assert codes(leader) == ["T001", "T002", "T003", "T004", "T005"]
    assert codes(leader, "q=昭乌达路 站") == ["T001"]
    assert codes(leader, "q=%25") == []
    assert codes(leader, "mode=sector&state=open") == ["T003", "T004"]
    assert codes(leader, "district=赛罕区&after=T001") == ["T002", "T005"]
    assert codes(leader, "state=suspended") == []
    shown = leader.open("/console/stations/T001")
    assert "在办 1 件" in shown
    assert "马板凳还没有绑定手机" in shown
    assert not leader.tree.xpath("//form[contains(@action, '/T001/')]")


def test_details_are_checked_and_remembered(small: Town) -> None:
    """What an import would refuse is refused in its words and stays typed; a change stands in the
    station's past with who and why; who opened the page before it is told."""
    boss = desk_of(small, "boss", "guan.li", strong=True)
    assert "街道、乡镇或功能区全称" in act(
        boss, "T001", "details", **_cells(boss) | {"street": "没有街道"}
    )
    assert boss.status == 409
    assert boss.tree.xpath("//input[@id='street']/@value") == ["没有街道"]
    assert "改好了" in act(boss, "T001", "details", **_cells(boss) | {"hours": "每天 08:00-20:00"})
    past = " ".join(boss.tree.xpath("//ul[@class='story']//text()")).split()
    assert "工作日 09:00-17:30" in " ".join(past)
    assert f"（{WHY}）" in " ".join(past)
    stale = boss.tree.xpath("//input[@name='version']/@value")[0]
    act(boss, "T001", "details", **_cells(boss) | {"hours": ""})
    boss.open("/console/stations/T001")
    said = boss.send("/T001/details", **_cells(boss) | {"version": stale, "reason": WHY})
    assert "刚刚有人改过" in said
    assert "请写明为什么改" in act(boss, "T001", "suspend", reason="\u200b ")


def _cells(desk: Desk) -> dict[str, str]:
    """What the form for a station's details holds already."""
    desk.open("/console/stations/T001")
    form = "//form[contains(@action, '/T001/details')]"
    cells = {i.get("name"): i.get("value", "") for i in desk.tree.xpath(f"{form}//input")}
    chosen = desk.tree.xpath(f"{form}//option[@selected]/text()")
    kept = ("name", "district", "sector", "topics", "address", "phone", "street", "hours")
    return {name: cells[name] for name in kept} | {"mode": str(chosen[0])}


def test_a_head_keeps_the_address_after_a_code(small: Town) -> None:
    """Of all stations a head sees the own one, and changes only where to find it, and only with
    the authenticator."""
    head = desk_of(small, "head", "yang.xz")
    assert codes(head) == ["T001"]
    head.open("/console/stations/T002")
    assert head.status == 404
    given = {"address": "昭乌达路 2 号", "hours": "工作日", "phone": "0471-0000000"}
    assert "要输一次动态码" in act(head, "T001", "contact", **given)
    head.enrol()
    assert "改好了" in act(head, "T001", "contact", **given)
    head.open("/console/stations/T001")
    token = head.tree.xpath("//input[@name='token']/@value")[0]
    version = head.tree.xpath("//input[@name='version']/@value")[0]
    form = {"token": token, "version": version, "reason": WHY}
    assert "要管理员来改" in head.post("/console/stations/T001/suspend", form)
    assert "昭乌达路 2 号" in head.open("/console/stations/T001")


def test_a_successor_takes_over_what_the_preview_showed(small: Town) -> None:
    """First the new convener, then the old one's end: the page says which cases go to whom, and so
    it happens; the log has both."""
    first = small.member("first")
    reported(small)
    first.say(f"接{first.code}")
    boss = desk_of(small, "boss", "guan.li", strong=True)
    assert "请写姓名" in act(boss, "T001", "appoint", person=" ", role="first_convener", first="")
    assert "不是日期" in act(boss, "T001", "appoint", person="新人", role="member", first="明天")
    fresh = {"role": "member", "first": ""}
    said = act(boss, "T001", "appoint", person="<i>新人</i>", phone="123", **fresh)
    assert "姓名，不超过 40 字，不带尖括号" in said
    assert "手机 11 位" in said
    fresh = {"role": "first_convener", "first": ""}
    assert "名册里没有“新条凳”" in act(boss, "T001", "appoint", person="新条凳", **fresh)
    said = act(boss, "T001", "appoint", person="新条凳", phone="13800138000", **fresh)
    assert "新条凳任第一召集人了" in said
    old = small.rows("SELECT id FROM posts WHERE role = 'first_convener' ORDER BY id")[0][0]
    boss.open("/console/stations/T001")
    plan = boss.send("/T001/end_post", post=str(old), reason=WHY)
    assert "1 件换地方" in plan
    assert "新条凳" in plan
    assert small.case().state == "accepted"
    assert "任职到 2026-11-22（昨天），现在起不再任" in boss.send("/T001/end_post")
    assert small.case().state == "dispatched"
    assert (
        small.rows("SELECT kind FROM access_log WHERE kind = 'role_changed'")
        == [("role_changed",)] * 2
    )
    shown = boss.open("/console/stations/T001")
    assert "以前的 1 个职务" in shown
    assert "最后一天" in " ".join(boss.tree.xpath("//ul[@class='story']//text()"))
    act(boss, "T001", "end_post", post=str(old))
    assert "没有这个职务" in boss.text


def test_a_station_that_closes_hands_on_what_it_has_not_accepted(here: Town) -> None:
    """What is accepted stays with its holder until the office says otherwise; a plan that has
    changed meanwhile is shown again, not done; opened again the station takes cases."""
    first = here.member("first")
    reported(here)
    first.say(f"接{first.code}")
    reported(here, who="second")
    boss = desk_of(here, "boss", "guan.li", strong=True)
    assert codes(boss, "q=昭乌达路 站&mode=street&district=赛罕区&state=open") == ["T001"]
    plan = act(boss, "T001", "suspend")
    assert "1 件换地方" in plan
    assert "1 件已经接了，由原来的人办完" in plan
    reported(here, who="third")
    assert "2 件换地方" in boss.send("/T001/suspend")
    assert "暂停收件了" in boss.send("/T001/suspend")
    kept, *moved = here.cases()
    assert kept.state == "accepted"
    assert all(case.owner != kept.owner for case in moved)
    helps_itself = (
        "SELECT 1 FROM case_stations s JOIN cases c"
        " ON c.id = s.case_id AND c.owner_unit_id = s.unit_id"
    )
    assert here.rows(helps_itself) == []
    rules = {row[0] for row in here.rows("SELECT rule FROM cases WHERE state = 'dispatched'")}
    assert rules == {"place_closed_topic"}
    assert "站关了，还有 1 件没办完" in boss.text
    assert "1 件换地方" in act(boss, "T001", "move_rest")
    assert "转走了 1 件" in boss.send("/T001/move_rest")
    assert here.cases()[0].state in ("new", "dispatched")
    assert "重新收件了" in act(boss, "T001", "resume")
    assert "◐ 暂停" not in boss.open("/console/stations/T001")


def test_a_last_day_to_come_moves_cases_when_it_is_over(small: Town) -> None:
    """Until then nothing changes; the morning after, what lies there unaccepted goes on."""
    reported(small)
    boss = desk_of(small, "boss", "guan.li", strong=True)
    day = (small.clock.now() + timedelta(days=1)).date().isoformat()
    assert "最后一天过完才动" in act(boss, "T001", "end", last_day=day)
    assert f"开到 {day} 为止" in boss.send("/T001/end")
    owner = small.case().owner
    small.clock.advance(timedelta(days=1))
    small.tick()
    assert small.case().owner == owner
    small.clock.advance(timedelta(days=1))
    small.tick()
    assert small.case().owner != owner
