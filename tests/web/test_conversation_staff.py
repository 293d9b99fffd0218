"""What the office does with its queue, and what the resident reads of it."""

import pytest
from sqlalchemy import text as sql

from bot.services import staff
from bot.services.errors import Refused
from tests.conversation_rig import FIRE, LAMP, Town
from tests.integration.test_sweep import go_to
from tests.web.conftest import MakeTown

LEAD = "我要举报村干部收受贿赂，贪污低保款"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("UPDATE stations SET status = 'suspended'", "operator.station_closed"),
        ("UPDATE units SET valid_to = '2026-01-01' WHERE code = 'T001'", "operator.station_closed"),
        ("DELETE FROM posts", "operator.station_empty"),  # nobody would read it
    ],
)
def test_station_that_cannot_receive_gets_nothing(town: Town, change: str, key: str) -> None:
    """A case sent there would lie unseen: the office is told, and the case stays where it is."""
    town.phone().say("请工作人员联系我")
    with town.deps.database.write() as session:
        session.execute(sql(change))
        session.execute(sql("UPDATE counters SET value = value + 1 WHERE name = 'roster_version'"))
    with pytest.raises(Refused) as refusal:
        staff.dispatch(town.deps, town.case().number, "T001")
    assert refusal.value.key == key
    assert (town.case().state, town.case().queue) == ("new", "staff")


def test_emergency_goes_to_a_station_only_with_a_reason(town: Town) -> None:
    """A person lowers it: the reason is kept, and the station reads it as urgent."""
    first = town.member("first")
    town.phone().say(FIRE)
    number = town.case().number
    with pytest.raises(Refused) as refusal:
        staff.dispatch(town.deps, number, "T001", reason=" ")
    assert refusal.value.key == "operator.emergency"
    staff.dispatch(town.deps, number, "T001", reason="火已扑灭，楼道要清理")
    town.tick()
    case = town.case()
    assert (case.state, case.queue, case.urgency) == ("dispatched", None, "urgent")
    kept = [event for event in case.events if event["kind"] == "lowered"]
    assert [(e["reason"], e["data"]) for e in kept] == [
        ("火已扑灭，楼道要清理", {"emergency": "fire"})
    ]
    assert first.notices()[0].startswith("急｜接单")


def test_emergency_that_was_dealt_with_is_answered(town: Town) -> None:
    """The office answers, the alarm ends, and the resident is asked like after any answer."""
    duty, phone = town.member("duty"), town.phone()
    phone.say(FIRE)
    town.tick()
    view = staff.answer(town.deps, town.case().number, "已解决，消防员扑灭了，没有人受伤")
    assert (view.state, view.queue, view.ending) == ("answered", None, "resolved")
    town.tick()
    assert "工作人员答复您：\n已解决，消防员扑灭了，没有人受伤\n解决了吗" in phone.notices()[-1]
    alerts = len(duty.notices())
    town.wait(hours=1)
    assert len(duty.notices()) == alerts
    phone.tap("是")
    assert town.case().rating == {"solved": "yes", "satisfied": None}


def test_lead_that_was_answered_stays_with_named_staff(town: Town) -> None:
    """Not solved: it goes back to those who may see it, and to nobody else."""
    phone = town.phone()
    phone.say(LEAD)
    assert town.case().queue == "restricted"
    staff.answer(town.deps, town.case().number, "转办，已转纪检监察机关")
    town.tick()
    phone.tap("没有")
    assert (town.case().state, town.case().queue) == ("new", "restricted")


def test_answer_is_refused_where_it_is_not_the_offices_turn(town: Town) -> None:
    """Nothing to say, or a station has it: refused, and nothing has changed."""
    town.phone().say("请工作人员联系我")
    number = town.case().number
    with pytest.raises(Refused) as refusal:
        staff.answer(town.deps, number, " ")
    assert refusal.value.key == "operator.needs_answer"
    staff.dispatch(town.deps, number, "T001")
    with pytest.raises(Refused) as refusal:
        staff.answer(town.deps, number, "办好了")
    assert refusal.value.key == "operator.not_now"
    assert town.case().state == "dispatched"


def test_a_promise_that_the_office_missed_is_told_once(town: Town) -> None:
    """Nobody routed it by the time that the resident was told: they hear so, with a new time, and
    进度 says the same; after that one no third is promised. Who wanted a person reads it in those
    words; what only named staff see is not spoken of; what was routed in time is told nothing."""
    resident, human, lead = town.phone(), town.phone("human"), town.phone("lead")
    first = town.member("first")
    resident.say(LAMP)
    town.wait(seconds=5)
    first.say(f"退{first.code} 不归我们管")
    human.say("人工")
    lead.say(LEAD)
    town.phone("fire").say(FIRE)
    go_to(town, "2026-11-23 16:31")
    town.tick()
    assert resident.notices()[-1].endswith(
        "说好现在告诉您由谁来办，还没有定下来，抱歉。工作人员 明天 16:30 前告诉您。"
    )
    assert human.notices()[-1].endswith(
        "说好现在联系您，还没有做到，抱歉。工作人员 明天 16:30 前联系您。"
    )
    assert (lead.notices(), town.phone("fire").notices()) == ([], [])
    assert "比说好的时间晚了，明天 16:30 前告诉您" in resident.say("进度")
    for moment in ("2026-11-24 16:31", "2026-11-25 16:31"):
        go_to(town, moment)
        town.tick()
    assert sum("说好" in words for words in resident.notices()) == 1
    assert "过了说好的时间" in resident.say("进度")


def test_a_new_time_that_has_passed_is_not_promised(make_town: MakeTown, sqlite_url: str) -> None:
    """Held back over the weekend, and nothing ran on Monday: what they read is still ahead."""
    town = make_town(sqlite_url)
    go_to(town, "2026-11-27 10:00")
    town.phone().say("人工")
    go_to(town, "2026-11-27 22:00")
    town.tick()
    assert town.phone().notices() == []
    go_to(town, "2026-12-01 09:00")
    town.tick()
    assert town.phone().received()[-1].fields["thing3"] == "明天 09:00"
