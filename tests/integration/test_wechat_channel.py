"""The channel against a platform on this machine that misbehaves on demand."""

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.channels.client import OfficialAccount
from bot.channels.wechat import WeChatChannel, wechat_channel
from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError
from bot.settings import Settings
from tests.fake_platform import Answer, Call, FakePlatform, running_platform

OPENID = "oTEST_0000000000000000000001"
SECRET = "demo-app-secret-0123456789"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
QUICK = (1.0, 0.2)


class Stopwatch:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with running_platform() as platform:
        yield platform


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def account(platform: FakePlatform, stopwatch: Stopwatch) -> Iterator[OfficialAccount]:
    account = OfficialAccount(
        "wx1", SECRET, platform.base, timeout=(1.0, 5.0), now=lambda: NOW, monotonic=stopwatch
    )
    yield account
    account.close()


@pytest.fixture
def channel(account: OfficialAccount) -> WeChatChannel:
    return WeChatChannel(account, {"task": ("template", "TPL"), "answer": ("subscribe", "SUB")})


def impatient(platform: FakePlatform) -> OfficialAccount:
    return OfficialAccount("wx1", SECRET, platform.base, timeout=QUICK)


def error(code: int, errmsg: str = "no rid: 1-2-3") -> Answer:
    return Answer({"errcode": code, "errmsg": errmsg})


def failure(channel: WeChatChannel) -> SendError:
    with pytest.raises(SendError) as caught:
        channel.send_text(OPENID, "您好", ())
    return caught.value


def test_text(platform: FakePlatform, channel: WeChatChannel) -> None:
    """A text goes out as a customer-service message, in raw Chinese, with the token."""
    assert channel.send_text(OPENID, "路灯修好了😟", ()).hop == "custom"
    (sent,) = platform.sends
    assert (sent.path, sent.token) == ("/cgi-bin/message/custom/send", "T1")
    assert sent.data == {"touser": OPENID, "msgtype": "text", "text": {"content": "路灯修好了😟"}}
    assert "路灯修好了😟".encode() in sent.body


def test_choices(platform: FakePlatform, channel: WeChatChannel) -> None:
    """Choices make a menu message, whose taps come back with their ids."""
    channel.send_text(OPENID, "解决了吗？", (Choice("101", "解决了"), Choice("102", "没解决")))
    assert platform.sends[0].data["msgtype"] == "msgmenu"
    assert platform.sends[0].data["msgmenu"] == {
        "head_content": "解决了吗？",
        "list": [{"id": "101", "content": "解决了"}, {"id": "102", "content": "没解决"}],
        "tail_content": "",
    }


def test_notice(platform: FakePlatform, channel: WeChatChannel) -> None:
    """A notice names the template, keeps its rules, and can be told from a repetition."""
    platform.on_send = lambda call: Answer({"errcode": 0, "errmsg": "ok", "msgid": 200163836})
    fields = {"thing1": "昭乌达路的路灯\n坏了三天了，一直没有人来修", "character_string2": "需1-7"}
    sent = channel.send_notice(OPENID, fields, "https://x.test/", "task")
    assert (sent.hop, sent.message_id) == ("template", "200163836")
    channel.send_notice(OPENID, fields, "https://x.test/", "task")
    channel.send_notice(OPENID, fields, "https://x.test/other", "task")
    first, again, other = (call.data for call in platform.sends)
    assert first["template_id"] == "TPL"
    assert first["data"]["thing1"]["value"] == "昭乌达路的路灯 坏了三天了，一直没有人…"
    assert first["data"]["character_string2"]["value"] == "1-7"
    assert first["client_msg_id"] == again["client_msg_id"] != other["client_msg_id"]


def test_notice_without_a_template(account: OfficialAccount, platform: FakePlatform) -> None:
    """No template in the settings: the next hop, and no call."""
    with pytest.raises(SendError) as caught:
        WeChatChannel(account, {}).send_notice(OPENID, {"thing1": "x"}, "", "task")
    assert caught.value.action == Action.NEXT_HOP
    assert platform.calls == []


