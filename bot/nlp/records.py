"""What the data files of bot/data hold, once read: plain frozen values."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.understanding import CategoryInfo, EmergencyInfo, PersonalData
from bot.nlp.features import Hints
from bot.nlp.likely_names import NamesKnown
from bot.nlp.linear import Model


@dataclass(frozen=True, slots=True)
class Scoring:
    """How words add up to a score. Every number may be edited in lexicon.json."""

    mask_credit: float
    """Weight of a masked phrase for the category where it belongs."""
    opening_chars: int
    """The opening is the first sentence, but no more than so many characters."""
    opening_boost: float
    """A word in the opening counts so many times."""
    repeat: float
    """Each repetition of a word counts this share of the one before."""
    cut: float
    """Share that counts when a word is made of pieces of two words."""
    sharpness: float
    """Exponent that turns scores into shares; more makes the best stand out."""
    floor: float
    """Score that "none of them" gets."""
    strong: float
    """From this weight on a word is strong evidence."""
    shortest: float
    """Of a text with fewer letters and digits nobody is sure."""
    enough: float
    """Below this score nobody is sure."""
    margin: float
    """The best must lead the second by this share of its own score."""
    reach: float
    """A restricted category with this share of the best score is not passed over."""
    alarming: float
    """From this weight on one word for a category of named staff is enough, in a short text."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One meaning of a place name."""

    name: str
    """The name to show: the full name of what was found."""
    kind: str
    """city, district, unit, or the kind of place (community, road, estate …)."""
    unit: str | None
    district: str | None
    sure: bool
    weak: bool = False
    """A weak name of a place that would be sure: with its district or neighbourhood it is."""
    only_near: bool = False
    """An ordinary word too: it is a name only where words around tell of a neighbourhood."""


@dataclass(frozen=True, slots=True)
class EmergencyClass:
    """One class of emergencies and the words that tell it."""

    info: EmergencyInfo
    alone: tuple[str, ...]
    """Cries that are enough when nearly nothing else is said."""
    cues: tuple[tuple[frozenset[str], ...], ...]
    """Alternatives; in each, one word of every group must meet within a clause."""
    non_cues: tuple[str, ...]
    non_patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class UrgentRules:
    """Words, and groups of words within a sentence, that make a matter urgent."""

    words: tuple[str, ...]
    together: tuple[tuple[frozenset[str], ...], ...]


@dataclass(frozen=True, slots=True)
class CorruptionWords:
    """Words of corruption leads; taking and goods, or a favour, count beside an official only."""

    officials: tuple[str, ...]
    favours: tuple[str, ...]
    takes: tuple[str, ...]
    goods: tuple[str, ...]
    alone: tuple[str, ...]
    """Enough without an official."""
    innocent: tuple[str, ...]
    """Phrases whose words don't count, such as a polite address."""


@dataclass(frozen=True, slots=True)
class IntentWords:
    """Cue words by what they speak for; the keys are those of intents.json."""

    commands: frozenset[str]
    cues: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PiiPattern:
    """One way to find personal data. `find` gets folded text in which what earlier rows found is
    covered by \\x00, and gives spans in any order."""

    code: str
    find: Callable[[str], Iterable[PersonalData]]


@dataclass(frozen=True, slots=True)
class Studio:
    """A sector, party, institution or key-work studio of the demonstration network."""

    id: str
    name: str
    mode: str
    sector: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LexiconData:
    """Everything in bot/data that reading needs. Never changed; an edit makes a new one."""

    version: str
    """Date of the newest file and a digest of all of them."""
    categories: Mapping[str, CategoryInfo]
    risk_cues: tuple[str, ...]
    corruption: CorruptionWords
    scoring: Scoring
    words: Mapping[str, tuple[tuple[str, float], ...]]
    """Word or masked phrase → what it counts for; nothing for a phrase that only masks."""
    hints: Hints
    """Words that hint at categories."""
    cues: Hints
    """Words that hint at emergencies, at `now` or `calm`, and at intents."""
    spots: Mapping[str, tuple[Spot, ...]]
    """Place name or alias → its meanings."""
    sounds: Mapping[int, str]
    """Code of a character → one that stands for its syllable."""
    emergencies: tuple[EmergencyClass, ...]
    override: tuple[str, ...]
    """Words that say that it happens now; they beat the patterns for what is not now."""
    alone_chars: int
    """A text of so few letters and digits may be only a cry."""
    doubts: tuple[re.Pattern[str], ...]
    """What makes the rules' alarm doubtful wherever it stands: films, jokes, what is long over."""
    urgent: UrgentRules
    intents: IntentWords
    pii: tuple[PiiPattern, ...]
    names: NamesKnown
    """For names that no word leads to."""
    studios: tuple[Studio, ...]
    userdict: str
    """Path of the tokeniser's user dictionary."""
    model: Model | None = None
    """What was learned from examples; None: the lexicon speaks alone."""
