"""Finds corruption leads: an official and a favour in one sentence, whatever the matter was about.

No single word tells "the director took the developer's red envelope" from a matter of housing, so
the two are looked for together. A lead that reaches the people it names is worse than a false one.
"""

from bot.nlp.clauses import sentences
from bot.nlp.records import CorruptionWords
from bot.nlp.words import Hit, WordFinder, blank

REACH = 25
"""Characters between the official and the favour."""
BACK = 8
"""The same when the favour comes first ("包庇黑社会的所长"); there no comma may lie between."""
GRASP = 12
"""Characters between taking and what is taken ("收…红包")."""


class CorruptionFinder:
    """The words of a corruption lead, ready to find."""

    __slots__ = ("_alone", "_favours", "_goods", "_innocent", "_officials", "_takes", "_telling")

    def __init__(self, words: CorruptionWords) -> None:
        self._alone = WordFinder(words.alone)
        self._favours = WordFinder(words.favours)
        self._goods = WordFinder(words.goods)
        self._innocent = WordFinder(words.innocent)
        self._officials = WordFinder(words.officials)
        self._takes = WordFinder(words.takes)
        self._telling = WordFinder((*words.alone, *words.officials))

    def find(self, text: str) -> str | None:
        """The words that tell it in a folded text, as "局长…红包"; None when nothing does."""
        if not self._telling.every(text):
            return None
        text = blank(text, [(hit.start, hit.end) for hit in self._innocent.longest(text)])
        alone = self._alone.first(text)
        if alone:
            return alone.word
        found = (self._told(text[start:end]) for start, end in sentences(text))
        return next((words for words in found if words), None)

    def _told(self, sentence: str) -> str | None:
        officials = self._officials.longest(sentence)
        if not officials:
            return None
        favours = self._favours.longest(sentence) + self._taken(sentence)
        for favour in favours:
            for official in officials:
                if _meet(sentence, official, favour):
                    return f"{official.word}…{favour.word}"
        return None

    def _taken(self, sentence: str) -> list[Hit]:
        """Taking and the goods after it, as one hit that is named by the goods."""
        goods = self._goods.longest(sentence)
        return [
            Hit(take.start, good.end, good.word)
            for take in self._takes.longest(sentence)
            for good in goods
            if 0 <= good.start - take.end <= GRASP
        ]


def _meet(sentence: str, official: Hit, favour: Hit) -> bool:
    if official.end <= favour.start:
        return favour.start - official.end <= REACH
    between = sentence[favour.end : official.start]
    return favour.end <= official.start and len(between) <= BACK and "，" not in between
