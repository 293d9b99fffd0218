"""One message of a conversation while it is being handled."""

from dataclasses import dataclass

from bot.domain.inbound import Inbound, Reply
from bot.domain.stations import Directory
from bot.domain.understanding import Reading
from bot.models.conversation import Contact
from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Talk:
    """The turn, who said what, and what it reads as. `message_id` is the stored message."""

    turn: Turn
    contact: Contact
    inbound: Inbound
    reading: Reading
    directory: Directory
    message_id: int

    def say(self, key: str, /, **values: object) -> Reply:
        """A reply of one sentence."""
        return Reply(self.turn.say(key, **values))


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered, and the case that the message became part of."""

    reply: Reply
    case_id: int | None = None
