"""A member at work on a case, by chat: endings, questions, holds, more time, other hands."""

import pytest

from tests.conversation_rig import LAMP, Phone, Town
from tests.web.h5_rig import pages_of
from tests.web.test_conversation_members import pushed


def accepted(town: Town) -> tuple[Phone, Phone, str]:
    """A resident's phone, the first convener's, and the code of the case that was accepted."""
    phone, convener = pushed(town)
    code = convener.code
    convener.say(f"接{code}")
    town.tick()
    return phone, convener, code


def code_of(town: Town, member: Phone) -> str:
    """The code in this person's latest notice."""
    town.tick()
    return member.code


@pytest.mark.parametrize(
    ("words", "ending", "outcomes", "shown"),
    [
        ("已解决 为民办实事 灯亮了", "resolved", ["good_deed"], "已解决，灯亮了"),
        ("部分解决，社情民意信息 提案线索 亮了一半", "partly",
         ["opinion_report", "proposal_lead"], "部分解决，亮了一半"),
        ("不属受理 请找法院", "out_of_scope", [], "不属受理 请找法院"),
        ("灯亮了", "explained", [], "灯亮了"),
    ],
)  # fmt: skip
def test_an_answer_names_its_ending_and_outcomes(
    town: Town, words: str, ending: str, outcomes: list[str], shown: str
) -> None:
    """The first words say how it ended and what came of it; the resident reads the rest."""
    phone, convener, code = accepted(town)
    convener.say(f"答{code} {words}")
    town.tick()
    case = town.case()
    assert case.ending == ending
    assert [row["outcome"] for row in case.outcomes] == outcomes
    assert shown in phone.notices()[-1]
    assert "为民办实事" not in phone.notices()[-1]


def test_an_asked_colleague_does_not_end_the_case_by_answering(town: Town) -> None:
    """Who was only asked and types 答 replies to the colleague; the resident hears nothing."""
    phone, convener, code = accepted(town)
    second = town.member("second")
    convener.say(f"商{code} 牛茶壶 归谁管？")
    theirs = code_of(town, second)
    assert "回过去了" in second.say(f"答{theirs} 归市政")
    town.tick()
    assert town.case().state == "accepted"
    assert any("归市政" in words for words in convener.notices())
    assert not any("归市政" in words for words in phone.notices())


def test_handed_to_the_hotline_with_its_number(town: Town) -> None:
    """转12345 needs the number; the resident reads it, and it is an outcome of the case. More
    outcomes may be written down after the answer, each once."""
    phone, convener, code = accepted(town)
    assert "请写上 12345 给的编号" in convener.say(f"转12345 {code} 已经转过去了")
    assert town.case().state == "accepted"
    convener.say(f"转12345 {code} 编号 20261126001 市热线三天内回电")
    assert "提案线索" in convener.say(f"成果{code} 提案线索 路灯管理")
    assert "已经记过" in convener.say(f"成果{code} 提案线索")
    assert "请写上是哪一项成果" in convener.say(f"成果{code} 好事")
    town.tick()
    case = town.case()
    assert "编号 20261126001" in phone.notices()[-1]
    assert (case.state, case.ending) == ("answered", "transferred")
    kept = [(row["outcome"], row["number"]) for row in case.outcomes]
    assert kept == [("hotline", "20261126001"), ("proposal_lead", "")]


def test_the_resident_is_asked_and_answers(town: Town) -> None:
    """The question reaches the resident, the answer the member; meanwhile no time is counted."""
    phone, convener, code = accepted(town)
    due = town.case().due_at
    assert "答复时限停着" in convener.say(f"问{code} 您住几号楼？")
    assert "等回答" in convener.say(f"问{code} 还有呢？")
    town.tick()
    assert "想问您一句：\n您住几号楼？" in phone.notices()[-1]
    assert "等居民回答" in convener.say("待办")
    assert "您住几号楼" in phone.say("查进度")
    town.wait(days=1)
    assert "转给昭乌达路街道委员工作站了" in phone.say("三号楼下面")
    town.tick()
    assert "居民回答了：三号楼下面" in convener.notices()[-1]
    case = town.case()
    shown = pages_of(phone).open(f"/h5/c/{case.number}")
    assert "昭乌达路街道委员工作站问您：您住几号楼？" in shown
    assert "您回答了" in shown
    assert "三号楼下面" in case.text
    assert due is not None
    assert case.due_at is not None
    assert (case.due_at - due).days == 1
    kinds = [event["kind"] for event in case.events]
    assert [k for k in kinds if k in ("asked", "paused", "replied", "continued")] == [
        "asked", "paused", "replied", "continued",
    ]  # fmt: skip


