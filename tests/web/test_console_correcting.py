"""The office puts right what the machine made of a case, and takes cases from stations."""

import json

import pytest

from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.console_rig import Desk, command, desk_of, furnish
from tests.web.test_console_queue import BRIBE, FIRE, UNCLEAR, listed, reported


@pytest.fixture
def here(make_town: MakeTown, pages_url: str) -> Town:
    """The small network and an office, on both databases."""
    town = make_town(pages_url)
    furnish(town)
    return town


def test_a_correction_changes_the_proposal_and_is_kept(here: Town) -> None:
    """Said to be about transit in a named street, the case is proposed to that street's station and
    stays in the queue; what was read and what is so come out for training, words masked; a further
    piece of the resident changes nothing of it."""
    number = reported(here, f"{UNCLEAR}，电话13800000000")
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}?view=person")
    said = desk.send(
        "correct", category="road", place="昭乌达路", urgency="urgent", reason="问过了"
    )
    assert "改过来了" in said
    assert "给谁 昭乌达路街道委员工作站" in said
    assert "，地方 看不出→昭乌达路，急不急 一般→急" in said
    assert "急" in said
    here.phone().say("大学西路")
    case = here.case()
    assert (case.state, case.queue, case.category, case.place) == (
        "new",
        "staff",
        "road",
        "昭乌达路",
    )
    lines = [json.loads(line) for line in command(here, "cases", "corrections").splitlines()]
    assert lines[0]["changed"] == {
        "category": [None, "road"], "place": [None, "昭乌达路"], "urgency": ["normal", "urgent"],
    }  # fmt: skip
    assert "13800000000" not in lines[0]["text"]
    assert lines[0]["text"].startswith(UNCLEAR)
    assert "没有哪一项和现在不同" in _again(desk, "correct")


def _again(desk: Desk, name: str) -> str:
    """Open the case anew and send the form as it stands."""
    desk.open(f"/console/cases/{desk.town.case().number}")
    values = {
        "category": str(desk.tree.xpath("//select[@name='category']/option[@selected]/@value")[0]),
        "urgency": str(desk.tree.xpath("//select[@name='urgency']/option[@selected]/@value")[0]),
        "place": str(desk.tree.xpath("//input[@name='place']/@value")[0]),
    }
    return desk.send(name, **values)


def test_what_is_no_emergency_leaves_its_queue_for_a_reason(here: Town) -> None:
    """Without a reason it stays; with one the alarm ends and the office has it by its own clock.
    The other way round everybody on duty hears of it."""
    duty = here.member("duty")
    number = reported(here, FIRE)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}?view=emergency")
    refused = desk.send("correct", category="safety", place="昭乌达路", urgency="urgent")
    assert "为什么不算紧急了" in refused
    desk.send("correct", category="safety", place="昭乌达路", urgency="urgent", reason="是在演习")
    assert (here.case().queue, here.case().urgency) == ("staff", "urgent")
    here.wait(seconds=10)
    assert "冬受理看过了，不算紧急" in duty.notices()[-1]
    running = here.rows("SELECT kind FROM clocks WHERE ended_at IS NULL")
    assert running == [("triage",)]
    second = reported(here, UNCLEAR, who="other")
    desk.open(f"/console/cases/{second}")
    desk.send("correct", category="", place="", urgency="emergency:gas")
    assert listed(desk, "emergency") == [second]
    here.wait(seconds=10)
    assert any("燃气泄漏" in each for each in duty.notices())
    assert "119" in here.phone("other").notices()[-1]


def test_what_is_for_named_people_goes_to_them(here: Town) -> None:
    """Found to be about a child it leaves everybody else's sight; who is named for it may open the
    way to others, for a reason; the resident hears who sees it now."""
    number = reported(here, UNCLEAR)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}?view=person")
    assert "改过来了" in desk.send("correct", category="ethnic", place="", urgency="normal")
    assert listed(desk, "all") == []
    here.wait(hours=31)  # longer than the resident was told at first
    trusted = desk_of(here, "trusted", "an.zb", strong=True)
    assert listed(trusted, "restricted") == [number]
    trusted.open(f"/console/cases/{number}")
    assert "受理员、领导都看得到" in trusted.text
    past = trusted.text  # who was told, and who could not be or need not be
    assert "按时限提醒：过时没分派，请看队列，专办员" in past
    assert "不用提醒：告诉居民晚了" in past
    assert "没有人可以提醒：过时没分派，请看队列，领导" in past
    assert "提醒：告诉居民晚了，另说一个时间，居民" in past
    as_road = {"category": "road", "place": "昭乌达路", "urgency": "normal"}
    assert "只由指定的人看。请写明为什么" in trusted.send("correct", **as_road)
    assert here.case().queue == "restricted"
    trusted.send("correct", **as_road, reason="说的是路，和孩子无关")
    assert here.case().queue == "staff"
    desk.sign_in("dong.sl")
    assert listed(desk, "person") == [number]
    here.wait(minutes=5)
    (told,) = here.phone().notices()
    assert "改由受理员来分派，领导和接手的工作站也看得到" in told
    assert "抱歉" not in told


