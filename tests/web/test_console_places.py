"""Names of places that no list knows: counted, put in their place or set aside by the office."""

from dataclasses import replace

import pytest

from bot.services import indexing
from bot.services.office_understander import OfficeUnderstander
from tests.conversation_rig import Town
from tests.web.book_rig import out, sure, take_in, upload
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish

UNKNOWN = "我们盛世名筑小区的路灯坏了三天了，晚上没法走"
HEAD = ("地名", "在哪里")
BRIBE = "我要举报，住在清风小区的街道办主任收红包"


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office."""
    town = make_town(pages_url)
    furnish(town)
    return town


def told(town: Town, words: str, who: str = "resident") -> None:
    """Somebody writes; the case has settled and can be found."""
    town.phone(who).say(words)
    town.wait(seconds=10)
    indexing.index_new(town.deps)


def names(desk: Desk) -> list[str]:
    """The names that wait, as the page lists them."""
    desk.open("/console/places")
    return [str(each) for each in desk.tree.xpath("//section[1]//tbody//td[1]/a/text()")]


def test_a_name_is_counted_and_put_in_its_place(here: Town) -> None:
    """The most frequent name comes first, one of a lead is nowhere; a place is refused in words;
    what would change is shown and kept; new cases go there, in every process; taken back, it waits
    again."""
    told(here, "赛罕区" + UNKNOWN)
    told(here, "在锦绣华府小区门口，井盖丢了", "second")
    told(here, UNKNOWN, "third")
    told(here, BRIBE, "fourth")
    told(here, "昭乌达路街道的路灯坏了三天了", "fifth")
    boss = desk_of(here, "boss", "guan.li", strong=True)
    assert names(boss) == ["盛世名筑小区", "锦绣华府小区"]
    assert "盛世名筑小区 2 赛罕区" in boss.text
    assert "清风" not in boss.text
    boss.open("/console/places/盛世名筑小区")
    form = {"reason": "居民这么叫"}
    assert "没有认出“月亮上”" in boss.send("/places/keep", **form, where="月亮上")
    assert boss.status == 409
    assert "不止一处" in boss.send("/places/keep", **form, where="城关镇")
    said = boss.send("/places/keep", **form, where="昭乌达路街道")
    assert "提到它的 2 件，照新的读有 2 件不同" in said
    assert here.rows("SELECT 1 FROM office_places") == []
    said = boss.post("/console/places/keep", sure(boss))
    assert "“盛世名筑小区”：在赛罕区昭乌达路街道" in said
    assert names(boss) == ["锦绣华府小区"]
    own = here.deps.understander
    here.app.use(replace(here.deps, understander=OfficeUnderstander(own, here.deps.database)))
    assert "昭乌达路街道委员工作站" in here.phone("sixth").say(UNKNOWN)
    boss.open("/console/places/盛世名筑小区")
    boss.send("/places/keep", act="back", reason="拆了")
    assert "没认出来" in boss.post("/console/places/keep", sure(boss))
    assert "（拆了）" in boss.open("/console/places/盛世名筑小区")
    assert names(boss)[0] == "盛世名筑小区"


def test_a_name_is_set_aside_or_another_name_of_a_place(here: Town) -> None:
    """One click and it is listed no more, and can be had back; another name leads where the listed
    one does; an erased case counts no more; only who may change master data comes here."""
    told(here, "在锦绣华府小区门口，井盖丢了", "second")
    told(here, UNKNOWN)
    boss = desk_of(here, "boss", "guan.li", strong=True)
    assert len(names(boss)) == 2
    aside = boss.tree.xpath("(//input[@name='act'][@value='aside'])[last()]/ancestor::form//input")
    fields = {str(i.get("name")): str(i.get("value")) for i in aside}
    assert "“锦绣华府小区”：不是地名" in boss.post("/console/places/keep", fields)
    assert names(boss) == ["盛世名筑小区"]
    assert "锦绣华府小区" in boss.text  # among what was set aside
    boss.open("/console/places/盛世名筑小区")
    boss.send("/places/keep", where="香榭花堤", reason="同一个小区")
    boss.post("/console/places/keep", sure(boss))
    assert here.rows("SELECT same_as, street FROM office_places WHERE district IS NOT NULL") == [
        ("香榭花堤", "昭乌达路街道")
    ]
    boss.open("/console/places/锦绣华府小区")
    boss.send("/places/keep", act="back", reason="看错了")
    assert names(boss) == ["锦绣华府小区"]
    here.phone("second").say("不同意")
    assert names(boss) == []
    boss.open("/console/places/从来没有的")
    assert boss.status == 404
    leader = desk_of(here, "chief", "ling.dao")
    leader.open("/console/places")
    assert leader.status == 403


def refuses(boss: Desk, new: dict[str, str]) -> None:
    """What can be no name of a place, and no place, is told."""
    for name, told_so in (("大学西路街道", "不能改到别处"), ("附近", "常用的词"),
                          ("<b>云上</b>", "不带空格和符号")):  # fmt: skip
        wrong = new | {"name": name, "where": "昭乌达路街道"}
        assert told_so in boss.post("/console/places/keep", wrong)
    assert "不止一处" in boss.post("/console/places/keep", new | {"where": "玉泉区昭乌达路街道"})


def test_names_are_written_down_before_anybody_says_them(here: Town) -> None:
    """One by its form, what is wrong with it said there; many by a workbook: all wrong cells in one
    list, what would change shown, all kept or none, and out as it came in."""
    told(here, UNKNOWN)
    boss = desk_of(here, "boss", "guan.li", strong=True)
    boss.open("/console/places")
    form = {"name": "云上小镇", "reason": "刚交房"}
    new = {"token": str(boss.tree.xpath("//input[@name='token']/@value")[0]), "new": "yes"} | form
    assert "没有认出“月亮上”" in boss.post("/console/places/keep", new | {"where": "月亮上"})
    assert boss.tree.xpath("//input[@name='name'][@id='name']/@value") == ["云上小镇"]
    refuses(boss, new)
    said = boss.post("/console/places/keep", new | {"where": "昭乌达路街道"})
    assert "“云上小镇”：在赛罕区昭乌达路街道" in said
    bad = [("云顶花园", "月亮上"), ("盛世名筑小区", "香榭花堤"), ("盛世名筑小区", "赛罕区"),
           ("=1", "赛罕区"), ("路灯", "赛罕区")]  # fmt: skip
    said = upload(boss, "places", [HEAD, *bad])
    assert "4 处不对，什么都没有写入" in said
    assert here.rows("SELECT name FROM office_places") == [("云上小镇",)]
    good = [
        ("云上小镇", "赛罕区昭乌达路街道"),
        ("盛世名筑小区", "香榭花堤"),
        ("旧货摊", "不是地名"),
    ]
    said = upload(boss, "places", [HEAD, *good])
    assert "会改 2 个地名" in said
    assert "提到它们的 1 件，照新的读有 1 件不同" in said
    assert "导入好了，2 个地名" in take_in(boss, "places")
    rows = out(boss, "places")
    assert len(rows) == 4
    assert "没有要改的" in upload(boss, "places", rows)