def test_channel_from_settings(platform: FakePlatform) -> None:
    """The settings name account and platform."""
    settings = Settings(mode="demo", wechat_api_base=platform.base, _env_file=None)
    channel = wechat_channel(settings, lambda: NOW)
    channel.send_text(OPENID, "您好", ())
    channel.close()
    assert platform.token_calls[0].data["appid"] == settings.wechat_app_id


def test_text_too_long_is_halved_once(platform: FakePlatform, channel: WeChatChannel) -> None:
    """If the platform finds a text too long, half of it goes; if even that, our mistake."""
    platform.on_send = lambda call: error(45002)
    with pytest.raises(SendError) as caught:
        channel.send_text(OPENID, "灯" * 2000, ())
    assert caught.value.action == Action.DEAD
    assert [len(call.data["text"]["content"]) for call in platform.sends] == [600, 302]


def test_one_token_for_twenty_threads(platform: FakePlatform, channel: WeChatChannel) -> None:
    """Twenty threads that start cold fetch one token together."""
    start = threading.Barrier(20)

    def send(_: int) -> None:
        start.wait()
        channel.send_text(OPENID, "您好", ())

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(send, range(20)))
    assert (len(platform.token_calls), len(platform.sends)) == (1, 20)


def test_token_is_renewed_before_its_end(
    platform: FakePlatform, channel: WeChatChannel, stopwatch: Stopwatch
) -> None:
    """From five minutes before its end a token isn't used any more."""
    for passed in (0, 6899, 1):
        stopwatch.seconds += passed
        channel.send_text(OPENID, "您好", ())
    assert [call.token for call in platform.sends] == ["T1", "T1", "T2"]


def test_refused_token_is_renewed_once(platform: FakePlatform, channel: WeChatChannel) -> None:
    """A token that died early is replaced, and the message goes out."""
    platform.on_send = lambda call: error(42001) if call.token == "T1" else Answer()
    channel.send_text(OPENID, "您好", ())
    assert [call.token for call in platform.sends] == ["T1", "T2"]


@pytest.mark.parametrize("code", [40001, 40014, 42001, 41001])
def test_always_refused_tokens_stop(
    platform: FakePlatform, channel: WeChatChannel, code: int
) -> None:
    """Two sends, no more; then the whole channel stops and staff hear of it."""
    platform.on_send = lambda call: error(code)
    stopped = failure(channel)
    assert (stopped.action, stopped.alarm, stopped.code) == (Action.STOP, True, code)
    assert (len(platform.sends), len(platform.token_calls)) == (2, 2)


def test_the_same_token_again_is_forced_once(
    platform: FakePlatform, channel: WeChatChannel
) -> None:
    """When the platform hands back the very token that failed, one forced renewal follows, and
    no second one for hours: there are twenty a day."""
    platform.on_token = lambda call: Answer({"access_token": "DEAD", "expires_in": 7200})
    platform.on_send = lambda call: error(40001)
    failure(channel)
    failure(channel)
    forced = [call.data["force_refresh"] for call in platform.token_calls]
    assert forced == [False, False, True, False]


def test_slow_token_times_out(platform: FakePlatform) -> None:
    """A token that doesn't come is given up; nothing was sent, and the whole channel waits."""
    release = threading.Event()

    def never(call: Call) -> Answer:
        release.wait(10)
        return Answer()

    platform.on_token = never
    account = impatient(platform)
    late = failure(WeChatChannel(account, {}))
    release.set()
    account.close()
    assert (late.action, late.unknown_outcome, platform.sends) == (Action.STOP, False, [])


def test_failed_token_holds_for_all(
    platform: FakePlatform, channel: WeChatChannel, stopwatch: Stopwatch
) -> None:
    """While the platform gives no token, those who wait don't each ask again."""
    platform.on_token = lambda call: error(40164, "invalid ip 192.0.2.1")
    assert failure(channel).action == Action.STOP
    assert "192.0.2.1" in failure(channel).reason
    assert len(platform.token_calls) == 1
    stopwatch.seconds += 2
    failure(channel)
    assert len(platform.token_calls) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>busy</html>"),
        Answer(b'{"access_token": "T'),
        Answer({"expires_in": 7200}),
        Answer(b"[]"),
        Answer({"errcode": "many"}),
        Answer({"errcode": -1, "errmsg": "busy"}),
        Answer({"errcode": 45009, "errmsg": "quota of the token call"}),
        Answer(status=500),
        Answer(hang_up=True),
    ],
)
def test_token_answers_that_are_none(
    platform: FakePlatform, channel: WeChatChannel, answer: Answer
) -> None:
    """Whatever comes instead of a token: nothing was sent, and the whole channel waits, so that
    an outage of ten minutes uses up no notice's tries."""
    platform.on_token = lambda call: answer
    broken = failure(channel)
    assert (broken.action, broken.scope) == (Action.STOP, "channel")
    assert (broken.unknown_outcome, broken.alarm) == (False, True)


