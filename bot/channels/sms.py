"""Short messages, the hop for whom the platform can't reach: into a file, or to a gateway."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import requests

from bot.channels.errors import HOUR, MINUTE
from bot.domain.messages import Action, SendError, Sent, printable

TIMEOUT = (3.05, 5.0)
"""Seconds to connect, and to wait for the gateway's answer."""


class FileSms:
    """Implements the Sms port by a line of JSON in a file that somebody, or some program, sends.

    Nobody has got anything by a line in a file, so the route always goes on to a call.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now

    def send(self, phone: str, words: str) -> Sent:
        """Append the message. Always raises SendError: the next hop."""
        line = {"at": self._now().isoformat(), "phone": phone, "text": printable(words)}
        try:
            with self._path.open("a", encoding="utf-8") as file:
                self._path.chmod(0o600)
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            reason = f"短信文件写不进去：{error.strerror}"
            raise SendError(Action.NEXT_HOP, None, reason, alarm=True) from None
        raise SendError(Action.NEXT_HOP, None, "短信没有接网关，只写进了文件，请打电话")


class HttpSms:
    """Implements the Sms port by one POST of `{"phone", "text"}`; any 2xx means accepted."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        self._http = requests.Session()
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def send(self, phone: str, words: str) -> Sent:
        """Hand the message to the gateway. Raises SendError, without number or address in it."""
        body = {"phone": phone, "text": printable(words)}
        try:
            answer = self._http.post(self._url, json=body, timeout=TIMEOUT, allow_redirects=False)
        except requests.ConnectTimeout:
            raise _busy("ConnectTimeout") from None
        except requests.RequestException as error:
            raise _busy(type(error).__name__, unknown_outcome=True) from None
        if answer.status_code in (401, 403, 404):
            raise SendError(
                Action.STOP, answer.status_code, f"短信网关不认我们（HTTP {answer.status_code}）",
                scope="hop", alarm=True, wait=HOUR,
            )  # fmt: skip
        if answer.status_code == 429 or answer.status_code >= 500:
            raise _busy(f"HTTP {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            reason = f"短信网关不收（HTTP {answer.status_code}）"
            raise SendError(Action.NEXT_HOP, answer.status_code, reason, alarm=True)
        return Sent("sms")


class NoSms:
    """Implements the Sms port where there is none."""

    def send(self, phone: str, words: str) -> Sent:
        """Never carries anything."""
        raise SendError(Action.NEXT_HOP, None, "没有短信")


def _busy(cause: str, *, unknown_outcome: bool = False) -> SendError:
    return SendError(
        Action.RETRY, None, f"短信网关没有应答（{cause}）", unknown_outcome=unknown_outcome,
        wait=MINUTE, tries=3, then=Action.NEXT_HOP,
    )  # fmt: skip
