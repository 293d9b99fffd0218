"""The office calls whom no channel reached, and writes down what was only said."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish, write
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, counts, listed, reported


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def calls(desk: Desk) -> list[str]:
    """Whom to call, as the page heads them."""
    desk.open("/console/calls")
    return [" ".join(str(h.text_content()).split()) for h in desk.tree.xpath("//main//h2")]


def test_a_call_is_made_and_ticked_off(here: Town) -> None:
    """A convener without a phone on record stands in the list with what to say; the number is
    covered, looking at it is logged; how it went is asked for and kept with the case."""
    write(here, "UPDATE people SET phone = '13900000077' WHERE code = 'first'")
    number = reported(here, LAMP)
    here.wait(minutes=2)
    desk = desk_of(here, "staff", "dong.sl")
    head = next(each for each in calls(desk) if "马板凳" in each)
    assert "（第一召集人）" in head
    assert "*******0077" in head
    assert "昭乌达路" in desk.text
    forms = desk.tree.xpath("//section[.//h2[contains(., '马板凳')]]//form/@action")
    token = desk.tree.xpath("//input[@name='token']/@value")[0]
    assert "13900000077" in desk.post(str(forms[1]), {"token": token})
    assert here.rows("SELECT kind FROM access_log ORDER BY id DESC LIMIT 1") == [("phone_shown",)]
    assert "打得怎么样" in desk.post(str(forms[0]), {"token": token, "reason": " "})
    assert desk.status == 409
    said = desk.post(str(forms[0]), {"token": token, "reason": "打通了，下午去看"})
    assert "这个电话不用再打" in said
    assert not any("马板凳" in each for each in calls(desk))
    assert "打了电话 冬受理（受理员） 打通了，下午去看" in desk.open(f"/console/cases/{number}")


def test_it_can_be_sent_again(here: Town) -> None:
    """Bound meanwhile, the convener gets it."""
    reported(here, LAMP)
    here.wait(minutes=2)
    first = here.member("first")
    desk = desk_of(here, "staff", "dong.sl")
    assert any("马板凳" in each for each in calls(desk))
    form = desk.tree.xpath("//section[.//h2[contains(., '马板凳')]]//form/@action")[-1]
    token = desk.tree.xpath("//input[@name='token']/@value")[0]
    assert "又发出去了" in desk.post(str(form), {"token": token})
    here.wait(minutes=1)
    assert "接单" in first.notices()[-1]


def test_calls_about_what_one_may_not_see_are_not_there(here: Town) -> None:
    """A lead for named staff calls nobody else's attention; an alarm that nobody has answered
    stands first for all who may act on it."""
    reported(here, BRIBE)
    here.wait(minutes=2)
    desk = desk_of(here, "boss", "guan.li", strong=True)
    assert not any("红包" in each for each in (desk.open("/console/calls"), desk.text))
    reported(here, FIRE, who="other")
    here.wait(minutes=1)
    duty = desk_of(here, "duty", "yun.zs")
    assert "紧急" in calls(duty)[0]
    leader = desk_of(here, "chief", "ling.dao")
    leader.open("/console/calls")
    assert leader.status == 403


def test_what_was_only_said_is_written_down_and_routed(here: Town) -> None:
    """A voice waits for ears; written down it is read like any words and goes where they lead, the
    voice keeps them as its title."""
    here.phone().send("voice")
    here.wait(seconds=10)
    desk = desk_of(here, "staff", "dong.sl")
    (number,) = listed(desk, "voice")
    assert counts(desk)["要听的"] == "1"
    desk.open(f"/console/cases/{number}?view=voice")
    assert "请把听到的话写下来" in desk.send("write_down", heard="\u200b")
    said = desk.send("write_down", heard=LAMP)
    assert "写下来了" in said
    assert here.case().owner == "昭乌达路街道委员工作站"
    assert listed(desk, "voice") == []
    assert here.rows("SELECT title FROM attachments") == [(LAMP,)]
    here.wait(seconds=10)
    (told,) = here.phone().notices()
    assert "由昭乌达路街道委员工作站来办" in told


def test_what_was_said_in_a_voice_is_told_like_what_is_typed(
    make_town: MakeTown, sqlite_url: str
) -> None:
    """A lead: who alone sees it, and 12388. A danger: what to call. What the office has to read on
    brings nothing new."""
    town = make_town(sqlite_url)
    furnish(town)
    desk = desk_of(town, "staff", "dong.sl")
    heard = {"lead": BRIBE, "danger": FIRE, "unclear": UNCLEAR}
    for who, words in heard.items():
        town.phone(who).send("voice")
        town.wait(seconds=10)
        desk.open(f"/console/cases/{town.cases()[-1].number}?view=voice")
        desk.send("write_down", heard=words)
    town.wait(seconds=10)
    lead, danger, unclear = (town.phone(who).notices() for who in heard)
    assert "只由指定的工作人员看，不会转给委员。您也可以直接拨打 12388" in lead[0]
    assert "119" in danger[0]
    assert (len(lead), len(danger), unclear) == (1, 1, [])
