"""Pushes of every kind become `Inbound`; nothing else does."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inbound import Inbound
from bot.handlers.translate import STICKER, translate
from bot.handlers.xmlwalk import Malformed
from tests.wechat_push import ACCOUNT, PERSON, body, event, text

LISTED = "<List><TemplateId>T1</TemplateId>{}</List>"


def read(xml: str) -> Inbound:
    return translate(xml.encode())


def message(kind: str, *extra: str) -> Inbound:
    return read(body(*extra, "<MsgId>7</MsgId>", kind=kind))


def test_text_message() -> None:
    """A text keeps its words, its sender and its time; its key is the platform's MsgId."""
    got = read(text(" 3号楼电梯停了😟 ", msg_id="24800000000000001"))
    assert got == Inbound(
        key="m:24800000000000001",
        openid=PERSON,
        account=ACCOUNT,
        kind="text",
        sent_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        text="3号楼电梯停了😟",
        data={},
    )


def test_tap_on_a_choice() -> None:
    """A tap carries the id of the choice beside its words."""
    got = message("text", "<Content>满意</Content><bizmsgmenuid>101</bizmsgmenuid>")
    assert (got.text, got.menu_id) == ("满意", "101")


@pytest.mark.parametrize(
    "content", ["<Content></Content>", "<Content/>", "<Content> \n </Content>"]
)
def test_empty_text_is_a_text(content: str) -> None:
    """Nothing said is still a message, with empty text."""
    got = message("text", content)
    assert (got.kind, got.text) == ("text", "")


def test_sticker_is_no_text() -> None:
    """The platform's stand-in for a sticker is marked, so that it opens no case."""
    got = message("text", f"<Content>{STICKER}</Content>")
    assert (got.kind, got.text, got.data["sticker"]) == ("unknown", "", "1")


@pytest.mark.parametrize(
    ("kind", "extra", "expected"),
    [
        ("image", "<PicUrl>http://p/0</PicUrl><MediaId>m1</MediaId>", ("image", "m1", "", "")),
        ("voice", "<MediaId>m2</MediaId><Format>amr</Format>", ("voice", "m2", "amr", "")),
        # Empty since 2023, and perhaps back one day.
        (
            "voice",
            "<MediaId>m2</MediaId><Format>amr</Format><Recognition/>",
            ("voice", "m2", "amr", ""),
        ),
        (
            "voice",
            "<MediaId>m2</MediaId><Format>speex</Format><Recognition>停水了</Recognition>",
            ("voice", "m2", "speex", "停水了"),
        ),
        ("video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>", ("video", "m3", "", "")),
        ("shortvideo", "<MediaId>m3</MediaId>", ("video", "m3", "", "")),
    ],
)
def test_media(kind: str, extra: str, expected: tuple[str, str, str, str]) -> None:
    """Pictures, voice and film come as references."""
    got = message(kind, extra)
    assert (got.kind, got.media_id, got.media_format, got.text) == expected


def test_location_message() -> None:
    """X is the latitude, Y the longitude."""
    place = "<Location_X>40.84</Location_X><Location_Y>111.75</Location_Y><Scale>15</Scale>"
    got = message("location", f"{place}<Label>昭乌达路</Label>")
    assert (got.kind, got.lat, got.lon, got.label) == ("location", 40.84, 111.75, "昭乌达路")


@pytest.mark.parametrize(
    "numbers",
    [
        ("", ""),
        ("north", "east"),
        ("nan", "0"),
        ("91", "0"),  # beyond the pole
        ("40", "1e999"),
    ],
)
def test_location_that_is_nowhere(numbers: tuple[str, str]) -> None:
    """Without usable numbers the label still arrives."""
    x, y = numbers
    place = f"<Location_X>{x}</Location_X><Location_Y>{y}</Location_Y><Label>新华大街</Label>"
    got = message("location", place)
    assert (got.lat, got.lon, got.label) == (None, None, "新华大街")


def test_link_message() -> None:
    """A shared link keeps title, description and address."""
    link = "<Title>t</Title><Description>d</Description><Url>https://x.test/?a=1&amp;b=2</Url>"
    got = message("link", link)
    assert (got.title, got.text, got.url) == ("t", "d", "https://x.test/?a=1&b=2")


