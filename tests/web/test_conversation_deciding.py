"""What waits for a head's word, and what a convener gave to somebody before it was accepted."""

from tests.conversation_rig import Phone, Town
from tests.web.h5_rig import pages_of
from tests.web.test_conversation_acting import accepted, code_of
from tests.web.test_conversation_members import pushed


def asked_for_a_hold(town: Town) -> tuple[Phone, Phone, Phone, str, str]:
    """The resident, the convener who asked, the head, and the codes of the latter two."""
    phone, convener, code = accepted(town)
    head = town.member("head")
    convener.say(f"挂{code} 2026-12-15 要等管网改造。")
    return phone, convener, head, code, code_of(town, head)


def test_a_hold_waits_for_the_head(town: Town) -> None:
    """It stands in the head's 待办, is asked for once, and decided by 准 or 不准; when more time
    is asked for as well, the head says which is meant."""
    phone, convener, head, code, other = asked_for_a_hold(town)
    assert "等您决定挂账，12月15日再看" in head.say("待办")
    assert "等站长定挂账" in convener.say("待办")
    assert "今天 10:00 已经请站长定挂账" in convener.say(f"挂{code} 2026-12-16 再等等")
    assert "请写上不同意的原因" in head.say(f"不准{other}")
    assert "不挂账" in head.say(f"不准{other} 先修一半")
    town.tick()
    assert "没有同意挂账：先修一半" in convener.notices()[-1]
    convener.say(f"延{code} 3 等检测")
    convener.say(f"挂{code} 2026-12-20 要等管网改造")
    assert f"准{other} 挂账" in head.say(f"准{other}")
    assert "延时了" in head.say(f"准{other} 延时")
    assert "挂账了" in head.say(f"准{other}")
    town.tick()
    assert town.case().state == "on_hold"
    assert "要等管网改造" in phone.notices()[-1]
    kinds = [event["kind"] for event in town.case().events]
    assert (kinds.count("hold_wanted"), kinds.count("hold_refused")) == (2, 1)


def test_the_head_decides_by_page(town: Town) -> None:
    """The page has what was proposed filled in; the head may change the day."""
    phone, _, head, _, _ = asked_for_a_hold(town)
    pages = pages_of(head)
    assert "等您决定挂账" in pages.open("/h5/todo")
    shown = pages.open(f"/h5/work/{town.case().number}")
    assert pages.tree.xpath("//input[@id='grant_hold-review']/@value") == ["2026-12-15"]
    assert "要等管网改造" in shown
    pages.send("/grant_hold", review="2026-12-18", reason="要等管网改造")
    town.tick()
    assert town.case().state == "on_hold"
    assert "12月18日" in phone.notices()[-1]


def test_what_was_given_to_somebody_is_theirs(town: Town) -> None:
    """派 before acceptance: the reminder goes to whom it was given, conveners see who has it and a
    bare 1 does not take it away; others of the station may not accept it, a convener may."""
    phone, convener = pushed(town)
    second, head = town.member("second"), town.member("head")
    convener.say(f"派{convener.code} 羊小桌")
    assert "交给羊小桌了，等他接" in convener.say("待办")
    convener.say("1")
    assert town.case().state == "dispatched"
    told = len(convener.notices())
    town.wait(hours=23)
    assert any("还没有人接" in words for words in head.notices())
    assert len(convener.notices()) == told
    phone.say("催一下，晚上看不见路")
    town.tick()
    assert "晚上看不见路" in head.notices()[-1]
    head.say(f"接{code_of(town, head)}")
    assert town.case().state == "accepted"
    assert "已经由羊小桌接下了" in convener.say(f"接{convener.code}")
    assert second.say("待办").startswith("您手上没有")
