"""Who clears the queue sees what is new, who else is there, and gets on to the next case."""

from datetime import timedelta

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.test_console_queue import FIRE, UNCLEAR, listed, reported


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def poll(desk: Desk, xpath: str) -> str:
    """What an element of this page gets that asks for news by itself."""
    (path,) = desk.tree.xpath(f"{xpath}/@hx-get")
    answer = desk.client.get(str(path), headers={"X-Poll": "1"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_new_work_is_told_and_moves_nothing(here: Town) -> None:
    """A list that is open says how many came since, and counts anew; its rows stay."""
    reported(here, UNCLEAR)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open("/console/queue?view=person")
    quiet = poll(desk, "//p[@id='news']")
    assert "新来" not in quiet
    assert "<table" not in quiet
    reported(here, UNCLEAR, who="second")
    reported(here, FIRE, who="third")
    said = poll(desk, "//p[@id='news']")
    assert "新来 1 件" in said
    assert 'hx-swap-oob="true"' in said
    assert here.rows("SELECT count(*) FROM case_looks") == [(0,)]


def test_two_people_see_each_other(here: Town) -> None:
    """Each reads who else has the case on the screen; who has left it is gone within a minute."""
    number = reported(here, UNCLEAR)
    one, two = desk_of(here, "staff", "dong.sl"), desk_of(here, "chief", "ling.dao")
    for desk in (one, two):
        desk.open(f"/console/cases/{number}?view=person")
    assert "也在看" not in poll(one, "//*[@id='others-here']")
    assert "冬受理也在看这件" in poll(two, "//*[@id='others-here']")
    assert "chief老师也在看这件" in poll(one, "//*[@id='others-here']")
    here.clock.advance(timedelta(minutes=1))
    assert "也在看" not in poll(two, "//*[@id='others-here']")


def test_one_case_after_the_other(here: Town) -> None:
    """Done with one, the next of the same list is on the screen; after the last the list."""
    numbers = [reported(here, UNCLEAR, who=f"r{n}") for n in range(3)]
    desk = desk_of(here, "staff", "dong.sl")
    assert listed(desk, "person") == numbers
    desk.open(f"/console/cases/{numbers[0]}?view=person")
    assert desk.tree.xpath("//a[@data-key='n']/@href")[0].startswith(f"/console/cases/{numbers[1]}")
    for number, after in zip(numbers, [*numbers[1:], ""], strict=True):
        assert f"需{number}" in desk.text
        said = desk.send("dispatch", station="T001", reason="")
        assert f"需{number} 派给昭乌达路街道委员工作站了" in said
        assert not after or f"需{after}" in said
    assert "没有等人看的" in desk.text


def test_an_emergency_that_somebody_has_stands_below(here: Town) -> None:
    """What nobody has comes first; of the other the list says who deals with it."""
    first = reported(here, FIRE)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{first}?view=emergency")
    desk.send("acknowledge")
    second = reported(here, FIRE, who="other")
    assert listed(desk, "emergency") == [second, first]
    assert "冬受理在处理" in desk.text


def test_the_past_names_people_and_reasons(here: Town) -> None:
    """Who of the office did what and why, personal data covered; each rung with whom it was for;
    what comes again and again is said once."""
    number = reported(here, LAMP)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    desk.send("move", station="T002", reason="路口归他们，问过13800000000")
    here.clock.advance(timedelta(days=1, hours=2))
    here.wait(minutes=1)
    desk.sign_in("dong.sl")
    shown = desk.open(f"/console/cases/{number}")
    assert "改由：大学西路街道委员工作站 冬受理（受理员） 路口归他们，问过" in shown
    assert "13800000000" not in shown
    assert "按时限提醒" in shown
    fire = reported(here, FIRE, who="other")
    assert "以后还有" in desk.open(f"/console/cases/{fire}")
