"""What members type, read as values: verbs with codes, endings, dates, numbers."""

from datetime import date

import pytest

from bot.domain.answers import (
    Answer,
    read_answer,
    read_date,
    read_days,
    read_number,
    read_outcome,
    split_name,
)
from bot.domain.cases import Ending, Outcome
from bot.domain.dialog import Command, ItemAct, Slip
from bot.domain.verbs import read_act

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("问37 您住几号楼？", ItemAct("ask", 37, "您住几号楼？")),
        ("挂37 2027-03-02 等管网", ItemAct("hold", 37, "2027-03-02 等管网")),
        ("挂账 37，2027-03-02 等管网", ItemAct("hold", 37, "2027-03-02 等管网")),
        ("延时37 5 要等检测", ItemAct("extend", 37, "5 要等检测")),
        ("准37", ItemAct("grant", 37, "")),
        ("不准37 材料齐了", ItemAct("deny", 37, "材料齐了")),
        ("转37 T002 路灯在那边", ItemAct("pass", 37, "T002 路灯在那边")),
        ("转12345 37 编号 20261126001", ItemAct("hotline", 37, "编号 20261126001")),
        ("转 12345，37，已转", ItemAct("hotline", 37, "已转")),
        ("派37张三", ItemAct("assign", 37, "张三")),
        ("进展37 12月3日 等检测", ItemAct("progress", 37, "12月3日 等检测")),
        ("进展 12月3日 等检测", Command("items")),  # a day, and no code: which one is meant?
        ("延 12天", Command("items")),
        ("督37 本周要有结果", ItemAct("supervise", 37, "本周要有结果")),
        ("督办 需261123-0007，盯住", ItemAct("supervise", 0, "盯住", "261123-0007")),
        ("督毕261123-0007", ItemAct("release", 0, "", "261123-0007")),
        ("协37", ItemAct("deliberate", 37, "")),
        ("协商37 和城管碰一下", ItemAct("deliberate", 37, "和城管碰一下")),
        ("协毕37", ItemAct("conclude", 37, "")),
        ("请37 经济界委员工作室", ItemAct("invite", 37, "经济界委员工作室")),
        ("商量37 张三 归谁管？", ItemAct("consult", 37, "张三 归谁管？")),
        ("回复37 归市政", ItemAct("reply", 37, "归市政")),
        ("退回137 不归我们", ItemAct("return", 137, "不归我们")),
        ("成果37 提案线索", ItemAct("outcome", 37, "提案线索")),
        ("开单 昭乌达路路灯坏了", Slip("昭乌达路路灯坏了")),
        ("开单", Slip("")),
        ("挂", Command("items")),
        ("不准", Command("items")),
        ("请12号楼的人别乱扔垃圾", None),
        ("转10路要走很远", None),
        ("请问这事归谁管", None),
        ("12345", None),
    ],
)
def test_verbs(text: str, act: object) -> None:
    """A verb, the code, and the words after it; a sentence of one's own is none."""
    assert read_act(text, None, {37}) == act


def test_a_sentence_about_a_matter_is_no_act() -> None:
    """Without a gap what follows the number must not speak of a matter of its own, unless the code
    is in hand and the verb takes words."""
    assert read_act("转37公交太少", "transit", {37}) is None
    assert read_act("问37公交几点收车", "transit", set()) is None
    assert read_act("问37公交几点收车", "transit", {37}) == ItemAct("ask", 37, "公交几点收车")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("灯亮了", Answer(Ending.EXPLAINED, (), "灯亮了")),
        ("已解决，灯亮了", Answer(Ending.RESOLVED, (), "已解决，灯亮了")),
        ("转办 提案线索 供热", Answer(Ending.TRANSFERRED, (Outcome.PROPOSAL_LEAD,), "转办，供热")),
        ("实事 实事 灯亮了", Answer(Ending.EXPLAINED, (Outcome.GOOD_DEED,), "灯亮了")),
        # a word of a sentence is no claim
        ("实事求是地说还没修", Answer(Ending.EXPLAINED, (), "实事求是地说还没修")),
        # an ending alone tells the resident nothing
        ("已解决", Answer(Ending.RESOLVED, (), "")),
    ],
)  # fmt: skip
def test_answers(words: str, answer: Answer) -> None:
    """The first words name the ending and the outcomes."""
    assert read_answer(words) == answer


@pytest.mark.parametrize(
    ("words", "day", "rest"),
    [
        ("2027-03-02 等管网", date(2027, 3, 2), "等管网"),
        ("2027年3月2日，等管网", date(2027, 3, 2), "等管网"),
        ("3月2日等管网", date(2027, 3, 2), "等管网"),
        ("12/15 等材料", date(2026, 12, 15), "等材料"),
        ("２０２７－０３－０２ 等", date(2027, 3, 2), "等"),
        ("2026-11-26 今天", None, "2026-11-26 今天"),
        ("2029-01-01 太远", None, "2029-01-01 太远"),
        ("2月30日 没有这天", None, "2月30日 没有这天"),
        ("等明年", None, "等明年"),
    ],
)
def test_dates(words: str, day: date | None, rest: str) -> None:
    """A day after today and within a year; without its year the next one."""
    assert read_date(words, TODAY) == (day, rest)


def test_numbers_days_names_and_outcomes() -> None:
    """The other small values, and what is left of the words."""
    assert read_number("编号：20261126001，市热线回电") == ("20261126001", "市热线回电")
    assert read_number("已经转了") == ("", "已经转了")
    assert read_number("abcde") == ("", "abcde")
    assert read_days("5个工作日，要等检测") == (5, "要等检测")
    assert read_days("要等检测") == (None, "要等检测")
    assert split_name("张三 您看呢 好吗") == ("张三", "您看呢 好吗")
    assert split_name("") == ("", "")
    assert read_outcome("社情民意 报市政协") == (Outcome.OPINION_REPORT, "报市政协")
    assert read_outcome("转12345 编号") == (None, "转12345 编号")