def test_no_answer_ends_the_wait(town: Town) -> None:
    """After three working days the clock counts again by itself, and the member is told."""
    phone, convener, code = accepted(town)
    convener.say(f"问{code} 您住几号楼？")
    town.wait(days=2)
    convener.say("待办")
    town.wait(days=1, hours=1)
    assert "居民没有回答“您住几号楼？”" in convener.notices()[-1]
    assert town.rows("SELECT id FROM questions WHERE ended_at IS NULL") == []
    assert town.case().due_at is not None
    phone.say("三号楼下面")
    assert len(town.cases()) == 1


def test_a_question_outlives_a_short_exchange(town: Town) -> None:
    """Who looks for a station in between is still asked; a new matter is a case of its own; an
    answer ends the question with the case's wait."""
    phone, convener, code = accepted(town)
    convener.say(f"问{code} 您住几号楼？")
    phone.say("找工作站")
    phone.say("大学西路街道")
    assert "不客气" in phone.say("谢谢")
    phone.say("大学西路街道的暖气不热，家里冻得不行")
    assert len(town.cases()) == 2
    phone.say("没有")
    assert "没有" in town.cases()[0].text
    convener.say(f"问{code} 是哪天开始的？")
    convener.say(f"答{code} 修好了")
    assert town.rows("SELECT kind FROM questions WHERE ended_at IS NULL") == [("solved",)]


def test_a_busy_resident_is_not_asked(town: Town) -> None:
    """In the middle of withdrawing a 是 must not become the answer to something else."""
    phone, convener, code = accepted(town)
    phone.say("撤回")
    assert "过一会儿再问" in convener.say(f"问{code} 您住几号楼？")
    town.wait(minutes=11)
    assert "已经问居民了" in convener.say(f"问{code} 您住几号楼？")


def test_on_hold_until_its_day(town: Town) -> None:
    """Only the head puts a case on hold: a member's request reaches the head, who says yes
    by a word. On its day it comes back by itself, with the time that was left."""
    phone, convener, code = accepted(town)
    head = town.member("head")
    left = town.case().due_at
    assert "请写上哪天再看" in convener.say(f"挂{code} 等明年")
    assert "已经请羊小桌看了" in convener.say(f"挂{code} 2026-12-15 要等管网改造。")
    other = code_of(town, head)
    assert f"2026-12-15 再看，原因：要等管网改造\n同意请回复 准{other}" in head.notices()[-1]
    assert "挂账了" in head.say(f"挂{other} 12月15日 要等管网改造。")
    town.tick()
    assert "现在办不了：要等管网改造。12月15日我们会再看一次" in phone.notices()[-1]
    assert "12月15日我们会再看一次" in phone.say("查进度")
    assert "挂账，12月15日再看" in convener.say("待办")
    assert town.case().state == "on_hold"
    town.wait(days=21)
    for person in (phone, convener, head):
        person.say("待办")
    town.wait(days=1)
    case = town.case()
    assert case.state == "accepted"
    assert "挂账的日子到了" in convener.notices()[-1]
    assert "挂账的日子到了" in head.notices()[-1]
    assert "又开始办了" in phone.notices()[-1]
    assert left is not None
    assert case.due_at is not None
    assert case.due_at > left


def test_a_held_case_is_taken_up_or_answered(town: Town) -> None:
    """A handler may take it up before its day, or answer it as it lies."""
    _, convener, code = accepted(town)
    head = town.member("head")
    convener.say(f"挂{code} 12月15日 等材料")
    other = code_of(town, head)
    head.say(f"挂{other} 12月15日 等材料")
    assert "接下了" in convener.say(f"接{code}")
    head.say(f"挂{other} 12月15日 等材料")
    convener.say(f"答{code} 已解决 材料到了")
    assert town.case().state == "answered"
    assert town.rows("SELECT id FROM clocks WHERE kind = 'hold' AND ended_at IS NULL") == []


def test_more_time_is_asked_for_once_and_granted(town: Town) -> None:
    """延 asks the head, who grants or refuses with a reason; the resident hears the new date."""
    phone, convener, code = accepted(town)
    head = town.member("head")
    due = town.case().due_at
    assert "最多 10 个" in convener.say(f"延{code} 11 要等检测")
    assert "站长来办" in convener.say(f"准{code}")
    assert "已经请羊小桌看了" in convener.say(f"延{code} 5 要等检测结果")
    assert "等站长批延时" in convener.say("待办")
    other = code_of(town, head)
    assert "等您批延时 5 个工作日" in head.say("待办")
    assert "请写上不同意" in head.say(f"不准{other}")
    head.say(f"不准{other} 材料已经齐了")
    town.tick()
    assert "没有同意延时：材料已经齐了" in convener.notices()[-1]
    convener.say(f"延{code} 5 还是要等检测结果")
    assert "延时了" in head.say(f"准{other}")
    town.tick()
    case = town.case()
    assert due is not None
    assert case.due_at is not None
    assert (case.due_at - due).days == 7
    assert "会在 12月7日 10:00 前答复您" in phone.notices()[-1]
    assert "要多办 5 个工作日" in pages_of(phone).open(f"/h5/c/{case.number}")
    assert "只能延一次" in convener.say(f"延{code} 2 再等等")
    assert "没有等着批" in head.say(f"准{other}")


