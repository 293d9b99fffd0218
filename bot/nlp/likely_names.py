"""Names of people that no word leads to, by their characters.

A surname and one or two more characters are a name where that explains the stretch better than the
words of the tokeniser do: how often its characters stand in names, against how often those words
stand in texts, compared over the few characters around it. Mongolian names are a list.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import inf, log
from typing import Any

from bot.domain.understanding import PersonalData

FILE = "name_characters.json"
"""Counted by tools/name_characters.py."""
LEAST = {2: 6.3, 3: 4.5, 4: 4.5}
"""By how much a name of so many characters must explain the stretch better: natural logarithm of
the odds. At these, 0.5 % of the corpus' messages lose words that are none."""
A_WORD = 2.5
"""How much more where the surname is an everyday word as well: 黄管子, 盖布."""
ALONE = 5.0
"""What it counts for a name that signs stand on both sides of it."""
BEHIND = 3.0
"""What it counts that a word stands before it which a name often follows, or behind it one that
often follows a name."""
AROUND = 4
"""Characters on each side that are looked at."""
LOOKED = 5000
"""Characters of a text that are looked at: more than anybody types."""
LONGEST = 6
"""Characters of the longest word looked for."""
RARE = 4
"""Words of three characters as rare as that are names themselves in the tokeniser's dictionary."""
PLACE = 200
"""How often a listed place occurs, in texts as many as the words were counted in."""
ONE_OF = 0.25
"""Share of names with one character behind the surname."""
UNSEEN = -12.0
"""A character that no counted name has at its place."""
DOUBLE = -8.0
"""Any surname of two characters."""
_RUN = re.compile("[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class NamesKnown:
    """What is known of names: natural logarithm of how often a character stands at its place in
    one, and what stands around them."""

    surname: Mapping[str, float]
    second: Mapping[str, float]
    third: Mapping[str, float]
    only: Mapping[str, float]
    """Behind the surname, of names with two characters."""
    also_words: frozenset[str]
    """Surnames that are everyday words as well."""
    double: frozenset[str]
    """Surnames of two characters."""
    mongolian: re.Pattern[str]
    behind: re.Pattern[str]
    """Ends in a word that a name often follows."""
    ahead: re.Pattern[str]
    """Begins with one that often follows a name."""
    never: Mapping[str, re.Pattern[str]]
    """What stands in no name behind the surname (`given`), nor `after` one, nor up to its surname
    (`before`)."""


def known(counts: Mapping[str, Any], lists: Mapping[str, Any]) -> NamesKnown:
    """What name_characters.json (characters by count, for each place) and "names" of pii.json
    say. KeyError, ValueError or re.error when something is missing or broken."""
    mongolian = sorted(lists["mongolian_names"], key=len, reverse=True)
    parts, first = "|".join(mongolian), "".join({name[0] for name in mongolian})
    never = lists["likely_never"]
    return NamesKnown(
        surname=_logs(counts["surname"]),
        second=_logs(counts["second"]),
        third=_logs(counts["third"]),
        only=_logs(counts["only"]),
        also_words=frozenset(lists["also_words"]),
        double=frozenset(lists["double_surnames"]),
        mongolian=re.compile(f"(?=[{first}])(?:{parts}){{1,4}}[图娜花夫玛]?"),
        behind=re.compile(f"(?:{lists['likely_behind']})的?$"),
        ahead=re.compile(lists["likely_ahead"]),
        never={
            "given": re.compile(never["given"]),
            "after": re.compile(never["after"]),
            "before": re.compile(f"(?:{never['before']})$"),
        },
    )


def _logs(counts: Mapping[str, str]) -> dict[str, float]:
    total = sum(int(count) * len(those) for count, those in counts.items())
    return {one: log(int(count) / total) for count, those in counts.items() for one in those}


class LikelyNames:
    """Finds them in folded text in which other personal data is covered."""

    __slots__ = ("_known", "_places", "_signs", "_start", "_total", "_words")

    def __init__(
        self, names: NamesKnown, words: Mapping[str, int], places: Collection[str]
    ) -> None:
        """`words`: how often each occurs; `places`: listed ones."""
        self._known, self._words, self._places = names, words, places
        self._total = log(sum(words.values()))
        self._signs: dict[str, float] = {}
        self._start = re.compile("|".join([*names.double, f"[{''.join(names.surname)}]"]))

    def find(self, text: str) -> Iterator[PersonalData]:
        """Names in the text, in no order; they may overlap."""
        for name in self._known.mongolian.finditer(text):
            if (
                not self._known.never["after"].match(text, name.end())
                and name[0] not in self._places
            ):
                yield PersonalData("name", *name.span())
        for run in _RUN.finditer(text[:LOOKED]):
            for start in self._start.finditer(text, *run.span()):
                first, shortest = start.start(), len(start[0]) + 1
                short, long = (
                    self._odds(text, first, first + length, run)
                    for length in (shortest, shortest + 1)
                )
                if max(short, long) > 0:
                    end = first + shortest + (long >= short)
                    yield PersonalData("name", first, end)

    def _odds(self, text: str, start: int, end: int, run: re.Match[str]) -> float:
        """How much better than it must a name explains this stretch."""
        name, left = text[start:end], max(run.start(), start - AROUND)
        if end > run.end():
            return -inf
        least = LEAST[len(name)] + A_WORD * (name[0] in self._known.also_words)
        named = self._named(name) - least + ALONE * (run.span() == (start, end))
        hopeless = named + BEHIND < sum(map(self._word, name))
        if hopeless or self._no_name(text, start, end, left):
            return -inf
        before, after = text[left:start], text[end : min(run.end(), end + AROUND)]
        near = self._known.behind.search(before) or self._known.ahead.match(after)
        named += BEHIND * bool(near)
        return named + self._best(before) + self._best(after) - self._best(before + name + after)

    def _no_name(self, text: str, start: int, end: int, left: int) -> bool:
        never = self._known.never
        return bool(
            never["given"].match(text, start + 1)
            or never["after"].match(text, end)
            or never["before"].search(text[left : start + 1])
        )

    def _named(self, name: str) -> float:
        known, given = self._known, name[2:] if name[:2] in self._known.double else name[1:]
        odds = DOUBLE if name[:2] in self._known.double else known.surname[name[0]]
        if len(given) == 1:
            return odds + known.only.get(given, UNSEEN) + log(ONE_OF)
        return odds + known.second.get(given[0], UNSEEN) + known.third.get(given[1], UNSEEN)

    def _best(self, text: str) -> float:
        """Of the most probable way to cut it into words: natural logarithm."""
        best = [0.0] + [-inf] * len(text)
        for at in range(len(text)):
            for end in range(at + 1, min(len(text), at + LONGEST) + 1):
                best[end] = max(best[end], best[at] + self._word(text[at:end]))
        return best[-1]

    def _word(self, word: str) -> float:
        if len(word) == 1:
            return self._signs.get(word) or self._sign(word)
        count = self._words.get(word, 0)
        if word in self._places:
            return log(PLACE) - self._total
        rare = count <= RARE and len(word) == 3 and word[0] in self._known.surname
        return -inf if rare or not count else log(count) - self._total

    def _sign(self, sign: str) -> float:
        """The same of a single character; there are so few that each is worked out once."""
        odds = self._signs[sign] = log(self._words.get(sign, 0) or 0.5) - self._total
        return odds
