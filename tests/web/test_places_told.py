"""Which place a case is at, when more than one is told; and what staff see of it."""

import pytest

from tests.conversation_rig import LAMP_NOWHERE, Town
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
    assert "工作人员" in far.say("通道街的路灯坏了三天了")
    here.wait(seconds=5)
    assert [(case.rule, case.state) for case in here.cases()] == [
        ("scene_weak_elsewhere", "dispatched"),
        ("place_conflict", "new"),
    ]


def test_a_name_of_two_towns_is_asked_about_once(here: Town) -> None:
    """Two counties have a 城关镇: the resident taps on one, and the case is at that one."""
    phone = here.phone()
    said = phone.say("城关镇的路灯坏了三天了")
    assert "叫城关镇的不止一处，您说的是哪一处" in said
    assert list(phone.choices()) == ["和林格尔县城关镇", "清水河县城关镇"]
    phone.tap("清水河县城关镇")
    phone.say("三天没亮了，城关镇的人都知道")
    here.wait(seconds=5)
    assert here.rows("SELECT street, district FROM cases") == [("城关镇", "清水河县")]
    assert "哪一处" not in phone.say("就是城关镇")


def test_two_places_are_asked_about_and_the_tap_decides(here: Town) -> None:
    """Who names two streets picks the one that it is about; without a word staff look, as always.
    An answer to the first question that has two meanings is asked about too."""
    phone, silent, vague = here.phone(), here.phone("silent"), here.phone("vague")
    both = "从昭乌达路街道到大学西路街道的路灯坏了三天了"
    assert "事情是在哪一处" in phone.say(both)
    assert list(phone.choices()) == ["赛罕区昭乌达路街道", "赛罕区大学西路街道"]
    assert "大学西路街道委员工作站" in phone.tap("赛罕区大学西路街道")
    silent.say(both)
    vague.say(LAMP_NOWHERE)
    assert "哪一处" in vague.say("在城关镇")
    here.wait(seconds=5)
    tapped, untouched, _ = here.cases()
    assert (tapped.owner, tapped.rule) == ("大学西路街道委员工作站", "place_and_topic")
    assert (untouched.state, untouched.queue) == ("new", "staff")


def test_in_danger_the_place_is_tapped_on_too(here: Town) -> None:
    """The number to call comes first; which of two towns it is reaches the duty desk by one tap."""
    phone = here.phone()
    assert "119" in phone.say("城关镇的网吧着火了")
    assert "119" in phone.tap("清水河县城关镇")
    assert here.rows("SELECT queue, street, district FROM cases") == [
        ("emergency", "城关镇", "清水河县")
    ]


def test_poster_or_words_is_asked_and_answered(here: Town) -> None:
    """A weak word beside a poster: both are offered, and the tap settles it for staff too."""
    phone = here.phone()
    phone.do("SCAN", "st_T001")
    phone.say("大学西路的路灯坏了三天了")
    assert list(phone.choices()) == ["赛罕区昭乌达路街道", "赛罕区大学西路街道"]
    assert "大学西路街道委员工作站" in phone.tap("赛罕区大学西路街道")
    here.wait(seconds=5)
    assert here.case().rule == "text_over_scene"
