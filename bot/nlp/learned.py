"""Joins what was learned from examples with what the lexicon and the rules say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from bot.domain.understanding import CategoryScore, Evidence, Intent
from bot.nlp import linear
from bot.nlp.emergencies import LETTER, Alarm
from bot.nlp.features import Hinted, dense, ruled
from bot.nlp.intents import SHORT, Wish
from bot.nlp.linear import CALM, HINTS, LEXICON, NONE, RULES, Model, Sums

CATEGORY, EMERGENCY, INTENT = "category", "emergency", "intent"
"""The questions that the model answers."""
LEAST = 0.02
"""Categories below this probability aren't named."""
CLEAR = 0.25
"""Below this probability the examples alone say nothing."""
CERTAIN, SURER = 0.7, 0.9
"""From this probability on the examples may say that there is no matter where rules see one; the
second where somebody thanks, or a word of the lexicon speaks of a matter."""
CASES = ("demand", "suggestion")
"""Intents of which a case is made."""
TOLD = 5
"""So many pieces of the text are named as reasons."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the examples say of a text."""

    categories: tuple[CategoryScore, ...] = ()
    """Best first; empty when it is about no matter."""
    sure: bool = False
    """The best is probable enough to go on without a person."""
    evidence: tuple[Evidence, ...] = ()
    alarm: Alarm | None = None
    intent: tuple[str, float] | None = None
    """The most probable one, and its probability."""

    def near(self, code: str, share: float) -> bool:
        """Whether a category has this share of the best one's probability."""
        probable = {one.code: one.p for one in self.categories}
        return probable.get(code, 0.0) >= max(CLEAR, share * self.categories[0].p)


class Known(NamedTuple):
    """What is known of a text before the examples are asked."""

    topic: str
    """Folded, places and personal data covered."""
    lexicon: Mapping[str, float]
    """What its words add up to, by category."""
    hinted: Hinted
    intent: str
    """By the rules, as the emergency."""
    emergency: str | None

    @property
    def given(self) -> dict[str, dict[str, float]]:
        """The scores that stand beside the pieces, by group."""
        return {
            LEXICON: dense(self.lexicon),
            HINTS: dense(self.hinted.strength),
            RULES: ruled(self.intent, self.emergency),
        }


def opinion(model: Model, known: Known) -> Opinion:
    """What the examples say of a text."""
    topic, spoken, hinted = known.topic, bool(known.lexicon), known.hinted
    found = model.finder.count(topic)
    short = sum(map(str.isalnum, topic)) < SHORT
    if not found or (short and not spoken):
        return Opinion()
    sums = linear.summed(model, found, known.given)
    intent = _intent(model, sums)
    alarm = None if short or len(topic) >= LETTER else _alarm(model, sums)
    head = model.heads[CATEGORY]
    shares = linear.shares(head, sums)
    ranked = sorted([(-p, code) for code, p in shares.items() if p >= LEAST])
    named = [(code, -p) for p, code in ranked if code != NONE]
    nothing = ranked[0][1] == NONE and not spoken
    if nothing or not named or (named[0][1] < CLEAR and not spoken):
        return Opinion(alarm=alarm, intent=intent)
    best, p = named[0]
    return Opinion(
        tuple(CategoryScore(code, round(share, 4)) for code, share in named),
        p >= head.sure, _reasons(model, sums, best, hinted), alarm, intent,
    )  # fmt: skip


def agreed(wish: Wish, said: Opinion, *, spoken: bool) -> Wish:
    """The wish by rules and examples. A matter is only passed over when the examples are certain,
    the more so when a word of the lexicon speaks of one (`spoken`): one case too many is work, one
    too few is lost. A command is an exact word, never a guess."""
    if wish.command or said.intent is None:
        return wish
    best, p = said.intent
    lost = wish.intent in CASES and best not in CASES
    enough = SURER if best == "praise" or spoken else CERTAIN
    if best in (wish.intent, "command") or (lost and p < enough):
        return wish
    wants = wish.want_human or best == "human"
    return replace(wish, intent=cast(Intent, best), evidence=(), want_human=wants)


def _reasons(model: Model, sums: Sums, code: str, hinted: Hinted) -> tuple[Evidence, ...]:
    """The hints; only where none speaks pieces, which are seldom whole words."""
    words = hinted.words.get(code, {})
    told = [(word, part) for word, part in words.items() if len(word) > 1]
    told = told or linear.telling(linear.parts(model, model.heads[CATEGORY], sums, code), TOLD)
    ranked = sorted(told, key=lambda one: -one[1])[:TOLD]
    return tuple(Evidence(piece, code, round(part, 2)) for piece, part in ranked)


def _intent(model: Model, sums: Sums) -> tuple[str, float]:
    shares = linear.shares(model.heads[INTENT], sums)
    return min(shares.items(), key=lambda item: (-item[1], item[0]))


def _alarm(model: Model, sums: Sums) -> Alarm | None:
    """An emergency that the examples see. A letter is not asked, who is in danger writes short; nor
    are a few characters, they may answer a question (三号楼下面): there rules stand alone."""
    head = model.heads[EMERGENCY]
    shares = linear.shares(head, sums)
    calm = shares.pop(CALM)
    if 1 - calm < head.sure:
        return None
    code = max(shares, key=lambda one: shares[one])
    told = linear.telling(linear.parts(model, head, sums, code), TOLD)
    return Alarm(code, tuple(Evidence(piece, code, round(part, 2)) for piece, part in told))
