"""QR codes, menu and media against a platform on this machine that misbehaves on demand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.channels.platform import PlatformAccount, WeChatPlatform, wechat_platform
from bot.domain.media import TooLarge
from bot.domain.messages import Action, SendError
from bot.settings import Settings
from tests.fake_platform import Answer, Call, FakePlatform, running_platform

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    with running_platform() as platform:
        yield platform


@pytest.fixture
def platform(fake: FakePlatform) -> Iterator[WeChatPlatform]:
    made = WeChatPlatform(PlatformAccount("wx1", "secret", fake.base, now=lambda: NOW))
    yield made
    made.close()


def error(code: int) -> Answer:
    return Answer({"errcode": code, "errmsg": "no rid: 1-2-3"})


def test_qr_codes(fake: FakePlatform, platform: WeChatPlatform) -> None:
    """Permanent and for a time, by the platform's own names; an answer without ticket is none."""
    fake.on_send = lambda call: Answer({"ticket": "gQ1", "url": "http://weixin.qq.com/q/1"})
    assert platform.qr_code("st_S001").url == "http://weixin.qq.com/q/1"
    platform.qr_code("b_X", 600)
    scene = {"scene": {"scene_str": "st_S001"}}
    assert fake.sends[0].path == "/cgi-bin/qrcode/create"
    assert fake.sends[0].data == {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene}
    assert fake.sends[1].data["action_name"] == "QR_STR_SCENE"
    assert fake.sends[1].data["expire_seconds"] == 600
    fake.on_send = lambda call: Answer({"ticket": "gQ1"})
    with pytest.raises(SendError):
        platform.qr_code("st_S001")


def test_menu(fake: FakePlatform, platform: WeChatPlatform) -> None:
    """Read, with or without one, and set; an answer that is no menu is no menu."""
    fake.on_send = lambda call: Answer({"menu": {"button": [{"name": "说事"}]}})
    assert platform.menu() == [{"name": "说事"}]
    fake.on_send = lambda call: error(46003)
    assert platform.menu() == []
    fake.on_send = lambda call: error(48001)
    with pytest.raises(SendError) as refused:
        platform.menu()
    assert refused.value.code == 48001
    fake.on_send = lambda call: Answer({"menu": 1})
    with pytest.raises(SendError):
        platform.menu()
    fake.on_send = lambda call: Answer()
    platform.set_menu([{"name": "说事"}])
    assert fake.sends[-1].data == {"button": [{"name": "说事"}]}


def test_media(fake: FakePlatform, platform: WeChatPlatform) -> None:
    """Bytes for a picture; for a video JSON with the address of the bytes."""
    fake.on_send = lambda call: Answer(b"\xff\xd8\xff...")
    assert platform.media("m1", 100) == b"\xff\xd8\xff..."

    def video(call: Call) -> Answer:
        if call.path == "/v.mp4":
            return Answer(b"....ftyp")
        return Answer({"video_url": f"{fake.base}/v.mp4"})

    fake.on_send = video
    assert platform.media("m2", 100) == b"....ftyp"
    assert [call.token for call in fake.sends] == ["T1", "T1", ""]


def test_token_that_died_is_renewed_once(fake: FakePlatform, platform: WeChatPlatform) -> None:
    """As with messages: two questions, no more."""
    fake.on_send = lambda call: error(42001) if call.token == "T1" else Answer(b"OggS")
    assert platform.media("m1", 100) == b"OggS"
    fake.on_send = lambda call: error(40001)
    with pytest.raises(SendError) as refused:
        platform.media("m1", 100)
    assert refused.value.action is Action.STOP
    assert len(fake.sends) == 4


@pytest.mark.parametrize(
    ("answer", "action", "code"),
    [
        (error(40007), Action.DEAD, 40007),
        (error(45009), Action.STOP, 45009),
        (Answer(b"<html>busy</html>"), Action.RETRY, None),
        (Answer(b'{"errcode": 0, "vid'), Action.RETRY, None),
        (Answer({"errcode": "many"}), Action.RETRY, None),
        (Answer({"video_url": "file:///etc/passwd"}), Action.RETRY, None),
        (Answer(b"\xff\xd8\xff", cut=50), Action.RETRY, None),
        (Answer(hang_up=True), Action.RETRY, None),
        (Answer(status=500), Action.RETRY, None),
    ],
)
def test_media_that_does_not_come(
    fake: FakePlatform, platform: WeChatPlatform, answer: Answer, action: Action, code: int | None
) -> None:
    """Each way of failing says what to do, and no secret."""
    fake.on_send = lambda call: answer
    with pytest.raises(SendError) as failed:
        platform.media("m1", 1000)
    assert (failed.value.action, failed.value.code) == (action, code)
    assert "T1" not in failed.value.reason
    assert failed.value.__cause__ is None


def test_media_without_end(fake: FakePlatform, platform: WeChatPlatform) -> None:
    """More than was asked for is not read to its end."""
    fake.on_send = lambda call: Answer(b"\xff\xd8\xff" + b"x" * 200_000)
    with pytest.raises(TooLarge):
        platform.media("m1", 100_000)


def test_platform_of_the_settings(fake: FakePlatform) -> None:
    """The settings name account and platform."""
    made = wechat_platform(
        Settings(mode="demo", wechat_api_base=fake.base, _env_file=None), lambda: NOW
    )
    fake.on_send = lambda call: Answer(b"GIF89a")
    assert made.media("m1", 100) == b"GIF89a"
    made.close()
