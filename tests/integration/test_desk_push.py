"""The desk as the platform that pushes: signatures, modes, tries, notices, faults."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.push import NOTICE
from tests.integration.desk_account import Account, Answer, Received, World, world


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[World]:
    """A desk in safe mode whose tries are given up soon."""
    with world(tmp_path) as made:
        yield made


def echo(account: Account, received: Received) -> Answer:
    """Say back what was said."""
    return account.text(received, f"您说：{received.message.get('Content', '')}")


@pytest.mark.parametrize("cipher", ["plain", "compatible", "safe"])
def test_a_text_is_pushed_signed_and_its_reply_comes_back(tmp_path: Path, cipher: str) -> None:
    """In all three modes the account reads the words, and the person reads the reply."""
    with world(tmp_path, cipher=cipher) as made:
        made.account.answer = echo
        openid = made.person()
        told = made.act(openid, type="text", content="3号楼]]>电梯停了😟")
        push = made.account.pushes[0]
        assert told == {"reply": told["reply"], "tries": 1, "ms": told["ms"]}
        assert told["reply"] == "您说：3号楼" + "]]>" + "电梯停了😟"
        assert push.message["FromUserName"] == push.query["openid"] == openid
        assert ("encrypt_type" in push.query) == (cipher != "plain")
        assert (b"<Content>" in push.body) == (cipher != "safe")


def test_the_url_is_checked_once_before_the_first_push(safe: World) -> None:
    """A GET with echostr comes first, and only once."""
    openid = safe.person()
    safe.act(openid, type="text", content="一")
    safe.act(openid, type="text", content="二")
    assert [each.method for each in safe.account.received] == ["GET", "POST", "POST"]


def test_nothing_is_pushed_while_the_url_check_fails(safe: World) -> None:
    """An account that doesn't answer echostr gets no message; later tries ask again."""
    safe.account.checks = False
    openid = safe.person()
    assert safe.act(openid, type="text", content="在吗")["reply"] == NOTICE
    assert safe.account.pushes == []
    safe.account.checks = True
    assert safe.act(openid, type="text", content="在吗")["reply"] == ""
    assert len(safe.account.pushes) == 1


ELEMENTS = [
    # what the person does, element, its content
    ({"type": "image"}, "MsgType", "image"),
    ({"type": "video"}, "ThumbMediaId", "desk-media-thumb"),
    ({"type": "voice"}, "Format", "amr"),
    ({"type": "voice", "recognition": "路灯坏了"}, "Recognition", "路灯坏了"),
    (
        {"type": "location", "lat": 40.8, "lon": 111.7, "label": "昭乌达路"},
        "Location_X",
        "40.800000",
    ),
    ({"type": "link", "title": "标题", "url": "https://example.org"}, "Url", "https://example.org"),
    ({"type": "scan", "scene": "bld3"}, "EventKey", "bld3"),
    ({"type": "subscribe"}, "Event", "subscribe"),
    ({"type": "subscribe", "scene": "bld3"}, "EventKey", "qrscene_bld3"),
    ({"type": "unsubscribe"}, "Event", "unsubscribe"),
    ({"type": "click", "key": "K_MINE"}, "EventKey", "K_MINE"),
    ({"type": "menu_tap", "id": "101", "content": "满意"}, "bizmsgmenuid", "101"),
    ({"type": "sticker"}, "Content", "【收到不支持的消息类型，暂无法显示】"),
    ({"type": "text", "content": "a\x00b"}, "Content", "ab"),
]


@pytest.mark.parametrize(("action", "tag", "value"), ELEMENTS)
def test_every_action_has_its_elements(
    safe: World, action: dict[str, object], tag: str, value: str
) -> None:
    """Each action arrives with the platform's elements; events carry no MsgId, messages do."""
    safe.act(safe.person(), **action)
    message = safe.account.pushes[0].message
    assert message[tag] == value
    assert ("MsgId" in message) == (message["MsgType"] != "event")


def test_an_answer_after_the_limit_is_lost_and_the_push_comes_again(tmp_path: Path) -> None:
    """A slow first try is given up; the second carries the same MsgId and its reply is shown."""
    done = threading.Event()

    def slow_once(account: Account, received: Received) -> Answer:
        if len(account.pushes) == 1:
            done.wait()
        return account.text(received, f"第{len(account.pushes)}次")

    with world(tmp_path, limit=0.5) as made:
        made.account.answer = slow_once
        told = made.act(made.person(), type="text", content="慢")
        done.set()
        first, second = made.account.pushes
        assert (told["reply"], told["tries"]) == ("第2次", 2)
        assert first.message == second.message
        assert 4.0 < made.pauses[0] <= 5.0


def test_three_tries_without_an_answer_end_in_the_notice(safe: World) -> None:
    """HTTP 500 is tried three times, five seconds apart, then the phone shows the fault notice."""
    safe.account.answer = lambda _account, _received: (500, b"oops")
    openid = safe.person()
    told = safe.act(openid, type="text", content="在吗")
    assert (told["reply"], told["tries"]) == (NOTICE, 3)
    assert len({each.message["MsgId"] for each in safe.account.pushes}) == 1
    shown = safe.get(f"/desk/users/{openid}/messages")
    assert [(each["direction"], each["kind"]) for each in shown] == [
        ("in", "text"),
        ("out", "notice"),
    ]


def test_an_answer_that_breaks_off_is_tried_again(safe: World) -> None:
    """The account's server dies while it answers: no reply, but no reason for the notice either."""
    safe.account.answer = echo
    openid = safe.person()
    safe.act(openid, type="text", content="先")  # with the URL check, whose answer must be whole
    safe.account.cut = 1
    told = safe.act(openid, type="text", content="断")
    assert (told["reply"], told["tries"]) == ("您说：断", 2)
    assert "cut off" in str(safe.get("/desk/log"))


