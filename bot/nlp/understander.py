"""Reads a resident's words: what about, where, how urgent, what is wanted, and how sure that is."""

import hashlib
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import partial
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
from bot.nlp.emergencies import Alarm, EmergencyFinder, UrgencyFinder
from bot.nlp.features import UNCUED, HintFinder
from bot.nlp.fold import Folded, fold
from bot.nlp.handling import handling
from bot.nlp.heard import Heard
from bot.nlp.intents import SHORT, IntentReader, Wish, has_han
from bot.nlp.learned import Known, Opinion, agreed, opinion, shares
from bot.nlp.places import Gazetteer
from bot.nlp.records import LexiconData
from bot.nlp.rewording import Reworded
from bot.nlp.scripts import script_of
from bot.nlp.tokens import Tokens
from bot.nlp.words import WordFinder, blank, stuffed

SCORED = 3000
"""Only so many characters are scored; personal data is covered in all of them."""
CANDIDATES = 5
ALONE = 0.9
"""What no word of the lexicon backs must be so probable to go on without a person."""
DISCIPLINE = "discipline"
"""Where corruption leads go, by the words of `corruption` in categories.json."""


def load_understander(
    cache_dir: Path, data_dir: Path | None = None, model: Path | None = None
) -> "LexiconUnderstander":
    """An understander of the data in `data_dir` (the project's own when None) and of the learned
    `model`; takes about a second. `cache_dir` is made when missing and holds the tokeniser's
    prepared dictionary."""
    lexicon = data.load(data_dir, model)
    return LexiconUnderstander(lexicon, Tokens(cache_dir, lexicon.userdict))


