"""Signing in to our pages inside WeChat: the platform's OAuth2, silent scope only.

Source: the platform's 网页授权. wechatpy's own client has no time-out and leaves `state` unquoted.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter

from bot.channels.client import POOL
from bot.channels.errors import bad_status, no_verdict, refused
from bot.domain.signing_in import SignInFailed, Visitor
from bot.settings import Settings

TIMEOUT = (2.0, 3.0)
"""Seconds to connect, and to wait for a piece of the answer: a person waits, and a worker with
them."""
ASK_AGAIN = frozenset({40029, 42003, 40163})
"""errcodes of a code that is unknown, old or used: a new one may be good."""


class WeChatSignIn:
    """Implements the SignIn port. Safe to share between threads."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._app_id = settings.wechat_app_id
        self._secret = settings.wechat_app_secret
        self._pages = settings.wechat_oauth_base.rstrip("/")
        self._api = settings.wechat_api_base.rstrip("/")
        self._now = now
        self._http = requests.Session()
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=POOL))

    def address(self, return_to: str, state: str) -> str:
        """Where the browser goes to be told a code for `return_to`, which comes back with it."""
        asked = {
            "appid": self._app_id, "redirect_uri": return_to, "response_type": "code",
            "scope": "snsapi_base", "state": state,
        }  # fmt: skip
        return f"{self._pages}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def visitor(self, code: str) -> Visitor:
        """Who the code names; good for one exchange. Raises SignInFailed."""
        answer = self._exchange(code)
        if errcode := _number(answer.get("errcode")):
            error = refused(errcode, str(answer.get("errmsg", "")), self._now())
            raise SignInFailed(error.reason, again=errcode in ASK_AGAIN)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not 1 <= len(openid) <= 128:
            raise SignInFailed(no_verdict("no openid", unknown_outcome=False).reason)
        return Visitor(openid, snapshot=_number(answer.get("is_snapshotuser")) == 1)

    def _exchange(self, code: str) -> dict[str, Any]:
        asked = {
            "appid": self._app_id, "secret": self._secret.get_secret_value(), "code": code,
            "grant_type": "authorization_code",
        }  # fmt: skip
        try:
            response = self._http.get(
                f"{self._api}/sns/oauth2/access_token", params=asked, timeout=TIMEOUT
            )
            if response.status_code >= 400:
                raise SignInFailed(bad_status(response.status_code).reason)
            answer = response.json()
        except requests.RequestException as error:  # its text holds secret and code
            cause = type(error).__name__
            raise SignInFailed(no_verdict(cause, unknown_outcome=False).reason) from None
        if not isinstance(answer, dict):
            raise SignInFailed(no_verdict("not JSON", unknown_outcome=False).reason)
        return answer

    def close(self) -> None:
        """Close the connections kept open."""
        self._http.close()


def _number(value: object) -> int:
    """The platform's numbers come as int or as text."""
    try:
        return int(str(value or 0))
    except ValueError:
        return -1
