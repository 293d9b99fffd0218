"""What the functions of one write unit share."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.deadlines import BEIJING
from bot.services.ports import Deps


@dataclass(frozen=True, slots=True)
class Turn:
    """One write unit at work: its session, and one `now` for all that it writes."""

    deps: Deps
    session: Session
    now: datetime

    @property
    def today(self) -> date:
        """The day in Beijing."""
        return self.now.astimezone(BEIJING).date()

    def say(self, key: str, /, **values: object) -> str:
        """A sentence by its key."""
        return self.deps.texts.say(key, **values)
