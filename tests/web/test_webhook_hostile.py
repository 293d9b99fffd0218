"""Bad input at the webhook: refused without a trace, or taken as the data it is."""

import dataclasses
import logging
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import AppClient, MakeApp
from tests.wechat_push import PERSON, Platform, Push, body, event, text

LAMP = "昭乌达路的路灯坏了三天了"


def without(push: Push, name: str) -> Push:
    return Push({k: v for k, v in push.query.items() if k != name}, push.data)


def changed(push: Push, name: str, value: str) -> Push:
    return Push({**push.query, name: value}, push.data)


def of_another_account(platform: Platform) -> Push:
    other = dataclasses.replace(platform, app_id="wxsomebodyelse000")
    return platform.sealed(other.crypto.encrypt(text(LAMP).encode()))


def forged(platform: Platform) -> list[tuple[str, Push]]:
    """Pushes that prove nothing, by name."""
    good = platform.safe(text(LAMP))
    cipher = platform.crypto.encrypt(text(LAMP).encode())
    return [
        ("no signature", without(good, "signature")),
        ("wrong signature", changed(good, "signature", "0" * 40)),
        ("no msg_signature", without(good, "msg_signature")),
        (
            "signature in place of msg_signature",
            changed(good, "msg_signature", good.query["signature"]),
        ),
        ("no timestamp", without(good, "timestamp")),
        ("another nonce", changed(good, "nonce", "1")),
        ("stale", platform.safe(text(LAMP), age=301)),
        ("from the future", platform.safe(text(LAMP), age=-400)),  # a slow machine ages it
        ("wrong appid", of_another_account(platform)),
        ("wrong token", dataclasses.replace(platform, token="guess").safe(text(LAMP))),
        ("wrong key", dataclasses.replace(platform, aes_key="a" * 43).safe(text(LAMP))),
        ("truncated ciphertext", platform.sealed(cipher[:-24])),
        ("half a block less", platform.sealed(cipher[:-7])),
        ("no ciphertext", platform.sealed("")),
        ("ciphertext of another push", Push(good.query, platform.safe(text("x")).data)),
        ("plain body in safe mode", platform.plain(text(LAMP))),
        ("broken XML outside", platform.plain("<xml><Encrypt>")),
        ("doctype outside", platform.plain(b"<!DOCTYPE xml>" + good.data)),
        ("two ciphertexts", platform.plain(good.data.replace(b"</xml>", b"<Encrypt/></xml>"))),
        ("empty body", platform.plain("")),
    ]


def test_every_forgery_meets_the_same_answer(app_client: AppClient) -> None:
    """Whatever is wrong, the answer is the same 403, and nothing is stored."""
    answers = {
        name: (response.status_code, response.data)
        for name, push in forged(app_client.platform)
        for response in [app_client.post(push)]
    }
    assert {name: a for name, a in answers.items() if a != (403, b"forbidden")} == {}
    assert app_client.count("messages") == 0


def test_url_check(app_client: AppClient) -> None:
    """The platform's check gets its echostr back, byte for byte; a stranger gets nothing."""
    query = app_client.platform.query() | {"echostr": "5927<4>&x"}
    good = app_client.client.get("/wechat", query_string=query)
    assert (good.status_code, good.data, good.mimetype) == (200, b"5927<4>&x", "text/plain")
    bad = app_client.client.get("/wechat", query_string=query | {"signature": "0"})
    assert (bad.status_code, bad.data) == (403, b"forbidden")
    stale = app_client.platform.query(age=400) | {"echostr": "1"}
    assert app_client.client.get("/wechat", query_string=stale).status_code == 403


@pytest.mark.parametrize("cipher", ["plain", "compatible", "safe"])
def test_a_message_in_each_mode(make_app: MakeApp, cipher: str) -> None:
    """In every mode a message is stored and answered in the form that the mode asks for."""
    client = make_app(cipher)
    assert client.shown(client.push(text(LAMP)))
    assert client.count("messages") == 1


def test_compatible_mode_believes_only_what_was_encrypted(make_app: MakeApp) -> None:
    """The copy in clear may say what it likes: its sender could be anybody."""
    client = make_app("compatible")
    lie = "<Content>lie</Content><FromUserName>oEvil</FromUserName><MsgType>text</MsgType>"
    client.shown(client.post(client.platform.safe(text(LAMP, msg_id="77"), outer=lie)))
    with client.deps.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT m.key, c.address FROM messages m JOIN contacts c ON c.id = m.contact_id"
        ).all()
    assert [tuple(row) for row in rows] == [("m:77", PERSON)]
    assert client.post(client.platform.plain(text(LAMP))).status_code == 403


