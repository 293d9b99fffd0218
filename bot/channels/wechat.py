"""The WeChat service account as a channel: customer-service messages, and notices by template or
subscription."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.client import OfficialAccount
from bot.domain.inbound import Choice
from bot.domain.messages import Action, SendError, Sent, fits, printable, shorten
from bot.domain.notices import SHAPES
from bot.settings import Settings

TOO_LONG, BAD_VALUE = 45002, 47003
CUT = "……"
EMPTY = "无"
"""Template values may not be empty."""

NoticeId = tuple[str, str]
"""(template or subscribe, id)."""
NOBODY: NoticeId = ("", "")

_CHINESE = "\u3400-\u9fff"
_VALUE_RULES: Mapping[str, tuple[int, str]] = {
    # Prefix of the key: most characters, characters to take out (Tencent's 参数值类型 table).
    "thing": (20, ""),
    "character_string": (32, "[^\x21-\x7e]"),
    "phrase": (5, f"[^{_CHINESE}]"),
    "number": (32, "[^0-9.-]"),
    "letter": (32, "[^A-Za-z]"),
    "phone_number": (17, "[^0-9+-]"),
    "car_number": (8, ""),
    "name": (10, ""),
}


class WeChatChannel:
    """Implements the Channel port. Safe to share between threads."""

    def __init__(self, account: OfficialAccount, notices: Mapping[str, NoticeId]) -> None:
        self._account = account
        self._notices = notices

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """A customer-service message, with tap-to-send choices if any. Raises SendError.

        A text too long is cut at a sentence; once more by half if the platform still refuses.
        """
        text = printable(text)
        if not fits(text):
            text = shorten(text, CUT)
        try:
            self._account.call("message/custom/send", _custom(openid, text, choices))
        except SendError as error:
            if error.code != TOO_LONG:
                raise
            half = text[: len(text) // 2].rstrip() + CUT
            self._account.call("message/custom/send", _custom(openid, half, choices))
        return Sent("custom")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """A template or subscription notice, whichever the settings name for this shape:
        `fields` by the template's keys (thing1, character_string2 …).

        Values are made to keep the platform's rules first, and to plain words once more if it
        still refuses one. Raises SendError.
        """
        api, template_id = self._notices.get(shape, NOBODY)
        if not template_id:
            raise SendError(Action.NEXT_HOP, None, "没有设置通知模板")
        fitted = {key: template_value(key, value) for key, value in fields.items()}
        plain = {key: plain_value(key, value) for key, value in fitted.items()}
        body = {"touser": openid, "template_id": template_id}
        body |= {"url" if api == "template" else "page": url} if url else {}
        try:
            answer = self._send_notice(api, body, fitted)
        except SendError as error:
            if error.code != BAD_VALUE or plain == fitted:
                raise
            answer = self._send_notice(api, body, plain)
        return Sent(api, str(answer.get("msgid", "")))

    def _send_notice(
        self, api: str, head: Mapping[str, Any], values: Mapping[str, str]
    ) -> dict[str, Any]:
        body = {**head, "data": {key: {"value": value} for key, value in values.items()}}
        if api == "subscribe":
            return self._account.call("message/subscribe/bizsend", body)
        body["client_msg_id"] = _same_for_same(body)
        return self._account.call("message/template/send", body)

    def close(self) -> None:
        """Close the connections kept open."""
        self._account.close()


def wechat_channel(settings: Settings, now: Callable[[], datetime]) -> WeChatChannel:
    """The channel of the account in the settings. Makes no request yet."""
    account = OfficialAccount(
        settings.wechat_app_id,
        settings.wechat_app_secret.get_secret_value(),
        settings.wechat_api_base,
        now=now,
    )
    return WeChatChannel(account, {shape: settings.notice_id(shape) for shape in SHAPES})


def template_value(key: str, value: str) -> str:
    """`value` in the form that the platform accepts for `key`, whose prefix names the rule."""
    one_line = " ".join(printable(value).split())
    most, unfit = _VALUE_RULES.get(key.rstrip("0123456789"), (0, ""))
    kept = re.sub(unfit, "", one_line) if unfit else one_line
    if most and len(kept) > most:
        kept = kept[:most] if unfit else kept[: most - 1] + "…"
    return kept or EMPTY


def plain_value(key: str, value: str) -> str:
    """`value` of nothing but letters, digits and the plainest marks: what no rule refuses."""
    if key.rstrip("0123456789") not in ("thing", "name"):
        return value
    return re.sub(f"[^{_CHINESE}0-9A-Za-z，。、：-]", "", value)[:20] or EMPTY


def _custom(openid: str, text: str, choices: tuple[Choice, ...]) -> dict[str, Any]:
    if not choices:
        return {"touser": openid, "msgtype": "text", "text": {"content": text}}
    menu = {
        "head_content": text,
        "list": [{"id": choice.id, "content": choice.label} for choice in choices],
        "tail_content": "",
    }
    return {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}


def _same_for_same(body: dict[str, Any]) -> str:
    """client_msg_id: the platform drops the second of two equal ones within ten minutes, so that
    a retry after a time-out doesn't arrive twice."""
    return hashlib.sha256(repr(body).encode()).hexdigest()[:32]
