"""The real channel against a platform that fails: nothing is lost, staff hear once a cause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.client import OfficialAccount
from bot.channels.sms import HttpSms
from bot.channels.wechat import WeChatChannel
from bot.domain.messages import Action, SendError
from bot.domain.notices import SHAPES
from bot.services import calls, staff
from bot.services.deliver import deliver
from bot.services.ports import Deps
from bot.services.sweep import sweep
from scheduler.tick import tick_until
from tests.conversation_rig import FIRE, LAMP, Town
from tests.fake_platform import Answer, FakePlatform, running_platform
from tests.fakes import RecordingSms

PEOPLE = 6


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with running_platform() as platform:
        yield platform


def on_wire(town: Town, platform: FakePlatform) -> Deps:
    """The services with the real channel to this platform, whose clock is the town's."""
    start: datetime = town.clock.now()

    def seconds() -> float:
        return (town.clock.now() - start).total_seconds()

    account = OfficialAccount(
        "wx1", "secret", platform.base, timeout=(1.0, 5.0), now=town.clock.now, monotonic=seconds
    )
    notices = dict.fromkeys(SHAPES, ("template", "TPL"))
    return replace(town.deps, channel=WeChatChannel(account, notices))


def waiting(town: Town) -> None:
    """Six residents' cases, each pushed to the same convener."""
    town.member("first")
    for n in range(PEOPLE):
        town.phone(f"resident{n}").say(LAMP)
    town.clock.advance(timedelta(seconds=5))
    assert sweep(town.deps)


def pass_time(town: Town, deps: Deps, **time: float) -> None:
    """Let time pass with everything that falls due on the way."""
    until = town.clock.now() + timedelta(**time)
    for _ in tick_until(deps, until, lambda s: town.clock.advance(timedelta(seconds=s))):
        pass


def alarms(town: Town) -> list[tuple[object, ...]]:
    """Open alarms but that of the calendar."""
    found = staff.alarm_lines(town.deps)
    return [(a["kind"],) for a in found if a["kind"] != "calendar"]


def states(town: Town) -> list[tuple[Any, ...]]:
    """What became of the pushes."""
    return town.rows("SELECT DISTINCT state, attempts FROM outbox WHERE kind = 'push'")


def error(code: int) -> Answer:
    return Answer({"errcode": code, "errmsg": "no rid: 1-2-3"})


NO_TOKEN = (
    ("no server answers", Answer(status=500)),
    ("HTML with 200", Answer(b"<html>busy</html>")),
    ("a cut answer", Answer(b'{"access_token": "T', cut=9)),
    ("our address is refused", error(40164)),
)


@pytest.mark.slow
@pytest.mark.parametrize("answer", [row[1] for row in NO_TOKEN], ids=[row[0] for row in NO_TOKEN])
def test_ten_minutes_without_a_token(town: Town, platform: FakePlatform, answer: Answer) -> None:
    """Nothing is sent, lost or given up; one alarm; then everything goes at its first try."""
    waiting(town)
    deps = on_wire(town, platform)
    platform.on_token = lambda call: answer
    pass_time(town, deps, minutes=10)
    assert (states(town), alarms(town), platform.sends) == (
        [("queued", 0)], [("way:channel",)], [],
    )  # fmt: skip
    assert len(platform.token_calls) <= 12
    platform.on_token = platform.hand_out_token
    pass_time(town, deps, minutes=2)
    assert (states(town), alarms(town)) == ([("sent", 1)], [])
    assert len(platform.sends) == PEOPLE


IN_THE_DARK = (
    # What ten minutes of sends are answered with → sends to the platform, doubt, the alarm.
    ("no server answers", Answer(status=500), 6 * PEOPLE, False, "given_up"),
    ("HTML with 200", Answer(b"<html>busy</html>"), 2 * PEOPLE, True, "in_doubt"),
    ("a cut answer", Answer(b'{"errcode": 0', cut=9), 2 * PEOPLE, True, "in_doubt"),
    ("no answer comes", Answer(hang_up=True), 2 * PEOPLE, True, "in_doubt"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "sends", "doubt", "alarm"), [row[1:] for row in IN_THE_DARK],
    ids=[row[0] for row in IN_THE_DARK],
)  # fmt: skip
def test_ten_minutes_in_the_dark(
    town: Town, platform: FakePlatform, *, answer: Answer, sends: int, doubt: bool, alarm: str
) -> None:
    """Each notice takes its tries (two when one may have arrived) and stands on the list of calls,
    with one alarm for all; sent again from there it arrives, and the alarm ends with the last."""
    waiting(town)
    deps = on_wire(town, platform)
    platform.on_send = lambda call: answer
    pass_time(town, deps, minutes=10)
    listed = [each for each in staff.calls(deps) if each.kind == "push"]
    assert [each.in_doubt for each in listed] == [doubt] * PEOPLE
    assert (len(platform.sends), alarms(town)) == (sends, [(alarm,)])
    platform.on_send = lambda call: Answer()
    for each in listed:
        assert alarms(town) == [(alarm,)]
        calls.resend(deps, each.number)
    pass_time(town, deps, minutes=1)
    assert (states(town), alarms(town)) == ([("sent", 1)], [])