def test_send_that_times_out_is_in_doubt(platform: FakePlatform) -> None:
    """The message may have arrived: the row is marked."""
    release = threading.Event()

    def slow(call: Call) -> Answer:
        release.wait(10)
        return Answer()

    platform.on_send = slow
    account = impatient(platform)
    late = failure(WeChatChannel(account, {}))
    release.set()
    account.close()
    assert (late.action, late.unknown_outcome, late.tries) == (Action.RETRY, True, 5)


@pytest.mark.parametrize(
    ("answer", "in_doubt"),
    [
        (Answer(b"<html>busy</html>"), True),  # HTML with 200
        (Answer(b'{"errcode": 0, "errm'), True),  # cut JSON
        (Answer(b'{"errcode": 0}', cut=50), True),  # cut connection
        (Answer(hang_up=True), True),  # reset
        (Answer(b"[]"), True),  # JSON, but of another kind
        (Answer({"errcode": "x"}), True),
        (Answer(status=502), True),  # a gateway: perhaps delivered
        (Answer(status=504), True),
        (Answer(status=500), False),  # a verdict of sorts
        (Answer(status=429), False),
        (error(-1), False),  # busy, said so
    ],
)
def test_broken_answers(
    platform: FakePlatform, channel: WeChatChannel, answer: Answer, in_doubt: bool
) -> None:
    """Every broken answer means: again, with backoff; marked when it may have arrived."""
    platform.on_send = lambda call: answer
    broken = failure(channel)
    assert (broken.action, broken.unknown_outcome) == (Action.RETRY, in_doubt)


def test_nobody_listens(platform: FakePlatform) -> None:
    """A refused connection can't have delivered anything."""
    account = impatient(platform)
    WeChatChannel(account, {}).send_text(OPENID, "您好", ())
    account.API_BASE_URL = "http://127.0.0.1:9/cgi-bin/"
    refused = failure(WeChatChannel(account, {}))
    account.close()
    assert (refused.action, refused.unknown_outcome) == (Action.STOP, False)


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (45011, Action.RETRY),
        (45015, Action.NEXT_HOP),
        (43004, Action.UNREACHABLE),
        (47003, Action.DEAD),
        (48001, Action.STOP),
        (99999, Action.RETRY),  # unknown
    ],
)
def test_each_class_of_refusal(
    platform: FakePlatform, channel: WeChatChannel, code: int, action: Action
) -> None:
    """A refusal is sent once, and says what to do and the rid that Tencent asks for."""
    platform.on_send = lambda call: error(code, "hint rid: 65f0-1")
    refusal = failure(channel)
    assert (refusal.action, refusal.code) == (action, code)
    assert "rid: 65f0-1" in refusal.reason
    assert len(platform.sends) == 1


def test_nothing_secret_in_errors_and_logs(
    platform: FakePlatform, channel: WeChatChannel, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither token nor secret nor openid reaches an error, its causes or any log."""
    caplog.set_level(logging.DEBUG)
    leak = f"invalid {OPENID} ?access_token=T1&secret={SECRET} " + json.dumps({"secret": SECRET})
    for answer in (error(40003, leak), Answer(hang_up=True), Answer(status=500)):
        platform.on_send = lambda call, answer=answer: answer  # type: ignore[misc]
        broken = failure(channel)
        assert broken.__cause__ is None
        assert broken.__suppress_context__ or broken.__context__ is None
        caplog.records.append(logging.makeLogRecord({"msg": broken.reason}))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "access_token=***" in said
    for secret in ("access_token=T1", SECRET, OPENID):
        assert secret not in said