def test_a_head_at_work_grants_at_once(town: Town) -> None:
    """Who handles it and is the head asks nobody."""
    _, _ = pushed(town)
    head = town.member("head")
    town.wait(days=1, minutes=1)
    head.say(f"接{head.code}")
    assert "延时了" in head.say(f"延{head.code} 2 等材料")


def test_passed_to_another_station(town: Town) -> None:
    """Before it is accepted a case may be passed on, with a reason; whoever had it learns who has
    it now. After, it is returned or assisted."""
    phone, convener = pushed(town)
    neighbour = town.member("neighbour")
    code = convener.code
    assert "请写上转给哪个" in convener.say(f"转{code} T002")
    assert "没有叫" in convener.say(f"转{code} 火星站 路灯在那边")
    assert "现在由大学西路街道委员工作站来接" in convener.say(f"转{code} 大学西路 路灯在那边")
    assert "它现在由大学西路街道委员工作站办" in convener.say(f"接{code}")
    assert "它现在由大学西路街道委员工作站办" in convener.say(f"看{code}")
    assert "没有待办" in convener.say("待办")
    neighbour.say(f"接{code_of(town, neighbour)}")
    town.tick()
    assert "大学西路街道委员工作站接手了" in phone.notices()[-1]
    assert "协办，或者退回" in neighbour.say(f"转{neighbour.code} T001 路灯在那边")


def test_given_to_a_member_of_the_station(town: Town) -> None:
    """A convener assigns; the first to accept has it, the other is told who."""
    _, convener = pushed(town)
    second, head = town.member("second"), town.member("head")
    code = convener.code
    assert "可以写：马板凳、牛茶壶、羊小桌" in convener.say(f"派{code} 张三")
    convener.say(f"派{code} 牛茶壶")
    other = code_of(town, second)
    assert "马板凳请您来办｜昭乌达路街道 路灯坏了三天了" in second.notices()[-1]
    second.say(f"接{other}")
    assert "已经由牛茶壶接下了" in convener.say(f"接{code}")
    convener.say(f"派{code} 羊小桌")
    third = code_of(town, head)
    assert "交给羊小桌来办了" in second.notices()[-1]
    assert "由召集人来定" in head.say(f"派{third} 牛茶壶")
    head.say(f"答{third} 修好了")
    assert town.case().state == "answered"


def test_a_second_station_assists(town: Town) -> None:
    """The invited station has its own push, clock and answer; the owner hears it and closes."""
    phone, convener, code = accepted(town)
    economist = town.member("economist")
    assert "前给您意见" in convener.say(f"请{code} 经济界委员工作室 帮着看看谁管这段路")
    assert "还在等它的意见" in convener.say(f"请{code} T002")
    other = code_of(town, economist)
    assert "马板凳：帮着看看谁管这段路" in economist.notices()[-1]
    assert "等您的协办意见" in economist.say("待办")
    economist.say(f"接{other}")
    town.tick()
    assert "骆台灯接下了协办" in convener.notices()[-1]
    assert "等经济界委员工作室的意见" in convener.say("待办")
    economist.say(f"答{other} 归市政养护中心")
    town.tick()
    assert "骆台灯说：归市政养护中心" in convener.notices()[-1]
    assert town.case().state == "accepted"
    assert len(phone.notices()) == 1
    assert "没有在等您这边的意见" in economist.say(f"答{other} 再说一句")
    convener.say(f"答{code} 养护中心昨晚修好了")
    assert town.case().state == "answered"


def test_a_silent_helper_is_given_up(town: Town) -> None:
    """The assisting station is reminded; then the owner hears that nothing came."""
    town.phone().say("昭乌达路街道的暖气不热，家里冻得不行")
    convener = town.member("first")
    town.wait(seconds=5)
    convener.say(f"接{convener.code}")
    convener.say(f"请{convener.code} 经济界委员工作室")
    economist = town.member("economist")
    for _ in range(8):
        convener.say("待办")
        economist.say("待办")
        town.wait(days=1)
    assert any("协办意见" in words and "到期" in words for words in economist.notices())
    assert any("不用再等" in words for words in convener.notices())
    assert town.rows("SELECT id FROM clocks WHERE kind = 'assist' AND ended_at IS NULL") == []