def test_json_is_refused_and_told(app_client: AppClient, caplog: pytest.LogCaptureFixture) -> None:
    """The console's switch to JSON is a mistake of the office: refused, and loud in the log."""
    response = app_client.post(app_client.platform.plain('{"ToUserName": "gh_1"}'))
    assert response.status_code == 415
    assert [r.levelno for r in caplog.records if "push_is_json" in r.message] == [logging.ERROR]


@pytest.mark.parametrize(
    "xml",
    [
        "<xml><broken>",
        "",
        "not XML at all",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + text("&e;"),
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + body("&b;"),
        body("<MsgId>1</MsgId>"),  # no Content
        text("a").replace("</xml>", "<FromUserName>oEvil</FromUserName></xml>"),
        body("<a>" * 200 + "</a>" * 200, "<MsgId>1</MsgId>", kind="x"),
    ],
)
def test_bad_xml_inside_good_encryption(app_client: AppClient, xml: str) -> None:
    """Even from the platform itself, XML that is none is refused and stores nothing."""
    assert app_client.push(xml).status_code == 400
    assert app_client.count("messages") == 0


def test_ten_megabytes_are_not_read(app_client: AppClient) -> None:
    """A body too large is refused by its length, said or not."""
    huge = app_client.platform.plain(b"<xml>" + b"a" * 10_000_000)
    assert app_client.post(huge).status_code == 413
    chunked = app_client.client.post(
        **huge.request | {"content_length": None, "headers": {"Transfer-Encoding": "chunked"}},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert chunked.status_code == 413


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE cases; --路灯坏了",
        '" OR 1=1; DELETE FROM messages; 停水了',
        "{{ config }}{% raw %}{{ 7*7 }}${7*7}%s%n{0}{number}",
        "a]]>b<xml>&lt;",
        "<a href='https://evil.test'>点这里</a>",
        "😟👨‍👩‍👧‍👦🏳️‍🌈",
        "水電費為甚麼漲了這麼多",
        "ᠬᠥᠬᠡᠬᠣᠲᠠ ᠶᠢᠨ ᠵᠠᠮ",
        "路\u200b灯\u202e坏了\u2066",
        "",
        "\u200b\u200d\ufeff",
        "1" * 20_000,
        "灯" * 20_000,
    ],
)
def test_odd_words_are_stored_and_answered(app_client: AppClient, words: str) -> None:
    """Odd words are data: one message is stored, something is answered, no table is lost."""
    assert app_client.shown(app_client.push(text(words)))
    assert app_client.count("messages") == 1
    assert app_client.count("cases") in {0, 1}


@pytest.mark.parametrize(
    "xml",
    [
        body("<Thing>x</Thing><MsgId>9</MsgId>", kind="holo_video"),
        event("event_of_2027", "<EventKey>k</EventKey>"),
        event("unsubscribe"),
        event("VIEW", "<EventKey>https://x.test/</EventKey>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>failed:user block</Status>"),
        event("LOCATION", "<Latitude>40</Latitude><Longitude>111</Longitude>"),
        event(
            "user_authorization_revoke", f"<OpenID>{PERSON}</OpenID><RevokeInfo>205</RevokeInfo>"
        ),
    ],
)
def test_what_needs_no_words_is_acknowledged(app_client: AppClient, xml: str) -> None:
    """Unknown types, and events after which nobody looks at the chat, get `success`."""
    assert app_client.push(xml).data == b"success"


def test_replay_changes_nothing(app_client: AppClient) -> None:
    """The same push again, within the window, gets the same words and makes nothing new."""
    push = app_client.platform.safe(text(LAMP))
    first, second = (app_client.shown(app_client.post(push)) for _ in range(2))
    assert first == second
    assert app_client.count("messages") == app_client.count("cases") == 1


def test_openid_is_in_no_log(app_client: AppClient, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a good nor a broken push leaves the person's openid or words in the log."""
    caplog.set_level(logging.DEBUG)
    app_client.push(text(LAMP))
    app_client.push(text(LAMP).replace("<Content>", "<Broken>"))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert PERSON not in said
    assert LAMP not in said


def fuzz(client: FlaskClient, platform: Platform, data: bytes) -> int:
    return client.post(**platform.plain(data).request).status_code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_body_is_a_client_error(app_client: AppClient, data: bytes) -> None:
    """No bytes in place of a push give anything but a 4xx."""
    assert fuzz(app_client.client, app_client.platform, data) in {403, 415}


def test_the_window_follows_the_clock_of_the_app(app_client: AppClient) -> None:
    """A push is judged by the app's own clock: the demo clock may stand elsewhere."""
    later = app_client.deps.clock.now() + timedelta(hours=1)
    ahead = dataclasses.replace(app_client.platform, now=later)
    assert app_client.post(ahead.safe(text(LAMP))).status_code == 403
