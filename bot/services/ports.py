"""The few things that services need from outside, and the bundle that carries them.

`bot.wiring` is the only place that makes a `Deps`; handlers, pages, commands and the scheduler
pass it on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.domain.common_questions import Answers
from bot.domain.deadlines import WorkCalendar
from bot.domain.inbound import Choice
from bot.domain.messages import Sent
from bot.domain.scenes import QrTicket
from bot.domain.signing_in import Visitor
from bot.domain.understanding import Understander
from bot.settings import Settings
from bot.store.unit_of_work import Database
from bot.texts import Texts


class Clock(Protocol):
    """Where time comes from: the real clock, or the demo clock that can be moved."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class Channel(Protocol):
    """Sends to one person. Raises SendError (bot.domain.messages); never called inside a
    transaction."""

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """A customer-service message (only inside the platform's reply windows)."""
        ...

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """A template or subscription notice of this shape (see NOTICES), which needs no reply
        window; which of the two is a matter of the settings."""
        ...


class Sms(Protocol):
    """Carries a short message to a phone number. Raises SendError; never called inside a
    transaction."""

    def send(self, phone: str, words: str) -> Sent:
        """Hand one message over."""
        ...


class Platform(Protocol):
    """What the account asks of the platform besides sending. Raises SendError; never called inside
    a transaction."""

    def qr_code(self, scene: str, seconds: int | None = None) -> QrTicket:
        """A QR code for this scene; for ever, or for so many seconds (at most 30 days)."""
        ...

    def menu(self) -> list[dict[str, Any]]:
        """The buttons of the account's menu as it is now; empty when it has none."""
        ...

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replace the account's menu."""
        ...

    def media(self, media_id: str, limit: int) -> bytes:
        """What a person sent. Raises SendError (40007: the platform has it no more), TooLarge."""
        ...


class SignIn(Protocol):
    """Says who opens a page. Never called inside a transaction."""

    def address(self, return_to: str, state: str) -> str:
        """Where the browser goes first; it comes back to `return_to` with a code and `state`."""
        ...

    def visitor(self, code: str) -> Visitor:
        """Who the code names. Raises SignInFailed (bot.domain.signing_in)."""
        ...


class PageTickets(Protocol):
    """With what pages are signed for the platform's own tags. Never called inside a transaction."""

    def ticket(self) -> str:
        """A ticket that is good for some minutes. Raises SendError (bot.domain.messages)."""
        ...


class Offsite(Protocol):
    """Has a copy of a backup somewhere else. Never called inside a transaction."""

    def copy(self, path: Path) -> bool:
        """Copy the folder of a backup away; False where there is no elsewhere. Raises OSError."""
        ...


class Heartbeat(Protocol):
    """Tells an outside address that all is running. Never called inside a transaction."""

    def beat(self) -> None:
        """Tell it. Raises SendError when it does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Deps:
    """What a service is given as its first argument."""

    settings: Settings
    database: Database
    clock: Clock
    calendar: Callable[[], WorkCalendar]
    understander: Callable[[], Understander]
    channel: Channel
    platform: Platform
    sign_in: SignIn
    page_tickets: PageTickets
    sms: Sms
    offsite: Offsite
    heartbeat: Heartbeat
    texts: Texts
    answers: Callable[[], Answers]
