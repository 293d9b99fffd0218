"""What the functions of one write unit share."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.deadlines import BEIJING
from bot.domain.quiet import quiet_until
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

    def waits(self, kind: str, at: datetime | None = None) -> datetime | None:
        """Until when a notice of this kind waits if it is due `at` (now); None: it does not."""
        return quiet_until(kind, at or self.now, self.deps.calendar())

    def say(self, key: str, /, **values: object) -> str:
        """A sentence by its key."""
        return self.deps.texts.say(key, **values)
