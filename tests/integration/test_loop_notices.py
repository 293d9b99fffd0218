"""How notices travel, over the real wire: consents, receipts, and calls that are ticked off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.understanding import Understander
from tests.conversation_rig import LAMP
from tests.integration.loop_rig import Loop, loop

TEMPLATE = "DEMO_SUBSCRIBE_LONG_TASK"


@pytest.fixture
def world(
    tmp_path: Path, sqlite_url: str, understander: Understander, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Loop]:
    """Desk and app, whose tasks travel as subscription notices."""
    monkeypatch.setenv("XMZ_WECHAT_NOTICE_TASK", f"subscribe:{TEMPLATE}")
    with loop(tmp_path, sqlite_url, understander) as both:
        yield both


def attempts(world: Loop, number: str, kind: str) -> list[tuple[Any, Any, Any]]:
    """Hop, outcome and code of each attempt on the case's notice of this kind."""
    (case,) = world.lines("cases", "show", number)
    (notice,) = [each for each in case["notices"] if each["kind"] == kind]
    return [(each["hop"], each["outcome"], each["code"]) for each in notice["attempts"]]


def test_a_notice_over_the_wire(world: Loop) -> None:
    """A convener silent for two days gets the push as a subscription notice, and the desk's event
    says that it arrived. The resident leaves: the answer becomes a call, which is ticked off."""
    first, aunt = world.member("T001:first_convener"), world.phone("aunt")
    world.advance(49 * 3600)
    consents = first.url.replace("/messages", "/consents")
    world.http.post(consents, json={"template_id": TEMPLATE, "answer": "accept"})
    aunt.say(LAMP)
    world.advance(5)
    world.tick()
    (case,) = world.lines("cases", "export")
    assert [m["kind"] for m in first.received()][-1] == "subscribe"
    for work in world.put_off:
        work()
    assert attempts(world, case["number"], "push") == [
        ("subscribe", "sent", None), ("subscribe", "delivered", None),
    ]  # fmt: skip
    world.http.post(aunt.url, json={"type": "unsubscribe"})
    (ahead,) = world.lines("cases", "calls")
    assert (ahead["kind"], ahead["number"]) == ("out_of_reach", f"需{case['number']}")
    code = first.received()[-1]["text"].rsplit("接", 1)[1]
    first.say(f"接{code}")
    first.say(f"答{code} 路灯昨晚修好了")
    world.tick()
    (call,) = world.lines("cases", "calls")
    assert (call["kind"], "路灯昨晚修好了" in call["words"]) == ("answered", True)
    world.flask("cases", "called", case["number"], exit_code=1)  # how did it go?
    world.flask("cases", "called", case["number"], "--reason", "打通了，很高兴")
    assert world.lines("cases", "calls") == []
    assert attempts(world, case["number"], "answered") == [("call", "called", None)]
