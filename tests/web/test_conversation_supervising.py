"""Accepted, then silent; and a case that a leader has put under supervision."""

from bot.domain.roster import OFFICE_CODE
from tests.conversation_rig import LAMP, Phone, Town
from tests.integration.leader import leader_of
from tests.integration.test_ladders import flask
from tests.integration.test_sweep import rungs
from tests.web.conftest import MakeTown
from tests.web.h5_rig import pages_of
from tests.web.test_conversation_acting import accepted, code_of


def asked_how_it_goes(phone: Phone) -> int:
    """How often this phone was asked for news."""
    asks = (
        "有些日子没有动静" in d.text or "进展" in d.fields.get("thing4", "")
        for d in phone.received()
    )
    return sum(asks)


def test_silence_after_acceptance_is_asked_about(town: Town) -> None:
    """Nobody touched it for five working days: whoever has it is asked, two days later the head;
    a day of news keeps that away until then."""
    _, convener, code = accepted(town)
    head = town.member("head")
    assert "请写上哪天有进展" in convener.say(f"进展{code}")
    assert "请写上哪天有进展" in convener.say(f"进展{code} 13月40日")
    assert "请写上哪天有进展" in convener.say(f"进展{code} 2027-10-01 等规划")
    convener.say(f"延{code} 10 等检测")
    head.say(f"准{code_of(town, head)}")
    town.wait(days=3)
    convener.say("待办")
    assert "12月9日再说进展" in convener.say(f"进展{code} 12月9日 等检测结果")
    assert "12月9日有进展" in convener.say("待办")
    town.wait(days=12)  # to Tuesday 8 December
    assert asked_how_it_goes(convener) == 0
    town.wait(days=1)
    convener.say("待办")
    assert asked_how_it_goes(convener) == 1
    head.say("待办")
    town.wait(days=2)
    assert asked_how_it_goes(head) == 1
    assert "记下了" in convener.say(f"进展{code} 检测报告出来了")
    told = [event for event in town.case().events if event["kind"] == "progress"]
    assert [event["data"]["until"] for event in told] == ["2026-12-09", None]


def test_a_day_that_cannot_be_read_is_said(make_town: MakeTown, sqlite_url: str) -> None:
    """The words are kept all the same; a day as people say it is understood."""
    town = make_town(sqlite_url)
    _, convener, code = accepted(town)
    for words in ("11月20日 等检测", "等检测，2月30日", "13月40日 等检测", "月底有结果"):
        said = convener.say(f"进展{code} {words}")
        assert (
            f"日子没有记上：没看懂，或者已经过去。要定日子，写在最前面再回一次：进展{code} 11月30日"
            in said
        )
    assert "日子" not in convener.say(f"进展{code} 已经报给养护中心")
    assert "11月27日再说进展" in convener.say(f"进展{code} 周五有结果")
    assert "12月3日再说进展" in convener.say(f"进展{code} 十二月三日 等检测")
    told = [e for e in town.case().events if e["kind"] == "progress"]
    assert [e["reason"] for e in told][2] == "13月40日 等检测"
    assert [e["data"]["until"] for e in told][-3:] == [None, "2026-11-27", "2026-12-03"]


def test_work_in_between_keeps_the_question_away(make_town: MakeTown, sqlite_url: str) -> None:
    """A colleague who was asked is a sign of work; a late answer is asked for by its own ladder."""
    town = make_town(sqlite_url)
    _, convener, code = accepted(town)
    head = town.member("head")
    convener.say(f"延{code} 2 等检测")
    head.say(f"准{code_of(town, head)}")
    town.wait(days=4)
    convener.say(f"商{code} 羊小桌 归谁管？")
    town.wait(days=12)
    assert asked_how_it_goes(convener) == 0
    reasons = [rung["missing"] for rung in rungs(town, "progress")]
    assert reasons[0] == "there was progress"
    assert reasons[-1].startswith("the answer is late")


def test_a_day_of_news_by_page(town: Town) -> None:
    """The page asks for the day, words are free."""
    _, convener, _ = accepted(town)
    pages = pages_of(convener)
    pages.open(f"/h5/work/{town.case().number}")
    assert "还没有写字" in pages.send("/progress", until="", note="x")
    assert "12月3日再说进展" in pages.send("/progress", until="2026-12-03", note="")
    assert "12月3日有进展" in pages.open(f"/h5/work/{town.case().number}")


