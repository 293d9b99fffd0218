"""The sign of life to an outside address, which raises the alarm when it stops coming."""

import requests

from bot.domain.messages import Action, SendError

TIMEOUT = (3.05, 5.0)
"""Seconds to connect, and to wait for the answer."""


class HttpHeartbeat:
    """Implements the Heartbeat port by one GET; any 2xx is an answer. Nothing is sent along."""

    def __init__(self, url: str) -> None:
        self._url = url

    def beat(self) -> None:
        """Call the address. Raises SendError, whose reason doesn't hold the address: whoever knows
        it can keep the alarm silent."""
        try:
            answer = requests.get(self._url, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise SendError(Action.RETRY, None, f"没有应答（{type(error).__name__}）") from None
        if not 200 <= answer.status_code < 300:
            raise SendError(Action.RETRY, answer.status_code, f"HTTP {answer.status_code}")
