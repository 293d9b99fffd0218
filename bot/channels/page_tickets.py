"""The ticket with which pages are signed for the platform's tags (`/cgi-bin/ticket/getticket`).

Source: the platform's page on getTicket. It asks for few calls, so one ticket serves all threads
for a while. Asked again, the platform gives the same ticket and always says 7200 seconds, also in
its last minutes (told by developers, not by its documents): so none is kept for long here.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.errors import no_verdict
from bot.channels.platform import PlatformAccount, read_json
from bot.domain.messages import SendError
from bot.settings import Settings

KEPT = timedelta(minutes=20)
PAUSE_AFTER_FAILURE = timedelta(seconds=30)
"""For so long a failure holds for all: nobody who opens a page waits for it anew."""
TIMEOUT = (2.0, 3.0)
"""Seconds to connect, and to wait for a piece of the answer: a person waits, and a worker with
them."""
LONGEST = 64 * 1024


class WeChatTickets:
    """Implements the PageTickets port. Safe to share between threads."""

    def __init__(self, account: PlatformAccount, now: Callable[[], datetime]) -> None:
        self._account = account
        self._now = now
        self._lock = threading.Lock()
        self._kept: tuple[datetime, str] | None = None
        self._failure: tuple[datetime, SendError] | None = None

    def ticket(self) -> str:
        """A ticket that is good now; fetched once for all threads that wait for it."""
        with self._lock:
            now = self._now()
            if self._kept and _since(self._kept[0], now, KEPT):
                return self._kept[1]
            if self._failure and _since(self._failure[0], now, PAUSE_AFTER_FAILURE):
                raise self._failure[1].with_traceback(None)
            try:
                ticket = self._fetch()
            except SendError as error:
                self._failure = (now, error)
                raise
            self._kept, self._failure = (now, ticket), None
            return ticket

    def _fetch(self) -> str:
        answer = read_json(self._account.ask("ticket/getticket", {"type": "jsapi"}, LONGEST))
        ticket = answer.get("ticket")
        if not isinstance(ticket, str) or not ticket:
            raise no_verdict("getticket: no ticket", unknown_outcome=False)
        return ticket

    def close(self) -> None:
        """Close the connections kept open."""
        self._account.close()


def _since(then: datetime, now: datetime, least: timedelta) -> bool:
    """Less than `least` ago; a clock that jumped back makes it long ago."""
    return timedelta() <= now - then < least


def wechat_tickets(settings: Settings, now: Callable[[], datetime]) -> WeChatTickets:
    """The tickets of the account in the settings. Makes no request yet."""
    account = PlatformAccount(
        settings.wechat_app_id,
        settings.wechat_app_secret.get_secret_value(),
        settings.wechat_api_base,
        timeout=TIMEOUT,
        now=now,
    )
    account.answers_within = TIMEOUT
    return WeChatTickets(account, now)