def test_only_its_leader_ends_a_supervision(town: Town) -> None:
    """督办 by the case's number: who has it hears at once and is chased each day, the leader hears
    when nothing comes and when the answer is there; nobody else ends it; reopened it goes on."""
    phone, convener, code = accepted(town)
    leader, other = leader_of(town), leader_of(town, "deputy")
    number = town.case().number
    assert "没有编号" in leader.say("督办 261123-9999")
    assert "督办要由领导来定" in convener.say(f"督{code}")
    assert "列入督办了" in leader.say(f"督办 需{number} 本周要有结果。")
    assert "已经在督办了" in leader.say(f"督办需{number}")
    town.tick()
    assert "列入督办：本周要有结果" in convener.notices()[-1]
    assert "督办，办理中" in convener.say("待办")
    town.wait(days=1)
    assert any(words.startswith("督办｜") and "还没有答复" in words for words in convener.notices())
    town.wait(days=1)
    leader.say("待办")
    town.wait(days=1, hours=2)
    assert any("您督办的" in words and "还没有答复" in words for words in leader.notices())
    assert "提出的领导来解除" in other.say(f"督毕 {number}")
    convener.say(f"答{code} 13 盏路灯昨晚亮了")
    leader.say("待办")
    town.tick()
    assert any("您督办的" in words and "13 盏路灯" in words for words in leader.notices())
    phone.say("没有")
    running = "SELECT kind FROM clocks WHERE kind = 'supervision' AND ended_at IS NULL"
    assert len(town.rows(running)) == 1
    assert "解除督办了" in leader.say(f"督毕 {number} 盯住了")
    assert town.rows("SELECT supervised_post_id FROM cases") == [(None,)]


def test_supervision_by_page_and_command(town: Town) -> None:
    """The leader's page and the shell do the same, under the same right."""
    town.phone().say(LAMP)
    town.wait(seconds=5)
    leader, number = leader_of(town), town.case().number
    pages = pages_of(leader)
    pages.open(f"/h5/work/{number}")
    assert "列入督办了" in pages.send("/supervise", note="")
    assert "督办：云leader" in pages.open(f"/h5/work/{number}")
    refused = flask(town, "cases", "supervise", number, f"{OFFICE_CODE}:duty", "--release", code=1)
    assert "或者您看不到它" in refused.stderr
    done = flask(town, "cases", "supervise", number, f"{OFFICE_CODE}:leader", "--release")
    assert "解除督办了" in done.stderr
    assert "没有在督办" in leader.say(f"督毕 {number}")
    assert "没有这个职务" in flask(town, "cases", "supervise", number, "X:leader", code=1).stderr


def test_a_leader_has_in_hand_what_they_supervise(town: Town) -> None:
    """Chat and page list it with who has it and what is next, wherever it goes; once released or
    answered it is gone, and of no other leader's list."""
    _, convener, code = accepted(town)
    leader, other = leader_of(town), leader_of(town, "deputy")
    number = town.case().number
    assert "没有待办" in leader.say("待办")
    leader.say(f"督办 {number}")
    assert "｜您督办，马板凳 办理中，11月30日 " in leader.say("待办")
    shown = pages_of(leader).open("/h5/todo")
    assert "您督办，马板凳 办理中" in shown
    assert "您手上有 1 件" in shown
    assert "没有待办" in other.say("待办")
    convener.say(f"问{code} 哪根杆？")
    assert "您督办，马板凳 等居民回答" in leader.say("待办")
    convener.say(f"退{code} 不归我们管")
    assert "您督办，工作人员 待派单" in pages_of(leader).open("/h5/todo")
    assert "您督办，工作人员 待派单" in leader.say("待办")
    flask(town, "cases", "dispatch", number, "T002")
    assert "您督办，大学西路街道委员工作站 待接单" in leader.say("待办")
    released = leader.say("待办").splitlines()[1][:2]
    assert "解除督办了" in leader.say(f"督毕{released}")
    assert "没有待办" in leader.say("待办")