def test_a_colleague_is_asked(town: Town) -> None:
    """商 goes to the colleague, 回 comes back as a note; the case stays as it is."""
    _, convener, code = accepted(town)
    second, head = town.member("second"), town.member("head")
    assert "请写上问哪位同事" in convener.say(f"商{code} 牛茶壶")
    convener.say(f"商{code} 牛茶壶 这段路归谁管？")
    other = code_of(town, second)
    assert "马板凳想问您：这段路归谁管？" in second.notices()[-1]
    assert "等您回同事的话" in second.say("待办")
    second.say(f"回{other} 归市政")
    town.tick()
    assert "牛茶壶回话：归市政" in convener.notices()[-1]
    assert "没有人等您回" in second.say(f"回{other} 归市政")
    assert "没有待办" in head.say("待办")
    assert town.case().state == "accepted"
    assert town.case().events[-1]["reason"] == "归市政"


def test_a_slip_for_somebody_else(town: Town) -> None:
    """开单 makes a case at once, names like ones, and the answer comes to whoever wrote it."""
    _, convener = pushed(town)
    neighbour = town.member("neighbour")
    said = neighbour.say(f"开单 {LAMP}，王阿姨家门口")
    assert "昭乌达路街道委员工作站会在" in said
    assert f"相像的没办完：需{town.cases()[0].number}" in said
    slip = town.cases()[1]
    assert (slip.source, slip.state) == ("walk_in", "dispatched")
    assert "开单 昭乌达路" in neighbour.say("开单")
    code = code_of(town, convener)
    convener.say(f"接{code}")
    assert "不在微信上" in convener.say(f"问{code} 几号楼？")
    assert "转告居民" in convener.say(f"答{code} 已解决 灯亮了")
    town.tick()
    assert "请转告本人：\n已解决 灯亮了" in neighbour.notices()[-1]
    town.phone("stranger").say(f"开单 {LAMP}")
    assert town.cases()[2].source == "wechat"


def test_a_bare_one_acts_on_the_only_item(town: Town) -> None:
    """1 accepts when just one item waits for it; with more it lists them."""
    _, convener = pushed(town)
    assert "接下了" in convener.say("1")
    town.phone("other").say(LAMP)
    town.wait(seconds=5)
    assert "2 件" in convener.say("1")
    assert "没有待办" in town.member("neighbour").say("1")


def test_not_solved_twice_is_told_to_who_answered(town: Town) -> None:
    """The first time it opens again by itself; the second time the office decides, and whoever
    answered and the station's head hear it."""
    phone, convener, code = accepted(town)
    head = town.member("head")
    for _ in range(2):
        convener.say(f"答{code} 修好了")
        town.tick()
        phone.say("没有，还是黑的")
        town.tick()
    assert town.case().queue == "staff"
    for told in (convener, head):
        assert "还是没有解决（还是黑的）。由办公室来定" in told.notices()[-1]
    assert "没有待办" in convener.say("待办")


def test_an_unanswered_request_ends_with_the_stay(town: Town) -> None:
    """A request for more time is over when the case goes back to the office."""
    _, convener, code = accepted(town)
    convener.say(f"延{code} 5 等检测")
    convener.say(f"退{code} 不归我们管")
    town.tick()
    assert "没有待办" in town.member("head").say("待办")
    assert town.rows("SELECT extension FROM cases") == [(None,)]


def test_a_case_is_talked_over(town: Town) -> None:
    """协 takes it into consultation, the resident hears so once with the date; 协毕, or 接 by who
    has it, leads back to work. A colleague's 接 ends nobody's consultation."""
    phone, convener, code = accepted(town)
    assert "没有在协商" in convener.say(f"协毕{code}")
    assert f"协毕{code}" in convener.say(f"协{code} 和城管、居委会碰一下")
    town.tick()
    assert town.case().state == "consulting"
    assert "正在找有关方面协商，11月30日 10:00 前答复您" in phone.notices()[-1]
    assert "协商中" in convener.say("待办")
    second = town.member("second")
    convener.say(f"商{code} 牛茶壶 归谁管？")
    assert "已经由马板凳接下了" in second.say(f"接{code_of(town, second)}")
    assert "接着办" in convener.say(f"协毕{code}")
    convener.say(f"协{code}")
    assert "接着办" in convener.say(f"接{code}")
    kinds = [event["kind"] for event in town.case().events]
    assert kinds.count("consulting") == kinds.count("consulted") == 2
    assert town.case().state == "accepted"