BAD = {
    "json": b'{"errcode": 0}',
    "html": b"<html><body>",
    "broken xml": b"<xml><ToUserName>",
    "in clear": b"<xml><ToUserName>a</ToUserName></xml>",
    "wrongly signed": b"<xml><Encrypt>AAAA</Encrypt><MsgSignature>0</MsgSignature></xml>",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_bad_answer_is_noticed_at_once(safe: World, body: bytes) -> None:
    """What the platform can't read as a reply shows the notice after one try."""
    safe.account.answer = lambda _account, _received: (200, body)
    told = safe.act(safe.person(), type="text", content="在吗")
    assert (told["reply"], told["tries"]) == (NOTICE, 1)


def test_a_reply_has_2048_bytes_at_most(safe: World) -> None:
    """2048 bytes pass, one more shows the notice."""
    openid = safe.person()
    safe.account.answer = lambda account, received: account.text(received, "a" * 2048)
    assert len(safe.act(openid, type="text", content="长")["reply"]) == 2048
    safe.account.answer = lambda account, received: account.text(received, "a" * 2049)
    assert safe.act(openid, type="text", content="长")["reply"] == NOTICE


def test_a_duplicate_has_the_same_msgid_after_success(safe: World) -> None:
    """The fault delivers once more what was answered; the log compares the replies."""
    safe.account.answer = echo
    safe.post("/desk/faults", kind="duplicate", times=1)
    told = safe.act(safe.person(), type="text", content="一次")
    first, second = safe.account.pushes
    assert told["tries"] == 1
    assert first.message == second.message
    assert "same reply" in [line["verdict"] for line in safe.get("/desk/log")]


def test_a_key_change_can_lag_behind(safe: World) -> None:
    """With the fault one push is sealed with the key before."""
    new, old = safe.account.settings, replace(safe.account.settings, aes_key="b" * 43)
    safe.desk.pusher.config = replace(new, old_key=old.aes_key)
    openid = safe.person()
    safe.post("/desk/faults", kind="old_key")
    for key in (old, new):
        safe.account.settings = key
        safe.act(openid, type="text", content="在吗")
    assert [each.message["Content"] for each in safe.account.pushes] == ["在吗", "在吗"]


def test_the_second_try_can_overlap_the_first(safe: World) -> None:
    """Both tries are inside the account at the same time: neither ends before the other came."""
    both = threading.Barrier(2)

    def meet(account: Account, received: Received) -> Answer:
        both.wait(timeout=5)
        return account.text(received, "见面了")

    safe.account.answer = meet
    safe.post("/desk/faults", kind="overlap")
    told = safe.act(safe.person(), type="text", content="重叠")
    assert (told["reply"], told["tries"]) == ("见面了", 2)


def test_disorder_holds_a_push_back_until_the_next(safe: World) -> None:
    """The later message arrives first, the earlier one's reply still reaches the phone."""
    safe.account.answer = echo
    openid = safe.person()
    safe.post("/desk/faults", kind="disorder")
    assert safe.act(openid, type="text", content="先") == {"reply": "", "tries": 0, "ms": 0}
    safe.act(openid, type="text", content="后")
    assert [each.message["Content"] for each in safe.account.pushes] == ["后", "先"]
    assert len(safe.get(f"/desk/users/{openid}/messages")) == 4


def test_two_events_can_share_a_second(safe: World) -> None:
    """With the fault, CreateTime stays although the clock moved on."""
    openid = safe.person()
    safe.act(openid, type="click", key="K_NEW")
    safe.advance(5)
    safe.post("/desk/faults", kind="same_second")
    safe.act(openid, type="click", key="K_MINE")
    first, second = safe.account.pushes
    assert first.message["CreateTime"] == second.message["CreateTime"]
    assert first.query["timestamp"] != second.query["timestamp"]


STRANGE = [
    # fault, action, element, content
    ("unknown_event", {"type": "text", "content": "一"}, "Event", "desk_unheard_of_event"),
    (
        "sticker_text",
        {"type": "text", "content": "一"},
        "Content",
        "【收到不支持的消息类型，暂无法显示】",
    ),
    ("empty_recognition", {"type": "voice"}, "Recognition", ""),
]


@pytest.mark.parametrize(("fault", "action", "tag", "value"), STRANGE)
def test_strange_pushes(
    safe: World, fault: str, action: dict[str, object], tag: str, value: str
) -> None:
    """Pushes the real platform is known to send now and then."""
    safe.post("/desk/faults", kind=fault)
    safe.act(safe.person(), **action)
    assert safe.account.pushes[0].message[tag] == value


def test_attacks_reach_the_account_as_they_are(safe: World) -> None:
    """A replay is the same bytes twice, and the desk tells what was answered."""
    safe.act(safe.person(), type="text", content="先检查地址")
    told = safe.post("/desk/attack", kind="replay")
    one, two = safe.account.pushes[1:]
    assert (told["status"], told["first"]["status"]) == (200, 200)
    assert (one.query, one.body) == (two.query, two.body)
    assert safe.post("/desk/attack", kind="nonsense")["error"].startswith("kind must be one of")


@pytest.mark.parametrize("kind", ["bad_signature", "other_appid", "plain_body", "cut_cipher"])
def test_an_attack_is_no_valid_push(safe: World, kind: str) -> None:
    """A library that checks signature and appid refuses them: the connection breaks, status 0."""
    assert safe.post("/desk/attack", kind=kind)["status"] == 0
    assert safe.account.pushes == []
