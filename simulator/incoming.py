"""What a person does on the phone, as the elements that the platform pushes for it.

Source of the element names: the platform's pages on standard messages and event pushes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

STICKER = "【收到不支持的消息类型，暂无法显示】"
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry: the platform never sends them."""


class BadMessage(ValueError):
    """A message the desk cannot make sense of; the text says what is expected."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One push to come. `fields` are elements in order, after the common head."""

    msg_type: str
    fields: tuple[tuple[str, str], ...]
    shown: str
    """What the person's own phone shows for it."""
    allows: str = ""
    """Which allowance of customer-service messages it opens: message, tap, follow, scan."""
    silent: bool = False
    """The platform shows no reply to it."""

    @property
    def kind(self) -> str:
        """As listed in the history: the message type, or event."""
        return self.msg_type

    def with_field(self, tag: str, value: str) -> "Incoming":
        """The same with one element set."""
        kept = tuple(field for field in self.fields if field[0] != tag)
        return replace(self, fields=(*kept, (tag, value)))


def incoming(body: Mapping[str, Any]) -> Incoming:
    """Read the JSON of POST /desk/users/{openid}/messages."""
    maker = MAKERS.get(str(body.get("type")))
    if maker is None:
        raise BadMessage(f"type must be one of: {', '.join(MAKERS)}")
    return maker(body)


def words(body: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """A string out of the body, without what XML cannot carry."""
    value = body.get(key, default)
    if not isinstance(value, str):
        raise BadMessage(f"{key} must be a string")
    return ILLEGAL.sub("", value)


def _number(body: Mapping[str, Any], key: str, limit: int) -> float:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > limit:
        raise BadMessage(f"{key} must be a number from -{limit} to {limit}")
    return value


def _text(body: Mapping[str, Any]) -> Incoming:
    content = words(body, "content")
    return Incoming("text", (("Content", content),), content, "message")


def _sticker(body: Mapping[str, Any]) -> Incoming:
    return Incoming("text", (("Content", STICKER),), "[表情]", "message")


def _menu_tap(body: Mapping[str, Any]) -> Incoming:
    content, item = words(body, "content"), str(body.get("id", ""))
    if not item:
        raise BadMessage("id must be the id of the tapped choice")
    return Incoming("text", (("Content", content), ("bizmsgmenuid", item)), content, "tap")


def _image(body: Mapping[str, Any]) -> Incoming:
    fields = (("PicUrl", "http://mmbiz.qpic.cn/desk/0"), ("MediaId", "desk-media-image"))
    return Incoming("image", fields, "[图片]", "message")


def _video(body: Mapping[str, Any]) -> Incoming:
    fields = (("MediaId", "desk-media-video"), ("ThumbMediaId", "desk-media-thumb"))
    return Incoming("video", fields, "[视频]", "message")


def _voice(body: Mapping[str, Any]) -> Incoming:
    made = Incoming(
        "voice", (("MediaId", "desk-media-voice"), ("Format", "amr")), "[语音]", "message"
    )
    if body.get("recognition") is None:
        return made
    return made.with_field("Recognition", words(body, "recognition"))


def _location(body: Mapping[str, Any]) -> Incoming:
    lat, lon = _number(body, "lat", 90), _number(body, "lon", 180)
    label = words(body, "label", "")
    fields = (
        ("Location_X", f"{lat:.6f}"),
        ("Location_Y", f"{lon:.6f}"),
        ("Scale", "15"),
        ("Label", label),
    )
    return Incoming("location", fields, f"[位置] {label}", "message")


def _link(body: Mapping[str, Any]) -> Incoming:
    title, url = words(body, "title"), words(body, "url")
    fields = (("Title", title), ("Description", ""), ("Url", url))
    return Incoming("link", fields, f"[链接] {title} {url}", "message")


def event(name: str, shown: str, *fields: tuple[str, str]) -> Incoming:
    """An event push, which has no MsgId."""
    return Incoming("event", (("Event", name), *fields), shown)


def _subscribe(body: Mapping[str, Any]) -> Incoming:
    scene = words(body, "scene", "")
    if not scene:
        return replace(event("subscribe", "[关注]", ("EventKey", "")), allows="follow")
    fields = (("EventKey", f"qrscene_{scene}"), ("Ticket", "gQdesk"))
    return replace(event("subscribe", f"[扫码关注] {scene}", *fields), allows="follow")


def _unsubscribe(body: Mapping[str, Any]) -> Incoming:
    made = event("unsubscribe", "[取消关注]", ("EventKey", ""))
    return replace(made, silent=True)


def _scan(body: Mapping[str, Any]) -> Incoming:
    scene = words(body, "scene", "")
    made = event("SCAN", f"[扫码] {scene}", ("EventKey", scene), ("Ticket", "gQdesk"))
    return replace(made, allows="scan")


def _click(body: Mapping[str, Any]) -> Incoming:
    key = words(body, "key")
    return replace(event("CLICK", f"[菜单] {key}", ("EventKey", key)), allows="tap")


def _view(body: Mapping[str, Any]) -> Incoming:
    url = words(body, "url")
    return replace(event("VIEW", f"[菜单] {url}", ("EventKey", url)), silent=True)


def _unknown(body: Mapping[str, Any]) -> Incoming:
    name = words(body, "name", "desk_unheard_of_event")
    return replace(event(name, f"[事件] {name}", ("EventKey", "")), silent=True)


MAKERS: dict[str, Callable[[Mapping[str, Any]], Incoming]] = {
    "text": _text,
    "image": _image,
    "video": _video,
    "voice": _voice,
    "location": _location,
    "link": _link,
    "scan": _scan,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "click": _click,
    "view": _view,
    "menu_tap": _menu_tap,
    "sticker": _sticker,
    "unknown_event": _unknown,
}
