"""The office finds cases at the console."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.test_console_queue import reported

STRANGE = (
    *("after=-1", "after=x", "state=%27%20OR%201=1", "words=%00", "words=" + "字" * 101),
    *("since=0001-01-01", "until=9999-12-31", "words=%22%20OR%20a*", "words=%27:*%20|%20a"),
)
BRIBE = "我要举报街道办主任收红包"


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """The small network and an office; what differs between databases is tested below the pages."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def shown(desk: Desk) -> list[str]:
    """Numbers in the list of this page."""
    links = desk.tree.xpath("//table//a/@href")
    return [str(link).split("/")[3].partition("?")[0] for link in links]


def test_from_the_box_to_the_case(here: Town) -> None:
    """The box stands on every page; what it finds has the lists' lines; the address holds the
    filters, so that a colleague sees the same; what can't be looked for is said, and stays."""
    here.phone().say(LAMP)
    here.wait(seconds=10)
    number = here.case().number
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    assert desk.tree.xpath("//header//form[@role='search']//input[@name='words']")
    assert shown(desk) == []
    desk.open("/console/search?words=路灯")
    assert shown(desk) == [number]
    assert "待接单" in desk.text
    assert "没有找到" in desk.open("/console/search?words=路灯&state=closed")
    assert desk.tree.xpath("//option[@selected]/@value") == ["closed"]
    assert "一个工作站" in desk.open("/console/search?words=昭乌达路街道委员工作站")
    said = desk.open("/console/search?words=路灯&station=没有的站")
    assert (desk.status, "没有叫“没有的站”的工作站" in said) == (409, True)
    assert desk.tree.xpath("//input[@id='by-words']/@value") == ["路灯"]
    assert "不是日期" in desk.open("/console/search?words=路灯&since=1999-01-01")
    for strange in STRANGE:
        desk.open(f"/console/search?{strange}")
        assert desk.status in (200, 409), strange


def test_what_is_restricted_is_found_by_nobody_else(here: Town) -> None:
    """Also not that there is something: the page is the same as for words that nobody ever said."""
    here.phone().say(BRIBE)
    here.wait(seconds=10)
    number = here.case().number
    staff = desk_of(here, "staff", "dong.sl")
    nothing = staff.open("/console/search?words=黑洞").replace("黑洞", "")
    assert staff.open("/console/search?words=红包").replace("红包", "") == nothing
    assert shown(staff) == []
    staff.open(f"/console/search?words={number}")
    assert shown(staff) == []
    named = desk_of(here, "trusted", "an.zb", strong=True)
    named.open("/console/search?words=红包")
    assert shown(named) == []
    named.open(f"/console/search?words={number}")
    assert shown(named) == [number]
    assert "红包" not in named.text


def test_a_filter_is_kept_under_a_name(here: Town) -> None:
    """What one looks for often has a name; its address may be given to others, whose own list it
    does not touch; a nameless or an empty one is refused, and one may be forgotten."""
    reported(here, LAMP)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open("/console/search?words=路灯&urgency=normal")
    assert "起个名字" in desk.send("keep", name="\u200b ")
    desk.open("/console/search?words=路灯&urgency=normal")
    desk.send("keep", name="路灯的")
    desk.open("/console/search")
    (link,) = desk.tree.xpath("//nav[@aria-label='存下的筛选']/a/@href")
    assert shown(desk) == []
    desk.open(str(link))
    assert shown(desk) == [here.case().number]
    other = desk_of(here, "chief", "ling.dao")
    other.open(str(link))
    assert shown(other) == [here.case().number]
    assert "路灯的" not in other.text
    desk.send("drop")
    assert "路灯的" not in desk.open("/console/search")
