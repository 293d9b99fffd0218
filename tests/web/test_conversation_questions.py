"""A question is answered from the list at once, and stays a case until its resident says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.common_questions import Entry
from bot.services import staff
from bot.store import common_questions
from tests.conversation_rig import FIRE, LAMP, Phone, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import write

ASKS = "取暖费怎么交"
ANSWER = "在供热公司的营业厅交。"


@pytest.fixture
def town(make_town: MakeTown, database_url: str) -> Town:
    """A town whose office keeps a list of two."""
    made = make_town(database_url)
    known = Entry("Q0001", ASKS, (), ANSWER, "测试用的例子", None, None, None, date(2027, 5, 1))
    other = replace(known, code="Q0002", question="居住证怎么办", answer="带身份证去派出所。")
    with made.deps.database.write() as session:
        for entry in (known, other):
            common_questions.keep(session, entry, made.clock.now())
    return made


def asking(town: Town, name: str) -> Phone:
    """Somebody who has just asked what the list knows."""
    phone = town.phone(name)
    assert phone.say(f"请问{ASKS}？").startswith(ANSWER)
    return phone


def said(town: Town) -> list[object]:
    """What came of each question."""
    return [each for (each,) in town.rows("SELECT said FROM inquiries ORDER BY case_id")]


def test_yes_closes_it_as_answered_by_the_list(town: Town) -> None:
    """The source is told, and until when a word is waited for; 是, 满意吗 and it is over; the
    history says which entry in which version answered."""
    phone = asking(town, "resident")
    assert "（出处：测试用的例子）" in phone.last
    assert "到 明天 10:00 没有您的话，经济界委员工作室会接着看" in phone.last
    assert (town.case().state, town.case().queue) == ("new", None)
    tap = phone.choices()["是"]
    assert "按常见问题答复您了" in phone.say("进度")
    assert phone.say("是", menu_id=tap).startswith("那就好")
    assert "谢谢" in phone.tap("满意")
    case = town.case()
    assert (case.state, case.ending, case.answer) == ("closed", "explained", ANSWER)
    assert [event["kind"] for event in case.events] == [
        *("registered", "offered", "offer_over", "answered", "solved", "satisfied", "closed")
    ]
    assert case.events[1]["data"] == {"entry": "Q0001", "version": 1}
    assert said(town) == ["yes"]
    assert "已经" in phone.say("是", menu_id=tap) or phone.last


def test_anything_else_makes_it_a_demand(town: Town) -> None:
    """No, more words, a photo, or a day of silence: it is routed like any other, with all that was
    said. Asked again it is not enough, too."""
    assert "知道了，还没有解决。" in asking(town, "no").tap("没有")
    assert "补充到" in asking(town, "but").say("没有，交取暖费的营业厅关了")
    assert "补充到" in asking(town, "more").say("交取暖费的营业厅搬走了，找不到")
    asking(town, "again").say(ASKS)
    asking(town, "photo").send("image")
    asking(town, "silent")
    town.clock.advance(timedelta(minutes=5))
    town.tick()
    states = [case.state for case in town.cases()]
    assert states == ["dispatched"] * 5 + ["new"]
    town.clock.advance(timedelta(days=1))
    town.tick()
    assert town.cases()[-1].state == "dispatched"
    assert {case.owner for case in town.cases()} == {"经济界委员工作室"}
    assert said(town) == ["no", "no", "words", "words", "words", "silence"]
    assert "营业厅搬走了" in town.cases()[2].text
    assert town.rows("SELECT count(*) FROM clocks WHERE kind = 'offer' AND ended_at IS NULL") == [
        (0,)
    ]


def test_what_else_is_said_meanwhile(town: Town) -> None:
    """Another matter is a case of its own, another question has its own answer, danger goes first,
    thanks are thanks; the first question goes on by its clock."""
    phone = asking(town, "resident")
    phone.say("谢谢")
    assert "路灯" in phone.say(LAMP)
    assert phone.say("居住证怎么办").startswith("带身份证去派出所")
    town.clock.advance(timedelta(minutes=5))
    town.tick()
    assert "119" in phone.say(FIRE)
    states = [(case.state, case.queue) for case in town.cases()]
    assert states == [("new", None), ("dispatched", None), ("new", None), ("new", "emergency")]
    assert said(town) == [None, None]


def test_the_office_may_be_faster(town: Town) -> None:
    """Sent to a station, answered or put right by a person, no word is waited for any more, and
    what we asked stands in the way of no other question."""
    first, second, third = (asking(town, name) for name in ("first", "second", "third"))
    staff.dispatch(town.deps, first.number, "T001")
    staff.answer(town.deps, second.number, "营业厅搬到了新华大街。")
    write(town, f"UPDATE cases SET queue = 'staff' WHERE number = '{third.number}'")
    town.clock.advance(timedelta(days=1))
    town.tick()
    assert said(town) == ["office"] * 3
    assert [case.state for case in town.cases()] == ["dispatched", "answered", "new"]
    assert town.rows("SELECT kind FROM questions WHERE ended_at IS NULL") == [("solved",)]


def test_a_question_that_the_list_lacks_is_counted(town: Town) -> None:
    """It is a case as before; a question with a demand beside it is a demand."""
    town.phone().say("请问护照在哪里办")
    town.phone("other").say("取暖费怎么交，楼道灯也坏了")
    assert town.rows("SELECT question_id, said FROM inquiries") == [(None, None)]
    assert len(town.cases()) == 2
