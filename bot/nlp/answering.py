"""Finds the one entry of the list of common questions that a question surely is; or none.

Two ways must agree: nearly all of what the message is about stands in one wording of the entry, and
nearly all of that wording in the message, each character weighed by how rare it is in the list. It
must ask for the same (where, how much, when …), in the same place, and lead over every other
entry. A wrong answer is worse than none: a word that the entry hasn't got is enough to leave it
(社保卡怎么激活), and so is one that its wordings share and the message lacks (社保卡去哪里办 asks
for no new card).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.common_questions import Asks, Entry, Match
from bot.domain.understanding import PlaceHit, Reading
from bot.nlp.asking import Asked, asked, wording

SAID = 0.78
"""Share of the message that an entry must know."""
MEANT = 0.6
"""Share of a wording that the message must hold."""
SURE = 0.75
LEAD = 0.08
"""By so much the best must lead over the next entry."""
ELSEWHERE = 0.9
"""What is left of a score when the message seems to be about another category."""
MOST_OF = 2 / 3
ANY = frozenset("办")
"""Whether one does (办) it or replaces (补办) it: only the other character tells."""
LOOKED_AT = 6
"""Entries that are compared in full: those that share most with the message."""


@dataclass(frozen=True, slots=True)
class _Wording:
    chars: Counter[str]
    pairs: frozenset[str]
    alone: frozenset[str]
    """Characters that stand for themselves."""
    denies: bool
    weight: float


@dataclass(frozen=True, slots=True)
class _Known:
    entry: Entry
    kinds: frozenset[str]
    numbers: frozenset[str]
    wordings: tuple[_Wording, ...]
    all: frozenset[str]
    """Characters of all its wordings."""
    core: frozenset[str]
    """Those that most of them share."""


class AnswerFinder:
    """Never changed; a new list makes a new one. 300 entries take 30 ms to make, a question less
    than 0.2 ms to find."""

    __slots__ = ("_known", "_most", "_places", "_weights")

    def __init__(self, entries: Iterable[Entry]) -> None:
        given = list(entries)
        taken = {e.code: [wording(w) for w in (e.question, *e.wordings)] for e in given}
        self._weights, self._most = _weights(list(taken.values()))
        self._known = tuple(self._learn(each, taken[each.code]) for each in given)
        self._places: dict[str, list[int]] = {}
        for at, known in enumerate(self._known):
            for pair in set().union(*(w.pairs | w.alone for w in known.wordings)):
                self._places.setdefault(pair, []).append(at)

    def _learn(self, entry: Entry, taken: Sequence[Asked]) -> _Known:
        own = _names(entry)
        wordings = [self._wording(_without(w.runs, own), denies=w.denies) for w in taken]
        count = Counter(char for each in wordings for char in each.chars)
        return _Known(
            entry,
            frozenset().union(*(each.kinds for each in taken)),
            frozenset().union(*(each.numbers for each in taken)),
            tuple(wordings),
            frozenset(count),
            frozenset(
                char
                for char, n in count.items()
                if n >= MOST_OF * len(wordings) and char not in ANY
            ),
        )

    def _wording(self, runs: Sequence[str], *, denies: bool) -> _Wording:
        chars = Counter("".join(runs))
        weight = sum(self._weights.get(c, self._most) * n for c, n in chars.items())
        pairs = frozenset(pair for run in runs for pair in _pairs(run))
        alone = frozenset(run for run in runs if len(run) == 1)
        return _Wording(chars, pairs, alone, denies, weight)

    def find(self, reading: Reading, scene: PlaceHit | None = None) -> Asks:
        """What the list has for a message. `scene`: where the scanned poster hangs."""
        question = asked(reading.text) if _may_be_answered(reading) else None
        if question is None:
            return Asks(False)
        here = (*reading.places, *((scene,) if scene else ()))
        best = second = 0.0
        entry: Entry | None = None
        for known in self._near(question):
            score = self._score(question, known, reading, here)
            if score > best:
                best, second, entry = score, best, known.entry
            else:
                second = max(second, score)
        sure = entry is not None and best >= SURE and best - second >= LEAD
        return Asks(True, Match(entry, round(best, 3)) if entry is not None and sure else None)

    def _near(self, question: Asked) -> list[_Known]:
        shared: Counter[int] = Counter()
        for run in question.runs:
            for piece in (*_pairs(run), *run):
                for at in self._places.get(piece, ()):
                    shared[at] += 1
        return [self._known[at] for at, _ in shared.most_common(LOOKED_AT)]

    def _score(
        self, question: Asked, known: _Known, reading: Reading, here: Sequence[PlaceHit]
    ) -> float:
        if not (question.kinds <= known.kinds and question.numbers <= known.numbers):
            return 0.0
        if not _is_there(known.entry, here):
            return 0.0
        other = None not in (reading.category, known.entry.category)
        other = other and reading.category != known.entry.category
        if other and reading.confident:
            return 0.0
        said = self._wording(_without(question.runs, _names(known.entry)), denies=question.denies)
        if not said.chars.keys() <= known.all:
            return 0.0
        core = known.core <= said.chars.keys()
        fit = [w for w in known.wordings if core or w.chars.keys() <= said.chars.keys()]
        found = max((self._alike(said, each) for each in fit), default=0.0)
        return found * ELSEWHERE if other else found

    def _alike(self, said: _Wording, meant: _Wording) -> float:
        if said.denies != meant.denies or not said.weight or not meant.weight:
            return 0.0
        there = self._held(said, meant) / said.weight
        back = self._held(meant, said) / meant.weight
        if there < SAID or back < MEANT:
            return 0.0
        return 2 * there * back / (there + back)

    def _held(self, one: _Wording, other: _Wording) -> float:
        """The weight of what of `one` stands in `other`: in a pair, or where it stands alone."""
        within = {char for pair in one.pairs & other.pairs for char in pair}
        within |= (one.alone | other.alone) & one.chars.keys() & other.chars.keys()
        return sum(self._weights.get(c, self._most) * one.chars[c] for c in within)


def _may_be_answered(reading: Reading) -> bool:
    """No danger, nothing that only named people see, nobody who wants a person, no second matter,
    no name or phone left."""
    plain = reading.urgency == "normal" and reading.handling == "normal"
    wants = reading.want_human or reading.angry or bool(reading.pii)
    return plain and not wants and len(reading.parts) < 2


def _is_there(entry: Entry, here: Sequence[PlaceHit]) -> bool:
    if entry.street:
        return any(place.sure and place.unit == entry.street for place in here)
    if entry.district:
        return any(place.sure and place.district == entry.district for place in here)
    return True


def _names(entry: Entry) -> tuple[str, ...]:
    """What the entry's own place is called."""
    given = [name for name in (entry.street, entry.district) if name]
    short = [name.removesuffix("街道").removesuffix("区") for name in given]
    return tuple(sorted({*given, *short}, key=len, reverse=True))


def _without(runs: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return tuple(runs)
    whole = " ".join(runs)
    for name in names:
        whole = whole.replace(name, " ")
    return tuple(whole.split())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _weights(taken: Sequence[Sequence[Asked]]) -> tuple[Mapping[str, float], float]:
    """How much a character tells, by in how many entries it stands; and one that stands in none."""
    count = Counter(char for each in taken for char in {c for a in each for r in a.runs for c in r})
    size = len(taken) + 10  # a short list must not make every word rare
    weights = {char: math.log(1 + size / n) for char, n in count.items()}
    return weights, math.log(1 + size / 0.5)
