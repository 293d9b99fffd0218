"""What the account asks of the platform besides sending: QR codes, the menu, people's media.

Calls and their answers: the platform's pages on 带参数二维码, 自定义菜单 and 获取临时素材.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests

from bot.channels.client import OfficialAccount
from bot.channels.errors import TABLE, bad_status, broken_transport, no_verdict, refused
from bot.domain.media import TooLarge
from bot.domain.messages import SendError
from bot.domain.scenes import QrTicket
from bot.settings import Settings

NO_MENU = 46003
"""The platform's code for an account without a menu."""
PIECE = 64 * 1024
LONGEST_ANSWER = 1024 * 1024
"""Bytes of an answer in JSON."""
DOWNLOAD = (3.05, 20.0)
"""Seconds to connect, and to wait for a piece of a file."""


class WeChatPlatform:
    """Implements the Platform port. Safe to share between threads."""

    def __init__(self, account: "PlatformAccount") -> None:
        self._account = account

    def qr_code(self, scene: str, seconds: int | None = None) -> QrTicket:
        """`/cgi-bin/qrcode/create`. Permanent codes are limited to 100,000 an account."""
        name = "QR_LIMIT_STR_SCENE" if seconds is None else "QR_STR_SCENE"
        body: dict[str, Any] = {
            "action_name": name,
            "action_info": {"scene": {"scene_str": scene}},
        }
        body |= {} if seconds is None else {"expire_seconds": seconds}
        answer = self._account.call("qrcode/create", body)
        if not (isinstance(answer.get("ticket"), str) and isinstance(answer.get("url"), str)):
            raise no_verdict("qrcode: no ticket", unknown_outcome=False)
        return QrTicket(answer["ticket"], answer["url"])

    def menu(self) -> list[dict[str, Any]]:
        """`/cgi-bin/menu/get`."""
        try:
            answer = read_json(self._account.ask("menu/get", {}, LONGEST_ANSWER))
        except SendError as error:
            if error.code == NO_MENU:
                return []
            raise
        found = answer.get("menu")
        buttons = found.get("button") if isinstance(found, dict) else None
        if not isinstance(buttons, list):
            raise no_verdict("menu: not understood", unknown_outcome=False)
        return buttons

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """`/cgi-bin/menu/create`."""
        self._account.call("menu/create", {"button": buttons})

    def media(self, media_id: str, limit: int) -> bytes:
        """`/cgi-bin/media/get`: the bytes, or for a video the address that JSON names."""
        content = self._account.ask("media/get", {"media_id": media_id}, limit)
        if content.lstrip().startswith(b"<"):
            # A gateway's page with status 200: no verdict on the file.
            raise no_verdict("media: a web page", unknown_outcome=False)
        if not content.startswith(b"{"):
            return content
        url = read_json(content).get("video_url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise no_verdict("media: not understood", unknown_outcome=False)
        return self._account.download(url, limit)

    def close(self) -> None:
        """Close the connections kept open."""
        self._account.close()


def wechat_platform(settings: Settings, now: Callable[[], datetime]) -> WeChatPlatform:
    """The platform of the account in the settings. Makes no request yet. Its connections are its
    own: a slow download must not hold up a message; stable_token gives both the same token."""
    account = PlatformAccount(
        settings.wechat_app_id,
        settings.wechat_app_secret.get_secret_value(),
        settings.wechat_api_base,
        now=now,
    )
    return WeChatPlatform(account)


class PlatformAccount(OfficialAccount):
    """The account's API with what answers to GET, in bytes."""

    answers_within = DOWNLOAD
    """For each account its own patience with what it asks for."""

    def ask(self, path: str, params: dict[str, str], limit: int) -> bytes:
        """GET /cgi-bin/`path`; the answer's bytes. A refused token is renewed once. Raises
        SendError for the platform's own refusals too, TooLarge beyond `limit` bytes."""
        used = self.access_token
        try:
            return self._ask(path, params, used, limit)
        except SendError as error:
            if error.code is None or error.code not in TABLE or not TABLE[error.code].refresh:
                raise
        return self._ask(path, params, self._renew(used), limit)

    def _ask(self, path: str, params: dict[str, str], token: str, limit: int) -> bytes:
        url = self.API_BASE_URL + path
        content = self.download(url, limit, {"access_token": token} | params)
        if content.startswith(b"{"):
            self._raise_refusal(read_json(content))
        return content

    def _raise_refusal(self, answer: dict[str, Any]) -> None:
        code = answer.get("errcode", 0)
        if not isinstance(code, int):
            raise no_verdict("errcode is no number", unknown_outcome=False)
        if code:
            raise refused(code, str(answer.get("errmsg", "")), self._now())

    def download(self, url: str, limit: int, params: dict[str, str] | None = None) -> bytes:
        """The bytes at an address that the platform named. Raises SendError, TooLarge."""
        try:
            with self._http.get(
                url, params=params, timeout=self.answers_within, stream=True
            ) as response:
                if response.status_code >= 400:
                    raise bad_status(response.status_code)
                return _read(response, limit)
        except requests.RequestException as error:
            raise broken_transport(error) from None


def _read(response: requests.Response, limit: int) -> bytes:
    """At most `limit` bytes, whatever the header promises."""
    content = bytearray()
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > limit:
            raise TooLarge
    return bytes(content)


def read_json(content: bytes) -> dict[str, Any]:
    """An answer that must be a JSON object. Raises SendError."""
    try:
        answer = json.loads(content)
    except ValueError:
        raise no_verdict("not JSON", unknown_outcome=False) from None
    if not isinstance(answer, dict):
        raise no_verdict("not a JSON object", unknown_outcome=False)
    return answer