@pytest.mark.parametrize(
    ("name", "extra", "kind", "event_key"),
    [
        ("subscribe", "", "subscribe", ""),
        ("subscribe", "<EventKey>qrscene_bld3</EventKey><Ticket>g</Ticket>", "subscribe", "bld3"),
        ("unsubscribe", "<EventKey></EventKey>", "unsubscribe", ""),
        ("SCAN", "<EventKey>bld3</EventKey><Ticket>g</Ticket>", "scan", "bld3"),
        ("CLICK", "<EventKey>K_MINE</EventKey>", "click", "K_MINE"),
        ("VIEW", "<EventKey>https://x.test/</EventKey>", "view", "https://x.test/"),
        ("view_miniprogram", "<EventKey>pages/a</EventKey><MenuId>1</MenuId>", "view", "pages/a"),
        ("scancode_push", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("scancode_waitmsg", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("pic_sysphoto", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("pic_photo_or_album", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("pic_weixin", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("location_select", "<EventKey>k</EventKey>", "menu_action", "k"),
        ("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>success</Status>", "send_result", ""),
        ("MASSSENDJOBFINISH", "<MsgID>1</MsgID>", "send_result", ""),
        ("subscribe_msg_sent_event", "", "send_result", ""),
        ("subscribe_msg_popup_event", "", "consent", ""),
        ("subscribe_msg_change_event", "", "consent", ""),
        ("PUBLISHJOBFINISH", "", "unknown", ""),
        ("something_of_2027", "<EventKey>k</EventKey>", "unknown", "k"),
    ],
)
def test_events(name: str, extra: str, kind: str, event_key: str) -> None:
    """Every event has its kind; the QR prefix is gone; the original name is kept."""
    got = read(event(name, extra))
    assert (got.kind, got.event_key, got.data["Event"]) == (kind, event_key, name)
    assert got.openid == PERSON
    assert not got.is_message


def test_position_report() -> None:
    """The event LOCATION is a report of the phone, not a message of the person."""
    got = read(event("LOCATION", "<Latitude>40.8</Latitude><Longitude>111.7</Longitude>"))
    assert (got.kind, got.lat, got.lon) == ("location_report", 40.8, 111.7)


@pytest.mark.parametrize(
    "name", ["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"]
)
def test_revoked_data_names_the_person(name: str) -> None:
    """The platform sends it; the person is in OpenID, and what to delete in RevokeInfo."""
    about = "<OpenID>oPERSON</OpenID><AppID>wx1</AppID><RevokeInfo>205</RevokeInfo>"
    got = read(event(name, about, person="gh_platform"))
    assert (got.kind, got.openid, got.data["RevokeInfo"]) == ("data_revoked", "oPERSON", "205")


def test_nested_elements_lie_flat() -> None:
    """One list or many: each value has a path of its own."""
    lists = LISTED.format("<SubscribeStatusString>accept</SubscribeStatusString>")
    lists += LISTED.format("<SubscribeStatusString>reject</SubscribeStatusString>")
    got = read(
        event(
            "subscribe_msg_popup_event",
            f"<SubscribeMsgPopupEvent>{lists}</SubscribeMsgPopupEvent>",
        )
    )
    path = "SubscribeMsgPopupEvent.List"
    assert got.data[f"{path}.SubscribeStatusString"] == "accept"
    assert got.data[f"{path}.2.SubscribeStatusString"] == "reject"


def test_unknown_message_is_kept() -> None:
    """A type that we don't know arrives with all it brought."""
    got = message("channels_video", "<Thing>x</Thing>")
    assert (got.kind, got.key) == ("unknown", "m:7")
    assert got.data == {"MsgType": "channels_video", "Thing": "x"}


def test_key_survives_retries() -> None:
    """A try more of the same event has the same key, short and without the openid."""
    first = read(event("CLICK", "<EventKey>K</EventKey>")).key
    assert first == read(event("CLICK", "<EventKey>K</EventKey>")).key
    assert len(first) <= 200
    assert PERSON not in first


def sent_event(template: str, number: int) -> str:
    inner = LISTED.replace("T1", template).format(f"<MsgID>{number}</MsgID>")
    return event(
        "subscribe_msg_sent_event", f"<SubscribeMsgSentEvent>{inner}</SubscribeMsgSentEvent>"
    )


@pytest.mark.parametrize(
    "other",
    [
        event("CLICK", "<EventKey>other</EventKey>"),
        event("VIEW", "<EventKey>K</EventKey>"),
        event("CLICK", "<EventKey>K</EventKey>", created=1795399201),
        event("CLICK", "<EventKey>K</EventKey>", person="oSomebodyElse"),
        sent_event("T1", 17),
        sent_event("T1", 18),  # differs only deep inside
        sent_event("T2", 17),
        event("user_authorization_revoke", "<OpenID>oA</OpenID><RevokeInfo>205</RevokeInfo>"),
        event("user_authorization_revoke", "<OpenID>oA</OpenID><RevokeInfo>206</RevokeInfo>"),
    ],
)
def test_two_events_of_one_second_differ(other: str) -> None:
    """Events differ by more than person and second: none swallows another."""
    one = read(event("CLICK", "<EventKey>K</EventKey>"))
    same_content = read(other)
    assert one.key != same_content.key
    assert len({read(sent_event("T1", n)).key for n in range(5)}) == 5


HEAD = "<ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>"
TEXT = "<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>"
BOMB = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    "xml",
    [
        "",  # empty
        "<xml>",  # broken
        "hello",
        '{"MsgType": "text"}',
        "<xml/>",  # nothing inside
        f"<html>{HEAD}{TEXT}</html>",  # another root
        f"<xml>{HEAD}{TEXT}</xml><xml/>",  # two roots
        f"<xml>{HEAD}</xml>",  # no type
        f"<xml>{TEXT}</xml>",  # no head
        f"<xml>{HEAD}<MsgType>event</MsgType></xml>",  # an event without a name
        f"<xml>{HEAD}<MsgType>text</MsgType><MsgId>1</MsgId></xml>",  # no Content
        f"<xml>{HEAD}<MsgType>text</MsgType><Content>x</Content></xml>",  # no MsgId
        f"<xml>{HEAD}<MsgType>image</MsgType><MsgId>1</MsgId></xml>",  # no MediaId
        f"<xml>{HEAD}{TEXT}<Content>y</Content></xml>",  # doubled
        f"<xml>{HEAD}{TEXT}<FromUserName>oEvil</FromUserName></xml>",
        f"<xml>{HEAD}{TEXT}<!-- c --></xml>",
        f"<xml>{HEAD}{TEXT}<?php x?></xml>",
        f"<xml>{HEAD}{TEXT}&undefined;</xml>",
        f"<!DOCTYPE xml><xml>{HEAD}{TEXT}</xml>",  # any doctype
        f"<!DOCTYPE xml SYSTEM 'http://127.0.0.1:9/x.dtd'><xml>{HEAD}{TEXT}</xml>",
        f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml>{HEAD}{TEXT}&e;</xml>",
        f"<!DOCTYPE x [<!ENTITY l0 'lol'>{BOMB}]><xml>{HEAD}{TEXT}&l9;</xml>",
        f"<xml>{HEAD}{TEXT}{'<a>' * 100}{'</a>' * 100}</xml>",  # deep
        f"<xml>{HEAD}{TEXT}<a>{'<b/>' * 5000}</a></xml>",  # wide
        f"<xml>{HEAD.replace('>1<', '>-1<')}{TEXT}</xml>",  # times that are none
        f"<xml>{HEAD.replace('>1<', '>９<')}{TEXT}</xml>",
        f"<xml>{HEAD.replace('>1<', f'>{9**30}<')}{TEXT}</xml>",
        f"<xml>{HEAD.replace('o1', 'o 1')}{TEXT}</xml>",  # names that are none
        f"<xml>{HEAD.replace('o1', 'o' * 65)}{TEXT}</xml>",
        f"<xml>{HEAD.replace('gh_1', '{{7*7}}')}{TEXT}</xml>",
        f"<xml>{HEAD}{TEXT.replace('>1<', '>1 OR 1=1<')}</xml>",
        f"<xml>{HEAD}<MsgType>event</MsgType><Event>user_info_modified</Event></xml>",  # no OpenID
    ],
    ids=lambda _: "xml",
)
def test_what_is_no_push(xml: str) -> None:
    """Anything that the platform doesn't send is refused by the one error."""
    with pytest.raises(Malformed):
        read(xml)


def test_a_doctype_is_seen_in_any_encoding() -> None:
    """UTF-16 hides no doctype."""
    with pytest.raises(Malformed):
        translate(f"<!DOCTYPE xml><xml>{HEAD}{TEXT}</xml>".encode("utf-16"))


@pytest.mark.parametrize(
    "words",
    [
        "a]]>b",
        "'; DROP TABLE cases; --",
        "{{ 7*7 }}{% include 'x' %}",
        "<script>alert(1)</script>",
        "%s %n {0} ${x}",
        "ᠬᠥᠬᠡᠬᠣᠲᠠ ᠬᠣᠲᠠ",  # Mongolian script
        "水電費為甚麼漲了",  # Traditional Chinese
        "👨‍👩‍👧‍👦🏳️‍🌈👍🏽",
        "灯" * 20_000,
    ],
)
def test_unusual_words_arrive_unchanged(words: str) -> None:
    """What people write is data: it comes through letter by letter."""
    assert read(text(words)).text == words


@given(st.binary())
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    """Arbitrary bytes raise nothing but Malformed."""
    with pytest.raises(Malformed):
        translate(data)


names = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId",
     "MediaId", "Location_X", "Location_Y", "List", "TemplateId", "OpenID", "a.b", "x.2"]
)  # fmt: skip
values = st.sampled_from(["", "1", "text", "event", "image", "location", "subscribe", "o1", "一"])
leaves = st.tuples(names, values).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>")
trees = st.recursive(
    leaves,
    lambda inner: st.tuples(names, st.lists(inner, max_size=4)).map(
        lambda t: f"<{t[0]}>{''.join(t[1])}</{t[0]}>"
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=6), st.sampled_from(["text", "event", "voice", "x"]), st.booleans())
def test_any_xml_is_refused_or_read(inner: list[str], kind: str, with_head: bool) -> None:
    """Well-formed XML of any shape gives an Inbound with a key and a person, or Malformed."""
    head = f"{HEAD}<MsgType>{kind}</MsgType><MsgId>1</MsgId>" if with_head else ""
    try:
        got = read(f"<xml>{head}{''.join(inner)}</xml>")
    except Malformed:
        return
    assert got.key
    assert got.openid
    assert len(got.key) <= 200
