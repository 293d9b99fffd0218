"""The office writes to a resident from the console, and the answer comes back to the case."""

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, desk_of, furnish
from tests.web.h5_rig import pages_of
from tests.web.test_console_merging import due, sound
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, listed, reported


@pytest.fixture
def small(make_town: MakeTown, sqlite_url: str) -> Town:
    """The small network and an office; on SQLite alone, for no query of its own is made small."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def seen_before(desk: Desk) -> str:
    """What the page says that the resident will read."""
    return "".join(desk.tree.xpath("//p[contains(@class, 'letter')]/text()"))


def look(desk: Desk, **fields: str) -> str:
    """Send what the form holds, for a look at it."""
    held = {
        "kind": str(desk.tree.xpath("//input[@name='kind' and @checked]/@value")[0]),
        "words": str(desk.tree.xpath("string(//textarea)")),
    }
    return desk.send("write", **(held | fields), step="look")


def test_a_question_comes_back_with_its_answer(small: Town) -> None:
    """A letter is chosen, seen as it will be sent, and sent: the very same words arrive. The
    office's clock stands until the resident answers; the answer is in the case, and routes it."""
    resident = small.phone()
    number = reported(small, "路灯坏了没人管，反正就是不满意")
    desk = desk_of(small, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    if small.case().queue is None:
        desk.send("recall", reason="先问清楚")
        small.wait(minutes=1)
    desk.open(f"/console/cases/{number}/write?letter=place")
    assert "具体在哪条街" in desk.text
    look(desk, words="是哪条街上的灯？")
    preview = seen_before(desk)
    before, promised = len(resident.received()), due(small, number, "triage")
    assert "发给居民了" in desk.send("write", step="send")
    small.wait(minutes=1)
    assert resident.notices()[before:] == [preview]
    assert "工作人员想问您一句" in resident.say("查进度")
    sound(small)
    small.wait(hours=1)
    assert "谢谢" in resident.say("就在昭乌达路街道")
    assert "昭乌达路街道" in small.case().text
    kinds = [event["kind"] for event in small.case().events]
    assert kinds.index("asked") < kinds.index("replied")
    if small.case().state == "new":
        assert due(small, number, "triage") > promised
    sound(small)


def test_a_word_is_told_and_stays_on_the_page(small: Town) -> None:
    """What has a blank is not sent, nor what is empty, and the words stay; then it arrives as it
    was seen, and stands in the history."""
    number = reported(small, LAMP)
    desk = desk_of(small, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}/write?letter=door")
    assert "没有填上" in look(desk, words="您好，{name}")
    assert "没有填上" in look(desk, words="电话 ＿＿")
    assert desk.status == 409
    assert "电话 ＿＿" in desk.text
    look(desk, words="这事归养护中心管。电话 12319。")
    preview = seen_before(desk)
    assert "要写的话" in desk.send("write", step="edit")
    look(desk)
    desk.send("write", step="send")
    small.wait(minutes=1)
    assert small.phone().notices()[-1] == preview
    assert "工作人员说：这事归养护中心管" in pages_of(small.phone()).open(f"/h5/c/{number}")
    sound(small)


def test_who_may_write_and_to_whom(small: Town) -> None:
    """Who has no phone with us can't be written to; a lead's sender is written to by named staff
    alone, an emergency's by the desk; one question at a time; what is answered after the case was
    sent on is about it still."""
    desk, lead, fire = desk_of(small, "staff", "dong.sl"), BRIBE, FIRE
    lead, fire = reported(small, lead, "a"), reported(small, fire, "b")
    desk.open(f"/console/cases/{lead}/write")
    assert desk.status == 404
    named = desk_of(small, "trusted", "an.zb", strong=True)
    named.open(f"/console/cases/{lead}/write?letter=when")
    look(named)
    assert "发给居民了" in named.send("write", step="send")
    desk.open(f"/console/cases/{fire}/write?letter=place")
    look(desk)
    assert "发给居民了" in desk.send("write", step="send")
    desk.open(f"/console/cases/{fire}/write?letter=when")
    look(desk)
    assert "已经问过居民" in desk.send("write", step="send")
    number = reported(small, UNCLEAR, "c")
    desk.open(f"/console/cases/{number}/write?letter=when")
    look(desk)
    desk.send("write", step="send")
    sound(small)
    desk.open(f"/console/cases/{number}")
    desk.send("dispatch", station="T001")
    sound(small)
    small.phone("c").say("上个月开始的")
    assert "上个月" in small.cases()[-1].text
    slip = small.member("head")
    slip.say("开单 昭乌达路街道的井盖丢了")
    desk.open(f"/console/cases/{small.cases()[-1].number}/write?letter=when")
    assert "不在微信上" in look(desk)
    assert listed(desk, "all")
