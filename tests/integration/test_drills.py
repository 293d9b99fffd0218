"""Alarms by every way at once, acknowledged by one tap; and drills of them, which are no cases."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from click.testing import Result

from bot.domain.messages import Action, SendError
from bot.services import drills
from bot.services.deliver import deliver
from bot.services.errors import Refused
from tests.conversation_rig import FIRE, Town
from tests.fakes import RecordingSms
from tests.integration.test_ladders import flask
from tests.integration.test_sweep import alarms, go_to
from tests.web.conftest import MakeTown


def with_sms(town: Town) -> RecordingSms:
    """Everybody has a number, and a gateway carries short messages."""
    sms = RecordingSms()
    settings = town.deps.settings.model_copy(update={"sms": "http"})
    town.app.app.extensions["deps"] = replace(town.deps, sms=sms, settings=settings)
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE people SET phone = '138000000' || (10 + id)")
    return sms


def test_an_alarm_takes_every_way_at_once(town: Town) -> None:
    """At night: chat and short message together, and the list of calls as long as nobody has it;
    one tap ends it and the others are told who."""
    sms = with_sms(town)
    duty, night = town.member("duty"), town.member("night")
    go_to(town, "2026-11-24 02:00")
    for phone in (duty, night):
        phone.say("待办")
    town.phone().say(FIRE)
    deliver(town.deps)
    assert [bool(d.text) for d in duty.received()] == [True, False]  # chat, template
    assert len(sms.messages) == len(night.received()) == 2
    number = town.case().number
    calls = [json.loads(line) for line in flask(town, "cases", "calls").stdout.splitlines()]
    assert {c["person"] for c in calls if c["kind"] == "emergency"} == {"云值守", "夏值守"}
    assert [a["hop"] for a in calls[0]["tried"]] == ["custom", "template", "sms"]
    flask(town, "cases", "called", number, "--reason", "打通了", "--call", str(calls[0]["id"]))
    assert "由您处理" in duty.tap(f"收到{duty.code}")
    town.tick()
    assert "云值守已经在处理" in night.notices()[-1] + night.notices()[-2]
    calls = [json.loads(line) for line in flask(town, "cases", "calls").stdout.splitlines()]
    assert [c["kind"] for c in calls if c["kind"].startswith("emergency")] == []


def test_one_way_that_fails_stops_no_other(town: Town) -> None:
    """The platform refuses: the short message goes all the same, and counts."""
    sms = with_sms(town)
    town.member("duty")

    def refuse(*_: object) -> None:
        raise SendError(Action.RETRY, -1, "系统繁忙 (-1)")

    town.channel.send_text = refuse  # type: ignore[method-assign, assignment]
    town.channel.send_notice = refuse  # type: ignore[method-assign, assignment]
    town.phone().say(FIRE)
    deliver(town.deps)
    assert len(sms.messages) == 2
    states = town.rows("SELECT DISTINCT state FROM outbox WHERE kind = 'emergency'")
    assert states == [("sent",)]


def test_a_drill_is_marked_climbs_and_ends_in_a_report(town: Town) -> None:
    """Every message says that it is a drill; the ladder is that of alarms; the first 演练收到 ends
    it; the report says who was reached when and by what; no case and no figure knows of it."""
    sms = with_sms(town)
    duty, night, staff = (town.member(name) for name in ("duty", "night", "staff"))
    assert "现在没有演练" in duty.say("演练收到")
    assert "没有这次演练" in flask(town, "drill", "report", code=1).stderr
    started = json.loads(flask(town, "drill", "start", "--words", "夜里叫人").stdout)
    assert started == {"drill": "YL-1", "told": 2}
    assert "还在进行" in flask(town, "drill", "start", code=1).stderr
    town.tick()
    assert len(duty.notices()) == 2
    town.wait(minutes=6)
    assert "还没有人应" in staff.notices()[0]
    everything = [
        *duty.notices(),
        *night.notices(),
        *staff.notices(),
        *(w for _, w in sms.messages),
    ]
    assert all("【演练】" in words for words in everything if words)
    shown = [d.fields["thing1"] for d in staff.received() if d.fields]
    assert shown == ["演练：夜里叫人"]
    assert "今天 10:00 开始，5 分钟还没有人应" in staff.notices()[0]
    assert "现在没有演练" in town.phone("resident").say("演练收到")
    town.wait(seconds=10)
    assert "您用了 6 分" in night.tap("演练收到")
    assert "夏值守已经先应了" in duty.say("演练收到")
    town.tick()
    assert "夏值守收到了" in duty.notices()[-1]
    before = len(duty.notices())
    town.wait(minutes=30)
    assert len(duty.notices()) == before
    report_is_right(flask(town, "drill", "report"))
    assert town.cases() == []
    assert flask(town, "cases", "calls").stdout == ""
    assert alarms(town) == []


def report_is_right(told: Result) -> None:
    """Who was rung how often and by what, and who answered."""
    report = json.loads(told.stdout)
    assert (report["answered_by"], report["answered_after"]) == ("夏值守", 370)
    assert {p["person"]: p["alarms"] for p in report["people"]} == {
        "云值守": 2, "夏值守": 2, "冬受理": 1
    }  # fmt: skip
    assert report["people"][0]["ways"].keys() == {"custom", "template", "sms"}
    assert "值班员 云值守：聊天 0 秒，模板消息 0 秒，短信 0 秒" in told.stderr


def test_a_drill_that_nobody_answers_ends_by_itself(make_town: MakeTown, sqlite_url: str) -> None:
    """Five minutes after the last rung, which rings like all others, it is over, and the report
    says who could not be reached; a drill that is stopped by hand rings no more."""
    town = make_town(sqlite_url)
    town.member("duty")
    flask(town, "drill", "start")
    town.wait(hours=1, minutes=1)
    report = json.loads(flask(town, "drill", "report").stdout)
    assert (report["ended_at"], report["people"][0]["alarms"]) == (None, 13)
    town.wait(minutes=4)
    told = flask(town, "drill", "report", "1")
    assert json.loads(told.stdout)["ended_at"] is not None
    assert town.rows("SELECT DISTINCT state FROM outbox WHERE state = 'skipped'") == []
    assert "夏值守：没有叫到" in told.stderr
    assert "没有人应" in told.stderr
    flask(town, "drill", "start")
    assert json.loads(flask(town, "drill", "end").stdout) == {"drill": "YL-2"}
    before = len(town.member("duty").notices())
    town.tick()
    assert len(town.member("duty").notices()) == before
    assert "没有这次演练" in flask(town, "drill", "end", code=1).stderr


def test_the_last_rung_is_answered(make_town: MakeTown, sqlite_url: str) -> None:
    """Nothing ran for two hours: the last call of everybody still rings, the report says by which
    way, and who answers it has answered the drill."""
    town = make_town(sqlite_url)
    duty, staff = town.member("duty"), town.member("staff")
    flask(town, "drill", "start")
    town.clock.advance(timedelta(hours=2))
    town.tick()
    assert [d.text.count("还没有人应") for d in staff.received()] == [1, 0]  # chat, template
    assert "冬受理：聊天 120 分 0 秒" in flask(town, "drill", "report").stderr
    assert "演练到这里" in duty.say("演练收到")
    assert json.loads(flask(town, "drill", "report").stdout)["answered_by"] == "云值守"


def test_two_drills_at_the_same_instant(town: Town) -> None:
    """Two people start one at once: one drill begins, the other person is told that it runs."""
    ready = threading.Barrier(2)

    def start(_: int) -> str:
        ready.wait(timeout=10)
        try:
            return drills.start(town.deps)[0]
        except Refused as refused:
            return refused.key

    with ThreadPoolExecutor(2) as people:
        for number in ("YL-1", "YL-2", "YL-3"):
            assert sorted(people.map(start, range(2))) == [number, "drill.running"]
            drills.end(town.deps)


def test_a_drill_needs_somebody_on_duty(town: Town) -> None:
    """Without anybody on duty there is nothing to exercise, and that is the finding."""
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM posts WHERE role = 'duty'")
    assert "没有值班员" in flask(town, "drill", "start", code=1).stderr
