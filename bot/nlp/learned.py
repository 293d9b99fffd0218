"""Joins what was learned from examples with what the lexicon and the rules say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from bot.domain.understanding import DANGER, CategoryScore, Evidence, Intent
from bot.nlp import linear
from bot.nlp.emergencies import LETTER, Alarm
from bot.nlp.features import Hinted, dense, ruled
from bot.nlp.intents import SHORT, Wish
from bot.nlp.linear import CALM, CUES, HINTS, LEXICON, NONE, RULES, Head, Model, Sums
from bot.nlp.words import BLANK

CATEGORY, EMERGENCY, INTENT = "category", "emergency", "intent"
"""The questions that the model answers."""
NOW = "now"
"""What hints in cues.json that it happens just now."""
LEAST = 0.02
"""Categories below this probability aren't named."""
RIVAL = 0.45
"""From this share of the best one's probability on the second is a rival: nobody is sure."""
CLEAR = 0.25
"""Below this probability the examples alone say nothing."""
EVEN, SETTLED, LIKELY, CERTAIN, NEVER = 0.5, 0.68, 0.85, 0.95, 1.1
"""Probabilities from which on the examples may call a case something else: `agreed` says which."""
SHORTEST = 5
"""Letters of a text that the examples are asked about at all: 在？ is a greeting."""
_TOGETHER = re.compile(rf"\w[^\w{BLANK}]{{0,2}}\w[^\w{BLANK}]{{0,2}}\w")
"""Letters of a text that they are asked whether somebody is in danger: 胸口疼. What is left of who
gives a name and an address (我妈□，在□住) is no cry."""
CRY = 0.6
"""From this probability on a few characters are a cry for help."""
CASES = ("demand", "suggestion")
"""Intents of which a case is made."""
TAKEN_UP = ("followup", "human")
"""Others that a person hears of."""
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
    asked: bool = False
    """Whether they were asked for an emergency."""

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
    cued: Hinted
    """What hints at an emergency or an intent."""
    intent: str
    """By the rules, as the emergency."""
    emergency: str | None
    alarmed: bool
    """That emergency is beyond doubt for the rules."""

    @property
    def given(self) -> dict[str, dict[str, float]]:
        """The scores that stand beside the pieces, by group."""
        return {
            LEXICON: dense(self.lexicon),
            HINTS: dense(self.hinted.strength),
            CUES: dense(self.cued.strength),
            RULES: ruled(self.intent, self.emergency),
        }


def opinion(model: Model, known: Known) -> Opinion:
    """What the examples say of a text."""
    topic, spoken, hinted = known.topic, bool(known.lexicon), known.hinted
    found = model.finder.count(topic)
    length = sum(map(str.isalnum, topic))
    short = length < SHORT
    if not found or not _TOGETHER.search(topic):
        return Opinion()
    sums = linear.summed(model, found, known.given)
    if length < SHORTEST:
        return Opinion(alarm=_alarm(model, sums, known.cued, CERTAIN))
    intent: tuple[str, float] | None = _intent(model, sums)
    if short and not spoken:
        intent = _of_few(known, intent)
    asked = not short and len(topic) < LETTER
    least = _cry(topic, short=short)
    alarm = _alarm(model, sums, known.cued, least) if len(topic) < LETTER else None
    head = model.heads[CATEGORY]
    probable = linear.shares(head, sums)
    ranked = sorted([(-p, code) for code, p in probable.items() if p >= LEAST])
    named = [(code, -p) for p, code in ranked if code != NONE]
    nothing = ranked[0][1] == NONE and not spoken
    if nothing or not named or (named[0][1] < CLEAR and not spoken):
        return Opinion((), False, (), alarm, intent, asked)
    best, p = named[0]
    rival = named[1][1] if len(named) > 1 else 0.0
    sure = p >= head.sure and rival <= RIVAL * p and (spoken or not short)
    return Opinion(
        tuple(CategoryScore(code, round(share, 4)) for code, share in named),
        sure, _reasons(model, sums, best, hinted), alarm, intent, asked,
    )  # fmt: skip


def shares(model: Model, known: Known) -> dict[str, float]:
    """The probability of each category, and of NONE."""
    sums = linear.summed(model, model.finder.count(known.topic), known.given)
    return linear.shares(model.heads[CATEGORY], sums)


def _cry(topic: str, *, short: bool) -> float:
    """From which probability on it is a cry for help, whatever the head says."""
    only_where = short and _WHERE.fullmatch(topic.strip())
    return CERTAIN if only_where else CRY if short else 0


