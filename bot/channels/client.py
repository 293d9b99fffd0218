"""The platform's API: wechatpy's client with what it lacks.

One stable token for all threads, at most one renewal for a call, a time-out on every request, and
errors that name no secret (requests puts the whole URL, token included, into its errors).
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels.errors import (
    TABLE,
    bad_status,
    broken_transport,
    no_token,
    no_verdict,
    redact,
    refused,
)
from bot.domain.messages import Action, SendError

log = logging.getLogger(__name__)

TIMEOUT = (3.05, 5.0)
"""Seconds to connect, and to wait for a piece of the answer."""
POOL = 16
"""Connections kept open; as many threads as a worker or the scheduler will ever send from."""
MARGIN = 300
"""Seconds before its end when a token is renewed: from then on the platform hands out the next."""
PAUSE_AFTER_FAILURE = 2
"""Seconds in which a failed renewal holds for all: else each waiting thread waits in vain anew."""
FORCE_EVERY = 6 * 3600
"""Seconds between forced renewals: the platform allows 20 a day to all our processes together."""


@dataclass(slots=True)
class _Token:
    value: str
    good_until: float


class OfficialAccount(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """One service account's API. Safe to share between threads; raises SendError only."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        base: str = "https://api.weixin.qq.com",
        *,
        timeout: tuple[float, float] = TIMEOUT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app_id, secret, timeout=timeout, auto_retry=False)
        self.API_BASE_URL = base.rstrip("/") + "/cgi-bin/"
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._failure: tuple[float, SendError] | None = None
        self._forced_at = float("-inf")
        self._mount_pool()

    def _mount_pool(self) -> None:
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=POOL))

    def call(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """POST `data` as JSON to /cgi-bin/`path`; the platform's answer. Raises SendError.

        A refused token is renewed once and the call repeated once.
        """
        used = self.access_token
        try:
            return self._call(path, data, used)
        except SendError as error:
            if error.code is None or error.code not in TABLE or not TABLE[error.code].refresh:
                raise
        return self._call(path, data, self._renew(used))

    def close(self) -> None:
        """Close the connections kept open."""
        self._http.close()

    @property
    def access_token(self) -> str:
        """A token good for some minutes; fetched once for all threads that wait for it."""
        with self._lock:
            if self._token and self._monotonic() < self._token.good_until:
                return self._token.value
            return self._fetch().value

    def fetch_access_token(self) -> dict[str, Any]:
        """A new token from the platform; kept for all. wechatpy's name for it."""
        with self._lock:
            return {"access_token": self._fetch().value}

    def _renew(self, refused_token: str) -> str:
        """A token other than the refused one, if the platform will give one."""
        with self._lock:
            if self._token and self._token.value != refused_token:
                return self._token.value
            token = self._fetch()
            if token.value == refused_token and self._may_force():
                self._forced_at = self._monotonic()
                token = self._fetch(force=True)
            return token.value

    def _may_force(self) -> bool:
        return self._monotonic() - self._forced_at >= FORCE_EVERY

    def _fetch(self, force: bool = False) -> _Token:
        """Fetch and keep a token; the caller holds the lock."""
        if self._failure and self._monotonic() - self._failure[0] < PAUSE_AFTER_FAILURE:
            raise self._failure[1].with_traceback(None)
        self._token = None
        try:
            self._token = self._ask_for_token(force)
        except SendError as error:
            self._failure = (self._monotonic(), error)
            raise
        self._failure = None
        return self._token

    def _ask_for_token(self, force: bool) -> _Token:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        url = self.API_BASE_URL + "stable_token"
        try:
            response = self._http.post(
                url, json=body | {"force_refresh": force}, timeout=self.timeout
            )
        except requests.RequestException as error:
            raise no_token(type(error).__name__) from None
        if response.status_code >= 400:
            raise no_token(f"HTTP {response.status_code}")
        return self._read_token(response)

    def _read_token(self, response: requests.Response) -> _Token:
        try:
            answer = response.json()
            if code := int(answer.get("errcode", 0)):
                error = refused(code, str(answer.get("errmsg", "")), self._now())
                error.scope = "channel"  # without a token no hop is open, whatever the code says
                raise error if error.action is Action.STOP else no_token(error.reason)
            lifetime = int(answer.get("expires_in", 7200))
            value = str(answer["access_token"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise no_token("not understood") from None
        log.info("token_renewed seconds=%s", lifetime)
        return _Token(value, self._monotonic() + max(lifetime - MARGIN, 60))

    def _call(self, path: str, data: dict[str, Any], token: str) -> dict[str, Any]:
        try:
            answer = self.post(path, data=data, params={"access_token": token})
        except requests.RequestException as error:
            raise broken_transport(error) from None
        except WeChatClientException as error:
            raise self._refusal(error) from None
        except (ValueError, TypeError, AttributeError):
            raise no_verdict("not understood", unknown_outcome=True) from None
        if not isinstance(answer, dict):
            raise no_verdict("not JSON", unknown_outcome=True)
        return answer

    def _refusal(self, error: WeChatClientException) -> SendError:
        if error.errcode is None:
            return bad_status(error.response.status_code)
        return refused(int(error.errcode), str(error.errmsg), self._now())


class RedactingFilter(logging.Filter):
    """Takes tokens and openids out of the records of a library that logs whole URLs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, in its redacted form."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(RedactingFilter())
