"""What rules and examples say of a text together."""

from typing import NamedTuple

from bot.domain.understanding import Evidence
from bot.nlp.categories import Scores
from bot.nlp.emergencies import Alarm
from bot.nlp.intents import Wish
from bot.nlp.learned import Opinion


class Heard(NamedTuple):
    """A text with all that is said of its matter."""

    body: str
    scores: Scores
    """By the lexicon and the rules."""
    said: Opinion | None
    """By the examples; None when they say nothing, or a rule has decided."""
    wish: Wish
    alarm: Alarm | None
    lead: bool
    """It is a corruption lead, whatever else it speaks of."""

    @property
    def best(self) -> str | None:
        """Code of the best category."""
        if self.said:
            return self.said.categories[0].code
        return self.scores.ranked[0][0] if self.scores.ranked else None

    @property
    def reasons(self) -> tuple[Evidence, ...]:
        """Pieces of the text that spoke for the best by example, none that the lexicon names."""
        known = [one.word for one in self.scores.evidence]
        told = self.said.evidence if self.said else ()
        return tuple(one for one in told if not any(one.word in word for word in known))
