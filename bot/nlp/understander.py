"""Reads a resident's words: what about, where, how urgent, what is wanted, and how sure that is."""

import hashlib
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path

from bot.domain.understanding import (
    CategoryInfo,
    EmergencyInfo,
    Evidence,
    Handling,
    Part,
    PersonalData,
    Reading,
    Understander,
    Urgency,
    Weighed,
    Where,
)
from bot.nlp import data, parts, pii, unlisted
from bot.nlp.categories import CategoryScorer, Scores, Seen
from bot.nlp.corruption import CorruptionFinder
from bot.nlp.emergencies import LETTER, Alarm, EmergencyFinder, UrgencyFinder
from bot.nlp.fold import Folded, fold
from bot.nlp.intents import IntentReader
from bot.nlp.places import Gazetteer
from bot.nlp.records import LexiconData
from bot.nlp.rewording import Reworded
from bot.nlp.scripts import script_of
from bot.nlp.tokens import Tokens
from bot.nlp.words import WordFinder, blank, stuffed

SCORED = 3000
"""Only so many characters are scored; personal data is covered in all of them."""
CANDIDATES = 5
DISCIPLINE = "discipline"
"""Where corruption leads go, by the words of `corruption` in categories.json."""


def load_understander(cache_dir: Path, data_dir: Path | None = None) -> Understander:
    """An understander of the data in `data_dir` (the project's own when None); takes about a
    second. `cache_dir` is made when missing and holds the tokeniser's prepared dictionary."""
    lexicon = data.load(data_dir)
    return LexiconUnderstander(lexicon, Tokens(cache_dir, lexicon.userdict))


