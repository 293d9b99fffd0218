"""The main job over the real wire: desk and app as servers, the desk's API and flask commands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.understanding import Understander
from tests.conversation_rig import FIRE, LAMP
from tests.integration.loop_rig import Loop, loop


@pytest.fixture
def world(tmp_path: Path, database_url: str, understander: Understander) -> Iterator[Loop]:
    """Desk and app on Monday 10:00; the test runs once on each kind of database."""
    with loop(tmp_path, database_url, understander) as both:
        yield both


def code_in(words: str) -> str:
    """The item code that a notice asks to type."""
    found = re.search(r"(?:接|收到|答|看)(\d{2,3})", words)
    assert found, words
    return found[1]


def rungs(lines: list[dict[str, Any]], clock: str = "accept") -> list[tuple[str, str]]:
    """(day and time in UTC, audience) of the rungs that a run of ticks recorded."""
    steps = (line for line in lines if line["job"] == "sweep" and line["clock"] == clock)
    return [(line["at"][8:16], line["audience"]) for line in steps]


def test_the_loop(world: Loop) -> None:
    """A text becomes a case at the right one of the stations, is pushed, accepted and answered;
    the resident reads the answer, says that it helped and how it was, and the case is closed."""
    first, neighbour = world.member("T001:first_convener"), world.member("T002:first_convener")
    resident = world.phone("aunt")
    reply = resident.say(LAMP)
    number = re.search(r"需\d{6}-\d{4}", reply)
    assert number
    assert "昭乌达路街道委员工作站" in reply
    world.advance(5)
    world.tick()
    (push,) = first.notices()
    assert neighbour.notices() == []
    code = code_in(push)
    assert number[0] in first.say(f"接{code}")
    world.tick()
    first.say(f"答{code} 路灯昨晚修好了")
    world.tick()
    accepted, answered = resident.notices()
    assert "接手了" in accepted
    assert "路灯昨晚修好了" in answered
    assert "解决了吗" in answered
    assert "满意" in resident.tap("是")
    assert resident.tap("满意") == f"谢谢您告诉我们，{number[0]} 就到这里。"
    (case,) = world.lines("cases", "export")
    assert (case["state"], case["rating"]) == ("closed", {"solved": "yes", "satisfied": "yes"})
    assert [event["kind"] for event in case["events"] if event["kind"] != "rung"] == [
        "registered", "dispatched", "accepted", "answered", "solved", "satisfied", "closed",
    ]  # fmt: skip


def test_nobody_accepts(world: Loop) -> None:
    """One reminder, then the second convener and the head, the district convener, staff and
    leader, each once and at their time; the second convener can take the case."""
    first, second = world.member("T001:first_convener"), world.member("T001:second_convener")
    above = world.member("D1:district_convener")
    world.phone("aunt").say(LAMP)
    climbed = world.tick_until("2026-11-24T10:30")
    assert rungs(climbed) == [
        ("23T09:18", "holder"),  # 80 % of a working day: 17:18
        ("24T02:00", "second_convener"),
        ("24T02:00", "station_head"),
    ]
    assert [len(first.notices()), len(second.notices())] == [2, 1]
    assert "到期" in first.notices()[1]
    assert world.tick() == []
    climbed = world.tick_until("2026-11-26T10:30")
    assert [audience for _, audience in rungs(climbed)] == ["district_convener", "staff", "leader"]
    # Two days after the binding only the template is left; who can't accept is asked to look.
    assert re.search(r"看\d\d", above.notices()[0])
    assert "接下了" in second.say(f"接{code_in(second.notices()[0])}")
    assert rungs(world.tick_until("2026-11-27T16:00")) == []
    (case,) = world.lines("cases", "export")
    assert case["state"] == "accepted"
    assert case["next_step_at"] is not None


def test_emergency(world: Loop) -> None:
    """At two in the night: the number to call comes first, the duty phone hears at once by
    every way, and again after five minutes, until 收到; staff find the case in their queue."""
    duty = world.member("OFFICE:duty")
    world.tick_until("2026-11-24T02:00")
    assert resident_is_told("119", world.phone("aunt").say(FIRE))
    world.tick()
    assert [m["kind"] for m in duty.received()[1:]] == ["custom", "template"]
    world.advance(301)
    world.tick()
    assert [m["kind"] for m in duty.received()[3:]] == ["custom", "template"]
    assert "收到" in duty.tap(f"收到{code_in(duty.notices()[0])}")
    world.tick_until("2026-11-24T02:30")
    assert len(duty.notices()) == 4
    (line,) = world.lines("cases", "queue", "--name", "emergency")
    assert line["urgency"] == "emergency"


def resident_is_told(number: str, reply: str) -> bool:
    """The number stands in the first sentence."""
    return number in reply.split("。")[0]


def test_staff_queue_from_the_shell(world: Loop) -> None:
    """What no rule could place waits for staff, who look at it, dispatch it or reject it; the
    resident hears either way."""
    first = world.member("T001:first_convener")
    aunt, uncle = world.phone("aunt"), world.phone("uncle")
    aunt.say("我想反映一件事，说来话长，请你们的人联系我")
    uncle.say("请工作人员联系我")
    world.advance(5)
    world.tick()
    numbers = [line["number"] for line in world.lines("cases", "queue")]
    assert len(numbers) == 2
    shown = world.lines("cases", "show", numbers[0])[0]
    assert (shown["number"], shown["queue"]) == (numbers[0], "staff")
    world.flask("cases", "dispatch", numbers[0], "T001", "--reason", "问过了")
    world.flask("cases", "reject", numbers[1], "--reason", "电话里说清楚了")
    world.tick()
    assert "昭乌达路街道委员工作站" in aunt.notices()[0]
    assert "电话里说清楚了" in uncle.notices()[0]
    assert len(first.notices()) == 1
    assert world.lines("cases", "queue") == []
    for refused in (["cases", "show", "需261123-9999"], ["cases", "dispatch", numbers[0], "T001"],
                    ["cases", "reject", numbers[0], "--reason", "x"],
                    ["cases", "answer", numbers[0], "办好了"]):  # fmt: skip
        world.flask(*refused, exit_code=1)


def test_who_has_no_phone_is_called(world: Loop) -> None:
    """A push for a convener without a phone is on the list of calls, with what to say."""
    world.phone("aunt").say(LAMP)
    world.advance(5)
    world.tick()
    called = {line["person"]: line["words"] for line in world.lines("cases", "calls")}
    assert "马板凳" in called
    assert all("接单" in words for words in called.values())