def _of_few(known: Known, intent: tuple[str, float] | None) -> tuple[str, float] | None:
    """What a few characters may want that the rules take for chat: they may be a matter all the
    same (公章备案在哪), the more so if the examples are not sure of anything else, and not only say
    where (就在桥底下)."""
    if known.intent != "chat" or intent is None or _WHERE.fullmatch(known.topic.strip()):
        return None
    sure = intent[1] >= (LIKELY if intent[0] in TAKEN_UP else EVEN)
    return intent if sure else ("demand", EVEN)


_SIDES = "下面|楼下|底下|旁边|边上|门口|跟前|对面|附近|里头|那头|那边|这边|那面|东边|西边|南边|北边"
_WHERE = re.compile(rf"(?:就|我)?(?:在|靠|挨着).{{1,8}}|.{{1,8}}(?:{_SIDES})")


def agreed(wish: Wish, said: Opinion, *, spoken: bool) -> Wish:
    """The wish by rules and examples. What asks after a case or for a person is taken up all the
    same. A matter is only passed over when the examples are rather sure and nothing is unsettled,
    or when they are certain; where a word of the lexicon speaks of one (`spoken`), more so: one
    case too many is work, one too few is lost. A command is an exact word, never a guess."""
    if wish.command or said.intent is None:
        return wish
    best, p = said.intent
    lost = wish.intent in CASES and best not in CASES
    if best == "suggestion" and wish.unsettled and p < EVEN:
        return wish
    if best in (wish.intent, "command") or (lost and p < _enough(wish, said, spoken=spoken)):
        return wish
    wants = wish.want_human or best == "human"
    return replace(wish, intent=cast(Intent, best), evidence=(), want_human=wants)


def _enough(wish: Wish, said: Opinion, *, spoken: bool) -> float:
    """How probable it must be that something else is wanted than a case."""
    best = said.intent[0] if said.intent else ""
    if best == "praise" and wish.blames:
        return NEVER
    if best == "human" and spoken:
        return CERTAIN  # who wants a person and tells why has a matter
    if best in TAKEN_UP:
        return SETTLED if spoken else EVEN
    if spoken and (wish.unsettled or best == "chat"):
        return CERTAIN
    return LIKELY if wish.unsettled or best == "abuse" else SETTLED


def _reasons(model: Model, sums: Sums, code: str, hinted: Hinted) -> tuple[Evidence, ...]:
    """The hints; only where none speaks pieces, which are seldom whole words."""
    told = _words(_of(hinted, code), code)
    return told or _pieces(model, model.heads[CATEGORY], sums, code)


def _pieces(model: Model, head: Head, sums: Sums, code: str) -> tuple[Evidence, ...]:
    told = linear.telling(linear.parts(model, head, sums, code), TOLD)
    return tuple(Evidence(piece, code, round(part, 2), whole=False) for piece, part in told)


def _intent(model: Model, sums: Sums) -> tuple[str, float]:
    shares = linear.shares(model.heads[INTENT], sums)
    return min(shares.items(), key=lambda item: (-item[1], item[0]))


def _alarm(model: Model, sums: Sums, cued: Hinted, least: float) -> Alarm | None:
    """An emergency that the examples see, with the words that hint at it; they are DANGER's where
    it is not sure which it is. A letter is not asked, who is in danger writes short. A few
    characters may answer a question (三号楼下面): there the probability must be `least`."""
    head = model.heads[EMERGENCY]
    shares = linear.shares(head, sums)
    danger = 1 - shares.pop(CALM)
    if danger < max(head.sure, least):
        return None
    code = max(shares, key=lambda one: shares[one])
    if shares[code] < EVEN * danger:
        return Alarm(code, _words({**_of(cued, NOW), **_of(cued, *shares)}, DANGER))
    told = _words(_of(cued, code), code)
    return Alarm(code, told or _pieces(model, head, sums, code))


def _of(hinted: Hinted, *codes: str) -> dict[str, float]:
    """The words that hint at any of these, and how strongly."""
    return {word: part for code in codes for word, part in hinted.words.get(code, {}).items()}


def _words(hints: Mapping[str, float], code: str) -> tuple[Evidence, ...]:
    """The strongest words of more than one character, as reasons."""
    told = [(word, part) for word, part in hints.items() if len(word) > 1]
    ranked = sorted(told, key=lambda one: -one[1])[:TOLD]
    return tuple(Evidence(word, code, round(part, 2)) for word, part in ranked)