def test_another_station_and_back_to_the_office(here: Town) -> None:
    """A case that a station has accepted is moved for a reason, then recalled for one: who had it
    is told each time, the resident too, and the answer clock goes on."""
    number = reported(here, LAMP)
    first, other = here.member("first"), here.member("neighbour")
    here.wait(minutes=2)
    first.say("接10")
    (due,) = here.rows("SELECT due_at FROM clocks WHERE kind = 'answer'")
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    assert "请写明为什么" in desk.send("move", station="T002", reason=" ")
    assert "它现在就在这个工作站" in desk.send("move", station="T001", reason="路口归他们")
    assert "改由大学西路街道委员工作站" in desk.send("move", station="T002", reason="路口归他们")
    here.wait(seconds=10)
    assert "转给大学西路街道委员工作站了，您不用再办" in first.notices()[-1]
    assert "接" in other.notices()[-1]
    desk.open(f"/console/cases/{number}")
    assert "收回来了" in desk.send("recall", reason="原来是施工方的事")
    here.wait(seconds=10)
    assert "收回去另作安排" in other.notices()[-1]
    assert (here.case().state, here.case().queue) == ("new", "staff")
    assert here.rows("SELECT due_at FROM clocks WHERE kind = 'answer' AND ended_at IS NULL") == [
        due
    ]
    assert "请先收回" not in desk.text


def test_labels_of_a_case_at_work_change_and_it_stays(here: Town) -> None:
    """What a station has accepted stays there; what only the office could have is refused."""
    number = reported(here, LAMP)
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}")
    said = desk.send("correct", category="discipline", place="昭乌达路", urgency="normal")
    assert "请先收回来再改" in said
    desk.send("correct", category="parking", place="昭乌达路", urgency="urgent")
    case = here.case()
    assert (case.category, case.urgency, case.state) == ("parking", "urgent", "dispatched")
    assert "没有这个选项" in desk.send("correct", category="nonsense", place="", urgency="normal")


def test_leads_stay_with_named_staff(here: Town) -> None:
    """Only they may say that a lead is none."""
    number = reported(here, BRIBE)
    boss = desk_of(here, "boss", "guan.li", strong=True)
    boss.open(f"/console/cases/{number}")
    assert boss.status == 404
    trusted = desk_of(here, "trusted", "an.zb", strong=True)
    trusted.open(f"/console/cases/{number}")
    trusted.send("correct", category="service", place="", urgency="normal", reason="不是线索")
    assert here.rows("SELECT queue, handling FROM cases") == [("staff", "normal")]


def test_a_child_in_danger_is_for_named_people_afterwards(here: Town) -> None:
    """An emergency of a child is never sent to a street's station, whoever tries: lowered, it waits
    for named staff; and these give it to a studio of its kind alone."""
    number = reported(here, "我14岁，同学在学校天天打我，我不想活了")
    desk = desk_of(here, "staff", "dong.sl")
    desk.open(f"/console/cases/{number}?view=emergency")
    assert desk.tree.xpath("//form[contains(@action, '/dispatch')]") == []
    refused = command(here, "cases", "dispatch", number, "T001", "--reason", "不紧急了", code=1)
    assert refused == ""
    desk.send("correct", category="minors", place="", urgency="urgent", reason="老师已经接走了")
    assert here.rows("SELECT queue, handling FROM cases") == [("restricted", "named_staff")]
    trusted = desk_of(here, "trusted", "an.zb", strong=True)
    trusted.open(f"/console/cases/{number}?view=restricted")
    trusted.send("correct", category="ethnic", place="", urgency="urgent")
    assert here.rows("SELECT handling FROM cases") == [("named_members",)]
    trusted.open(f"/console/cases/{number}")
    assert "只给界别工作室指定的委员" in trusted.send("dispatch", station="T001", reason="")
    trusted.send("dispatch", station="T004", reason="")
    assert here.case().owner == "民族界委员工作室"