@pytest.mark.slow
def test_a_token_that_is_always_refused(town: Town, platform: FakePlatform) -> None:
    """40001 for ever: two sends each minute, not hundreds; one alarm, nothing lost."""
    waiting(town)
    deps = on_wire(town, platform)
    platform.on_send = lambda call: error(40001)
    pass_time(town, deps, minutes=10)
    assert (states(town), alarms(town)) == ([("queued", 0)], [("way:channel",)])
    assert len(platform.sends) <= 22
    platform.on_send = lambda call: Answer()
    pass_time(town, deps, minutes=2)
    assert (states(town), alarms(town)) == ([("sent", 1)], [])


def test_a_used_up_quota_closes_one_hop_till_midnight(town: Town, platform: FakePlatform) -> None:
    """45009 on customer-service messages: one is refused, all go by template; one alarm."""
    waiting(town)
    deps = on_wire(town, platform)
    custom = "/cgi-bin/message/custom/send"
    platform.on_send = lambda call: error(45009) if call.path == custom else Answer()
    pass_time(town, deps, minutes=10)
    tried = [call.path == custom for call in platform.sends]
    assert (states(town), sum(tried), alarms(town)) == ([("sent", 1)], 1, [("way:custom",)])


def test_many_wrong_openids_are_a_wrong_account(town: Town, platform: FakePlatform) -> None:
    """40003 for one person is theirs; for several within the hour it is the account: the channel
    stops, with one alarm."""
    waiting(town)
    first = town.member("first")
    town.tick()
    for words in first.notices():
        if words:  # the sixth went by template
            first.say(f"接{words.rsplit('接', 1)[1]}")
    deps = on_wire(town, platform)
    platform.on_send = lambda call: error(40003)
    for _ in range(4):
        assert [each.state for each in deliver(deps, limit=1)] == ["unreachable"]
        assert alarms(town) == []
    deliver(deps, limit=1)
    assert alarms(town) == [("way:channel",)]


def test_an_emergency_goes_round_a_closed_channel(town: Town, platform: FakePlatform) -> None:
    """While the platform gives no token, the duty desk gets a short message at once."""
    with town.deps.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE people SET phone = '13911110000' WHERE code = 'duty'")
    town.member("duty")
    deps = on_wire(town, platform)
    platform.on_token = lambda call: error(40164)
    town.phone().say(FIRE)
    deliver(replace(deps, sms=RecordingSms()))
    hops = town.rows("SELECT hop, state FROM outbox WHERE kind = 'emergency' ORDER BY id")
    assert ("sms", "sent") in hops


GATEWAY = (
    # what the gateway answers → what is done
    (Answer(), None),
    (Answer(status=500), Action.RETRY),
    (Answer(status=429), Action.RETRY),
    (Answer(status=401), Action.STOP),
    (Answer(status=422), Action.NEXT_HOP),
    (Answer(hang_up=True), Action.RETRY),
)


@pytest.mark.parametrize(("answer", "action"), GATEWAY)
def test_the_gateway_for_short_messages(
    platform: FakePlatform, answer: Answer, action: Action | None
) -> None:
    """One POST; each kind of answer has its action, and no error names the number."""
    platform.on_send = lambda call: answer
    sms = HttpSms(f"{platform.base}/send", "key")
    if action is None:
        assert sms.send("13800000000", "接单").hop == "sms"
    else:
        with pytest.raises(SendError) as refused:
            sms.send("13800000000", "接单")
        assert refused.value.action == action
        assert "13800000000" not in refused.value.reason
    assert platform.sends[0].data == {"phone": "13800000000", "text": "接单"}
