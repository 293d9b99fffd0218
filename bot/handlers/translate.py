"""Raw XML of a push → `Inbound`.

wechatpy.parse_message isn't used: it rewrites events, loses empty texts, knows no new events and
raises five kinds of errors; this walk costs the same. Element names and events are those
of Tencent's 接收普通消息 and 接收事件推送.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.clean import clean
from bot.domain.inbound import Inbound
from bot.handlers.xmlwalk import Malformed, flatten, parse

HEAD = ("ToUserName", "FromUserName", "CreateTime", "MsgType")
STICKER = "【收到不支持的消息类型，暂无法显示】"
"""What the platform writes in the place of a sticker."""

EVENTS = {
    "subscribe": "subscribe",
    "unsubscribe": "unsubscribe",
    "scan": "scan",
    "click": "click",
    "view": "view",
    "view_miniprogram": "view",
    "location": "location_report",
    "scancode_push": "menu_action",
    "scancode_waitmsg": "menu_action",
    "pic_sysphoto": "menu_action",
    "pic_photo_or_album": "menu_action",
    "pic_weixin": "menu_action",
    "location_select": "menu_action",
    "templatesendjobfinish": "send_result",
    "masssendjobfinish": "send_result",
    "subscribe_msg_sent_event": "send_result",
    "subscribe_msg_popup_event": "consent",
    "subscribe_msg_change_event": "consent",
    "user_info_modified": "data_revoked",
    "user_authorization_revoke": "data_revoked",
    "user_authorization_cancellation": "data_revoked",
}
"""The platform's event in lower case → Inbound.kind."""

EVENT_KEY_PARTS = (
    "FromUserName", "CreateTime", "OpenID",
    "Event", "EventKey", "MsgID", "TemplateId", "RevokeInfo",
)  # fmt: skip
"""Events carry no MsgId; these together tell two events of one second apart."""

_ID = re.compile(r"[A-Za-z0-9_@.-]{1,64}")
_MSG_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECONDS = re.compile(r"[0-9]{1,11}")

Fields = Mapping[str, str]


def translate(xml: bytes) -> Inbound:
    """Translate one push, in clear. Raises Malformed.

    Kinds that we don't know become "unknown" with everything in `data` (`Event`, or `MsgType`).
    A sticker becomes "unknown" with `data["sticker"] == "1"`: it deserves an answer, but no case.
    A voice message carries the platform's words for it as `text`, should they come again.
    In events about a person's data the sender is the platform: `openid` is then the person's.
    `data` holds all other elements that aren't empty, nested ones by dotted path.
    """
    flat = flatten(parse(xml))
    if not all(flat.get(name) for name in HEAD):
        raise Malformed("an element of the head is missing")
    kind = flat["MsgType"].lower()
    fields = _event(flat) if kind == "event" else _message(kind, flat)
    fields = {"openid": flat["FromUserName"]} | fields
    _check_ids(fields["openid"], flat)
    return Inbound(account=flat["ToUserName"], sent_at=_time(flat["CreateTime"]), **fields)


def _check_ids(openid: str, flat: Fields) -> None:
    for name in (openid, flat["ToUserName"], flat["FromUserName"]):
        if not _ID.fullmatch(name):
            raise Malformed("a name is not one of the platform's")


def _time(seconds: str) -> datetime:
    """CreateTime: whole Unix seconds."""
    if not _SECONDS.fullmatch(seconds):
        raise Malformed("CreateTime is not a time")
    return datetime.fromtimestamp(int(seconds), UTC)


def _message(kind: str, flat: Fields) -> dict[str, Any]:
    reader = MESSAGES.get(kind)
    msg_id = flat.get("MsgId", "")
    if msg_id and not _MSG_ID.fullmatch(msg_id):
        raise Malformed("MsgId is not one of the platform's")
    if reader and not msg_id:
        raise Malformed("MsgId is missing")
    key = f"m:{msg_id}" if msg_id else f"u:{_hash([f'{k}={v}' for k, v in sorted(flat.items())])}"
    return {"key": key, "data": _rest(flat)} | (reader or _unknown)(flat)


def _event(flat: Fields) -> dict[str, Any]:
    event = flat.get("Event", "").lower()
    if not event:
        raise Malformed("Event is missing")
    kind = EVENTS.get(event, "unknown")
    scene = flat.get("EventKey", "")
    fields: dict[str, Any] = {
        "key": f"e:{_hash(_key_parts(flat))}",
        "kind": kind,
        "event_key": clean(scene.removeprefix("qrscene_") if kind == "subscribe" else scene),
        "data": _rest(flat),
    }
    if kind == "location_report":
        fields |= _position(flat, "Latitude", "Longitude")
    if kind == "data_revoked":
        fields["openid"] = flat.get("OpenID", "")
    return fields


def _key_parts(flat: Fields) -> list[str]:
    """`path=text` of the EVENT_KEY_PARTS, wherever they lie in the event, in a fixed order."""
    return sorted(
        f"{path}={text}"
        for path, text in flat.items()
        if path.rstrip("0123456789.").rpartition(".")[2] in EVENT_KEY_PARTS
    )


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _rest(flat: Fields) -> dict[str, str]:
    mapped = {*HEAD, "MsgId", "Content"}
    return {path: clean(text) for path, text in flat.items() if text and path not in mapped}


def _position(flat: Fields, lat: str, lon: str) -> dict[str, Any]:
    """Degrees as the platform gives them (GCJ-02); neither when one is no place on earth."""
    try:
        north, east = float(flat.get(lat, "")), float(flat.get(lon, ""))
    except ValueError:
        return {}
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        return {}
    return {"lat": north, "lon": east}


def _text(flat: Fields) -> dict[str, Any]:
    if "Content" not in flat:
        raise Malformed("Content is missing")
    text = clean(flat["Content"])
    if text == STICKER:
        return {"kind": "unknown", "data": _rest(flat) | {"sticker": "1"}}
    return {"kind": "text", "text": text, "menu_id": clean(flat.get("bizmsgmenuid", ""))}


def _media(kind: str) -> Callable[[Fields], dict[str, Any]]:
    def read(flat: Fields) -> dict[str, Any]:
        if not flat.get("MediaId"):
            raise Malformed("MediaId is missing")
        return {
            "kind": kind,
            "media_id": clean(flat["MediaId"]),
            "media_format": clean(flat.get("Format", "")),
            "text": clean(flat.get("Recognition", "")),
        }

    return read


def _location(flat: Fields) -> dict[str, Any]:
    """A location whose numbers make no sense still carries its label."""
    place = {"kind": "location", "label": clean(flat.get("Label", ""))}
    return place | _position(flat, "Location_X", "Location_Y")


def _link(flat: Fields) -> dict[str, Any]:
    return {
        "kind": "link",
        "title": clean(flat.get("Title", "")),
        "url": clean(flat.get("Url", "")),
        "text": clean(flat.get("Description", "")),
    }


def _unknown(flat: Fields) -> dict[str, Any]:
    return {"kind": "unknown", "data": _rest(flat) | {"MsgType": clean(flat["MsgType"])}}


MESSAGES: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "shortvideo": _media("video"),
    "location": _location,
    "link": _link,
}
"""MsgType in lower case → reader of its own elements."""
