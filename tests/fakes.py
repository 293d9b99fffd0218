"""Stand-ins for what lies outside: time and the channel. Never for code of our own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.domain.inbound import Choice
from bot.domain.media import TooLarge
from bot.domain.messages import Action, SendError, Sent
from bot.domain.scenes import QrTicket
from bot.domain.signing_in import SignInFailed, Visitor

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10:00 in Hohhot: a working day, inside office hours."""


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move on (never back) and return the new present."""
        if by < timedelta():
            raise ValueError("time runs forward; use set() to begin a test elsewhere")
        self._now += by
        return self._now

    def set(self, to: datetime) -> None:
        """Jump to an aware time."""
        if to.tzinfo is None:
            raise ValueError("a time without a zone says nothing")
        self._now = to.astimezone(UTC)


@dataclass(frozen=True)
class Delivery:
    """One message that the channel carried to a phone."""

    openid: str
    text: str
    choices: tuple[Choice, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """A template's fields; the text is empty then."""
    url: str = ""
    """The page that a template notice leads to."""


class RecordingChannel:
    """A channel that every phone is reached by, and that remembers what it carried."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Carry a text."""
        self.deliveries.append(Delivery(openid, text, choices))
        return Sent("custom", f"c{len(self.deliveries)}")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Carry a template notice."""
        self.deliveries.append(Delivery(openid, "", fields=fields, url=url))
        return Sent("template", f"t{len(self.deliveries)}")


class PaperPlatform:
    """A platform that makes what it is asked for, and gives out the media that a test put in."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int | None]] = []
        """Scenes of the QR codes that were made, and for how many seconds."""
        self.buttons: list[dict[str, Any]] = []
        self.files: dict[str, bytes | BaseException] = {}
        """media_id → its bytes, or what goes wrong; anything else is 40007."""

    def qr_code(self, scene: str, seconds: int | None = None) -> QrTicket:
        """Make one."""
        self.asked.append((scene, seconds))
        return QrTicket(f"ticket-{scene}", f"http://weixin.qq.com/q/{scene}")

    def menu(self) -> list[dict[str, Any]]:
        """What was set."""
        return self.buttons

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Keep it."""
        self.buttons = buttons

    def media(self, media_id: str, limit: int) -> bytes:
        """The bytes, or the trouble, that were put in."""
        found = self.files.get(media_id) or SendError(Action.DEAD, 40007, "素材失效 (40007)")
        if isinstance(found, BaseException):
            raise found
        if len(found) > limit:
            raise TooLarge
        return found


class PaperTickets:
    """Tickets for pages, unless `trouble` is put in."""

    def __init__(self) -> None:
        self.trouble: SendError | None = None

    def ticket(self) -> str:
        """Always the same."""
        if self.trouble is not None:
            raise self.trouble
        return "paper-ticket"


class FakeSignIn:
    """The platform's pages: the code is the openid, unless `refusals` has something to say first
    (an exception is raised, a visitor returned)."""

    def __init__(self) -> None:
        self.refusals: list[SignInFailed | Visitor] = []

    def address(self, return_to: str, state: str) -> str:
        """Not a page anybody opens; a test reads it."""
        return f"https://platform.test/authorize?{urlencode({'to': return_to, 'state': state})}"

    def visitor(self, code: str) -> Visitor:
        """Who the code names."""
        answer = self.refusals.pop(0) if self.refusals else Visitor(code)
        if isinstance(answer, SignInFailed):
            raise answer
        return answer


@dataclass
class RecordingSms:
    """A gateway that carries everything, and remembers numbers and words."""

    messages: list[tuple[str, str]] = field(default_factory=list)

    def send(self, phone: str, words: str) -> Sent:
        """Carry a short message."""
        self.messages.append((phone, words))
        return Sent("sms")