class LexiconUnderstander:
    """Understands by word lists, and by weights learned from examples; every guess can name its
    words."""

    __slots__ = (
        "_corruption",
        "_cues",
        "_emergencies",
        "_hints",
        "_intents",
        "_lexicon",
        "_personal",
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
        self._personal = pii.every(lexicon, tokens.frequency)
        self._places = Gazetteer(lexicon.spots, lexicon.sounds)
        self._scorer = CategoryScorer(lexicon.words, lexicon.scoring, tokens)
        self._hints, self._cues = HintFinder(lexicon.hints), HintFinder(lexicon.cues)
        self._emergencies = EmergencyFinder(
            lexicon.emergencies, lexicon.override, lexicon.alone_chars, lexicon.doubts
        )
        self._urgency = UrgencyFinder(lexicon.urgent)
        self._intents = IntentReader(lexicon.intents)
        self._corruption = CorruptionFinder(lexicon.corruption)
        self._risks = WordFinder(lexicon.risk_cues)

    def look(self, text: str) -> Known:
        """What is known of a text before the examples are asked."""
        folded = fold(text).text
        body = pii.blanked(folded, pii.find(folded, self._personal))[:SCORED]
        topic = blank(body, self._places.find(body).spans)
        scores = self._scorer.score(topic, self._scorer.look(topic))
        wish = self._intents.read(body, matter=bool(scores.ranked))
        return self._known(topic, scores, wish, self._emergencies.find(body))

    def _known(self, topic: str, scores: Scores, wish: Wish, alarm: Alarm | None) -> Known:
        hinted, cued = self._hints.find(topic), self._cues.find(topic)
        code, sure = (alarm.code, not alarm.doubtful) if alarm else (None, False)
        return Known(topic, dict(scores.ranked), hinted, cued, wish.intent, code, sure)

    def _heard(self, body: str, topic: str, scores: Scores, script: str | None) -> Heard:
        """What rules and examples say together."""
        ruled = self._emergencies.find(body, spaced=script is not None)
        lead = self._corruption.find(body)
        wish = self._intents.read(body, matter=bool(scores.ranked or lead))
        said = Opinion()
        if self._lexicon.model is not None and has_han(topic):
            known = self._known(topic, scores, wish, ruled)
            said = opinion(self._lexicon.model, known)
            wish = wish if lead else agreed(wish, said, spoken=bool(scores.ranked))
        if lead:
            scores = self._scorer.lifted(scores, DISCIPLINE, lead)
        stands = ruled and not (ruled.doubtful and said.asked)
        alarm = ruled if stands else said.alarm
        by_example = said if not lead and said.categories else None
        return Heard(body, scores, by_example, wish, alarm, lead is not None)

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
        other._personal = pii.every(self._lexicon, self._tokens.frequency, office)
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
        hidden = pii.find(folded.text, self._personal)
        body = pii.blanked(folded.text, hidden)[:SCORED]
        places = self._places.find(body)
        topic = blank(body, places.spans)
        seen = self._scorer.look(topic)
        script = script_of(text)
        heard = self._heard(body, topic, self._scorer.score(topic, seen), script)
        wish, alarm = heard.wish, heard.alarm
        urgency, urgent_words = self._how_urgent(body, alarm)
        risky = bool(self._risks.every(body))
        seen_by, clear = handling(heard, self.categories, self._lexicon.scoring, risky=risky)
        personal = tuple(_placed(one, folded) for one in hidden)
        categories = heard.said.categories if heard.said else self._scorer.shares(heard.scores)
        return Reading(
            text=text,
            masked=pii.mask(text, personal),
            intent="demand" if alarm or (script and wish.intent == "chat") else wish.intent,
            categories=categories[:CANDIDATES],
            confident=clear
            and script is None
            and not stuffed(topic)
            and self._sure(topic, heard, seen_by),
            urgency=urgency,
            emergency=alarm.code if alarm else None,
            places=places.hits,
            pii=personal,
            parts=self._parts(topic, seen, heard, folded),
            evidence=heard.scores.evidence + heard.reasons + wish.evidence + urgent_words,
            handling=seen_by,
            want_human=wish.want_human,
            angry=wish.angry,
            command=None if alarm else wish.command,
            script=script,
        )

    def _sure(self, topic: str, heard: Heard, seen_by: Handling) -> bool:
        """Whether it may go on without a person. Examples alone are enough only for what anybody
        may see, and not for a few characters."""
        length = sum(map(str.isalnum, topic))
        by_words = self._scorer.confident(heard.scores)
        if length < self._lexicon.scoring.shortest or heard.said is None:
            return by_words and length >= self._lexicon.scoring.shortest
        alone = not heard.scores.evidence and heard.said.categories[0].p < ALONE
        by_example = seen_by == "normal" and length >= SHORT and not alone
        return heard.said.sure and (by_words or by_example)

    def _alone(self, topic: str, seen: Seen, start: int, end: int) -> Mapping[str, float]:
        """What the examples say of a stretch by itself: the probability of each category."""
        clause, model = topic[start:end], self._lexicon.model
        scores = self._scorer.score(clause, seen.within(start, end))
        hinted = self._hints.find(clause)
        known = Known(clause, dict(scores.ranked), hinted, UNCUED, "demand", None, alarmed=False)
        return shares(model, known) if model else {}

    def _how_urgent(self, body: str, alarm: Alarm | None) -> tuple[Urgency, tuple[Evidence, ...]]:
        if alarm:
            return "emergency", alarm.evidence
        words = self._urgency.find(body)
        evidence = tuple(Evidence(word, "urgent", 1.0) for word in words)
        return ("urgent" if words else "normal"), evidence

    def _parts(self, topic: str, seen: Seen, heard: Heard, folded: Folded) -> tuple[Part, ...]:
        """Its matters. A corruption lead stays whole: no stretch of it goes to members."""
        if heard.best is None:
            return ()

        def score(start: int, end: int) -> Scores:
            return self._scorer.score(topic[start:end], seen.within(start, end))

        # With one category of the lexicon no stretch can be about anything else.
        one = heard.lead or len(heard.scores.ranked) < 2
        found = [] if one else parts.split(topic, score, self._scorer.confident)
        if not (found or heard.lead or heard.alarm) and heard.said:
            found = parts.by_example(topic, partial(self._alone, topic, seen))
        if not found:
            return (Part(0, folded.length, heard.best),)
        return tuple(Part(*folded.back(part.start, part.end), part.code) for part in found)


def _placed(one: PersonalData, folded: Folded) -> PersonalData:
    return PersonalData(one.kind, *folded.back(one.start, one.end))
