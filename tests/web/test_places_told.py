"""Which place a case is at, when more than one is told; and what staff see of it."""

import pytest

from tests.conversation_rig import Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import desk_of, furnish

WEST = "大学西路街道的路灯坏了三天了"


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def test_what_is_typed_wins_over_poster_and_location(here: Town) -> None:
    """Somebody scanned one station's poster and sent a location there, but wrote of another street:
    that street's station has it, also after more words; staff see all three."""
    phone = here.phone()
    phone.do("SCAN", "st_T001")
    phone.say(WEST)
    phone.send("location")
    assert "大学西路街道委员工作站" in phone.say("老人晚上不敢出门")
    here.wait(seconds=5)
    case = here.case()
    assert (case.owner, case.rule) == ("大学西路街道委员工作站", "text_over_scene")
    page = desk_of(here, "staff", "dong.sl").open(f"/console/cases/{case.number}")
    assert "扫的码 昭乌达路街道委员工作站" in page
    assert "发来的位置 内蒙古呼和浩特市赛罕区昭乌达路街道" in page
    assert "给谁 大学西路街道委员工作站" in page
    assert "按说的办" in page
    assert here.rows("SELECT street FROM cases") == [("大学西路街道",)]


def test_a_location_that_came_first_gives_way_too(here: Town) -> None:
    """In any order, whatever follows; beside words without a place the location counts."""
    phone = here.phone()
    phone.send("location")
    phone.say(WEST)
    assert "大学西路街道委员工作站" in phone.say("三天没亮了")
    here.wait(seconds=5)
    assert here.case().rule == "text_over_location"
    other = here.phone("other")
    other.send("location")
    assert "昭乌达路街道委员工作站" in other.say("路灯坏了三天了")


def test_a_weak_word_beside_a_poster_is_told(here: Town) -> None:
    """A road that may lie elsewhere leaves the case with the poster's station and says so; one of
    another district makes a person decide."""
    near, far = here.phone(), here.phone("far")
    near.do("SCAN", "st_T001")
    assert "昭乌达路街道委员工作站" in near.say("人民路的路灯坏了三天了")
    far.do("SCAN", "st_T001")
    assert "请工作人员" in far.say("通道街的路灯坏了三天了")
    here.wait(seconds=5)
    assert [(case.rule, case.state) for case in here.cases()] == [
        ("scene_weak_elsewhere", "dispatched"),
        ("place_conflict", "new"),
    ]
