"""The office itself at the console: its posts and those of districts, and its settings."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish


@pytest.fixture
def town(make_town: MakeTown, pages_url: str) -> Town:
    """Both databases in the slow tests, one in the others."""
    made = make_town(pages_url)
    furnish(made)
    return made


def test_the_office_is_staffed_by_forms(town: Town) -> None:
    """Somebody new gets a post, and it ends; the past says who and why, the access log whose role
    it was; a stale page, an unknown role and one's own post are refused with what was typed."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "没有" in boss.open("/console/units")
    assert "赛罕区" in boss.text
    boss.open("/console/units/OFFICE")
    stale = boss.tree.xpath("//input[@name='version']/@value")[0]
    form = {"person": "新来的", "role": "intake_staff", "reason": "人手不够"}
    assert "请写明为什么改" in boss.send("/appoint", **form | {"reason": ""})
    assert boss.tree.xpath("//input[@name='person']/@value") == ["新来的"]
    assert "请从列表里选" in boss.send("/appoint", **form | {"role": "first_convener"})
    assert "自己的职务" in boss.send("/appoint", **form | {"person": "boss", "role": "duty"})
    assert "名册里没有“新来的”" in boss.send("/appoint", **form)
    form["phone"] = "13800138000"
    assert "新来的任受理员了" in boss.send("/appoint", **form)
    assert "（人手不够）" in boss.text
    assert "新来的已经是受理员了" in boss.send("/appoint", **form)
    assert "刚刚有人改过" in boss.send("/appoint", **form | {"version": str(stale)})
    rows = town.rows(
        "SELECT p.id, h.name, p.role FROM posts p JOIN people h ON h.id = p.person_id"
        " WHERE h.name = '新来的' OR h.code = 'boss' ORDER BY p.id DESC"
    )
    assert [row[1:] for row in rows] == [("新来的", "intake_staff"), ("boss老师", "admin")]
    later = form | {"role": "duty", "first": "2026-12-01"}
    assert "新来的从 2026-12-01 起任值班员" in boss.send("/appoint", **later)
    assert "自己的职务" in boss.send("/end_post", post=str(rows[1][0]), reason="走了")
    assert "没有这个职务" in boss.send("/end_post", post="99999", reason="走了")
    assert "最早写昨天" in boss.send(
        "/end_post", post=str(rows[0][0]), reason="走了", last_day="2020-01-01"
    )
    said = boss.send("/end_post", post=str(rows[0][0]), reason="走了")
    assert "现在起不再任这个职务" in said
    assert "以前的 1 个职务" in said
    kept = town.rows("SELECT data FROM access_log WHERE kind = 'role_changed' ORDER BY id")
    assert ["given" in str(kept[-2]), "ended" in str(kept[-1])] == [True, True]


def test_a_post_given_again_keeps_the_time_before(town: Town) -> None:
    """Who comes back to a post holds it once more; when it was held before stays to be read. Ended
    and given again on one day it is one time, however often."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    form = {
        "person": "新来的",
        "role": "intake_staff",
        "phone": "13800138000",
        "reason": "人手不够",
    }
    boss.open("/console/units/OFFICE")
    boss.send("/appoint", **form)
    ((post,),) = _posts(town, "id")
    for _ in range(2):
        assert "不再任这个职务" in boss.send("/end_post", post=str(post), reason="走了")
        assert "新来的任受理员了" in boss.send("/appoint", **form)
    assert _posts(town, "id, valid_to") == [(post, None)]
    boss.send("/end_post", post=str(post), reason="走了")
    boss.send("/appoint", **form | {"first": "2026-10-01"})
    boss.send("/end_post", post=str(post), reason="走了")
    assert "新来的任受理员了" in boss.send("/appoint", **form)
    times = _posts(town, "valid_from, valid_to")
    assert [bool(last) for _, last in times] == [True, False]
    assert "以前的 1 个职务" in boss.text


def _posts(town: Town, columns: str) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for row in town.rows(
            f"SELECT {columns} FROM posts WHERE role = 'intake_staff' AND person_id IN"
            " (SELECT id FROM people WHERE name = '新来的') ORDER BY posts.id"
        )
    ]


def test_districts_have_their_convener_and_others_no_page(town: Town) -> None:
    """片区总召集人 is given at the district; stations and unknown units have no page here; a leader
    comes to none of it."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    boss.open("/console/units/D1")
    assert boss.tree.xpath("//select[@name='role']/option/@value") == ["district_convener"]
    said = boss.send("/appoint", person="head", role="district_convener", reason="换届")
    assert "任片区总召集人了" in said
    ((post,),) = town.rows("SELECT id FROM posts WHERE role = 'district_convener'")
    only = {"post": str(post), "reason": "走了"}
    assert "这样就没有片区总召集人了" in boss.send("/end_post", **only)
    assert "现在起不再任这个职务" in boss.send("/end_post", **only, vacant="yes")
    for path in ("/console/units/T001", "/console/units/NONE"):
        boss.open(path)
        assert boss.status == 404
    leader = desk_of(town, "chief", "ling.dao")
    leader.open("/console/units")
    assert leader.status == 403


def test_the_office_says_whether_residents_read_who_took_their_case(town: Town) -> None:
    """From the next time on, in every process; who changed it and why is kept; a stale page is
    refused, and a leader only looks."""
    boss = desk_of(town, "boss", "guan.li", strong=True)
    assert "安装的时候定的" in boss.open("/console/settings")
    assert "请写明为什么改" in boss.send("/keep", names="yes", reason="")
    assert "请从列表里选" in boss.send("/keep", names="perhaps", reason="试")
    assert "告诉居民是谁接的" in boss.send("/keep", names="yes", reason="居民想知道")
    assert "（居民想知道）" in boss.text
    assert "没有哪一项和现在不同" in boss.send("/keep", names="yes", reason="再来")
    assert "刚刚有人改过" in boss.send("/keep", names="no", reason="x", before="no")
    phone, convener = town.phone(), town.member("first")
    phone.say(LAMP)
    town.wait(seconds=5)
    convener.say(f"接{convener.code}")
    town.tick()
    assert any("的马板凳接手了" in words for words in phone.notices())
    leader = desk_of(town, "chief", "ling.dao")
    assert "自定的" in leader.open("/console/settings")
    assert not leader.tree.xpath("//main//button")