class LexiconUnderstander:
    """Understands by word lists alone; every guess can name its words."""

    __slots__ = (
        "_corruption",
        "_emergencies",
        "_intents",
        "_lexicon",
        "_places",
        "_product",
        "_risks",
        "_scorer",
        "_tokens",
        "_urgency",
        "categories",
        "emergencies",
        "version",
        "words",
    )

    def __init__(self, lexicon: LexiconData, tokens: Tokens) -> None:
        self.version: str = lexicon.version
        self.categories: dict[str, CategoryInfo] = dict(lexicon.categories)
        self.emergencies: dict[str, EmergencyInfo] = {
            kind.info.code: kind.info for kind in lexicon.emergencies
        }
        self.words: Mapping[str, Weighed] = lexicon.words
        self._lexicon, self._tokens = lexicon, tokens
        self._product: LexiconUnderstander | None = None
        self._places = Gazetteer(lexicon.spots, lexicon.sounds)
        self._scorer = CategoryScorer(lexicon.words, lexicon.scoring, tokens)
        self._emergencies = EmergencyFinder(
            lexicon.emergencies, lexicon.override, lexicon.alone_chars
        )
        self._urgency = UrgencyFinder(lexicon.urgent)
        self._intents = IntentReader(lexicon.intents)
        self._corruption = CorruptionFinder(lexicon.corruption)
        self._risks = WordFinder(lexicon.risk_cues)

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """The same with words of the office over its own."""
        return Reworded(self, office) if office else self

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """The same with places of the office over its own."""
        product = self._product or self
        if not office:
            return product
        other = copy(product)
        mark = hashlib.sha256(repr(sorted(office.items())).encode()).hexdigest()[:8]
        other.version, other._product = f"{product.version}+p{mark}", product
        other._places = self._places.with_names(office)
        return other

    def unlisted(self, masked: str) -> tuple[str, ...]:
        """Names that look like places and are in no list."""
        body = fold(masked).text
        found = unlisted.names(blank(body, self._places.find(body).plain_spans))
        return tuple(name for name in found if not self._places.knows(name))

    def scoring(self, words: Mapping[str, Weighed]) -> "LexiconUnderstander":
        """The same with just these words; all else is shared, the tokeniser too."""
        other = copy(self)
        other.words, other._lexicon = words, replace(self._lexicon, words=words)
        other._scorer = CategoryScorer(words, self._lexicon.scoring, self._tokens)
        return other

    def read(self, text: str) -> Reading:
        """Read one text, of any length and script."""
        folded = fold(text)
        hidden = pii.find(folded.text, self._lexicon.pii)
        body = blank(folded.text, [(one.start, one.end) for one in hidden])[:SCORED]
        places = self._places.find(body)
        topic = blank(body, places.spans)
        seen = self._scorer.look(topic)
        scores = self._scorer.score(topic, seen)
        lead = self._corruption.find(body)
        if lead:
            scores = self._scorer.lifted(scores, DISCIPLINE, lead)
        script = script_of(text)
        alarm = self._emergencies.find(body, spaced=script is not None)
        urgency, urgent_words = self._how_urgent(body, alarm)
        wish = self._intents.read(body, matter=bool(scores.ranked))
        handling, clear = self._handling(body, scores)
        personal = tuple(_placed(one, folded) for one in hidden)
        return Reading(
            text=text,
            masked=pii.mask(text, personal),
            intent="demand" if alarm or (script and wish.intent == "chat") else wish.intent,
            categories=self._scorer.shares(scores)[:CANDIDATES],
            confident=clear and script is None and not stuffed(topic) and self._sure(topic, scores),
            urgency=urgency,
            emergency=alarm.code if alarm else None,
            places=places.hits,
            pii=personal,
            parts=self._parts(topic, seen, scores, folded, whole=lead is not None),
            evidence=scores.evidence + wish.evidence + urgent_words,
            handling=handling,
            want_human=wish.want_human,
            angry=wish.angry,
            command=None if alarm else wish.command,
            script=script,
        )

    def _sure(self, topic: str, scores: Scores) -> bool:
        long_enough = sum(map(str.isalnum, topic)) >= self._lexicon.scoring.shortest
        return long_enough and self._scorer.confident(scores)

    def _how_urgent(self, body: str, alarm: Alarm | None) -> tuple[Urgency, tuple[Evidence, ...]]:
        if alarm:
            return "emergency", alarm.evidence
        words = self._urgency.find(body)
        evidence = tuple(Evidence(word, "urgent", 1.0) for word in words)
        return ("urgent" if words else "normal"), evidence

    def _handling(self, body: str, scores: Scores) -> tuple[Handling, bool]:
        """Who may see it, and whether that is clear. A restricted category within reach of the
        best is not passed over: a person looks before anybody else does."""
        if not scores.ranked:
            return "normal", True
        handling, clear = self.categories[scores.ranked[0][0]].handling, not scores.lifted
        for code, score in scores.ranked[1:]:
            wider = self.categories[code].handling
            if _RANK[wider] > _RANK[handling] and self._within_reach(code, score, body, scores):
                handling, clear = wider, False
        if handling == "named_members" and self._risks.every(body):
            handling = "named_staff"
        return handling, clear

    def _within_reach(self, code: str, score: float, body: str, scores: Scores) -> bool:
        s, word = self._lexicon.scoring, scores.strongest[code]
        near = word >= s.strong and score >= s.reach * scores.ranked[0][1]
        for_staff = self.categories[code].handling == "named_staff"
        return near or (for_staff and word >= s.alarming and len(body) < LETTER)

    def _parts(
        self, topic: str, seen: Seen, scores: Scores, folded: Folded, *, whole: bool
    ) -> tuple[Part, ...]:
        """Its matters. A corruption lead stays whole: no stretch of it goes to members."""
        if not scores.ranked:
            return ()

        def score(start: int, end: int) -> Scores:
            return self._scorer.score(topic[start:end], seen.within(start, end))

        one = whole or len(scores.ranked) == 1  # then no stretch can be about anything else
        found = [] if one else parts.split(topic, score, self._scorer.confident)
        if not found:
            return (Part(0, folded.length, scores.ranked[0][0]),)
        return tuple(Part(*folded.back(part.start, part.end), part.code) for part in found)


_RANK: dict[Handling, int] = {"normal": 0, "named_members": 1, "named_staff": 2}


def _placed(one: PersonalData, folded: Folded) -> PersonalData:
    return PersonalData(one.kind, *folded.back(one.start, one.end))
