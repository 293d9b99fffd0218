"""The office reads again what was answered, and calls a demand unreasonable with two voices."""

import pytest

from tests.conversation_rig import LAMP, Town, answered
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish, write
from tests.web.test_console_queue import UNCLEAR, counts, listed, reported


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def test_some_closed_cases_are_read_again(here: Town) -> None:
    """A case that closes may be drawn by lot; who reads it says whether the answer will do, and
    what was missing where not; then it is out of the list."""
    resident, _ = answered(here)
    number = here.case().number
    resident.tap("是")
    resident.tap("满意")
    assert here.case().state == "closed"
    write(here, "UPDATE cases SET review = 'wanted'")
    assert "居民说满不满意：满意" in desk_of(here, "chief", "ling.dao").open(
        f"/console/cases/{number}"
    )
    desk = desk_of(here, "staff", "dong.sl")
    assert listed(desk, "again") == [number]
    desk.open(f"/console/cases/{number}?view=again")
    assert "请写一句差在哪里" in desk.send("review", verdict="poor")
    assert "没有这个选项" in desk.send("review", verdict="fine", reason="x")
    assert "复核过了" in desk.send("review", verdict="poor", reason="没说哪天修的")
    assert counts(desk)["复核"] == "0"
    assert "复核了答复：还差点 冬受理（受理员） 没说哪天修的" in desk.open(
        f"/console/cases/{number}"
    )


def test_nobody_reviews_their_own_answer(make_town: MakeTown, sqlite_url: str) -> None:
    """Whoever answered it from the queue is told that another person reads it again."""
    town = make_town(sqlite_url)
    furnish(town)
    number = reported(town, UNCLEAR)
    one, two = desk_of(town, "staff", "dong.sl"), desk_of(town, "boss", "guan.li", strong=True)
    one.open(f"/console/cases/{number}")
    one.send("answer", answer="已解决 灯修好了")
    write(town, "UPDATE cases SET review = 'wanted', state = 'closed'")
    one.open(f"/console/cases/{number}?view=again")
    assert "要另一个人来复核" in one.send("review", verdict="good")
    two.open(f"/console/cases/{number}?view=again")
    assert "复核过了" in two.send("review", verdict="good")


def test_it_takes_two_to_call_a_demand_unreasonable(here: Town) -> None:
    """One says so with a reason, and can't agree with oneself; another person agrees, or not."""
    answered(here)
    number = here.case().number
    one, two = desk_of(here, "staff", "dong.sl"), desk_of(here, "boss", "guan.li", strong=True)
    one.open(f"/console/cases/{number}")
    assert "要另一个人也这样看" in one.send("unreasonable", reason="\u200b")
    one.send("unreasonable", reason="要把整条街改成他家的")
    one.open(f"/console/cases/{number}")
    assert "要另一个人来看" in one.send("unreasonable", verdict="yes")
    assert listed(two, "again") == [number]
    two.open(f"/console/cases/{number}")
    two.send("unreasonable", verdict="no")
    assert here.rows("SELECT unreasonable FROM cases") == [(None,)]
    one.open(f"/console/cases/{number}")
    one.send("unreasonable", reason="还是不合理")
    two.open(f"/console/cases/{number}")
    two.send("unreasonable", verdict="yes")
    assert "不合理（两个人看过）" in two.open(f"/console/cases/{number}")
    fresh = reported(here, LAMP, who="other")
    assert "不合理" not in one.open(f"/console/cases/{fresh}")
