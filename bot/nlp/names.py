"""Names of people, by the words before or after them. Lists come from bot/data/pii.json."""

import re
from collections.abc import Iterator
from typing import Any

from bot.domain.understanding import PersonalData

_HAN = "\u4e00-\u9fff"
_SPACE = r"[\s:：=“\"「(（/是为叫就呢写]{0,3}"
_AND = re.compile(r"[、,，和及与跟或]")
_DOT = re.compile("[·•・]")
_DOTTED = re.compile(rf"[{_HAN}]{{1,8}}{_DOT.pattern}[{_HAN}]{{1,8}}")
_GIVEN = re.compile(f"[{_HAN}]{{0,2}}")
_COVERED = "\x00"


class NameFinder:
    """Finds names in folded text in which other personal data is covered by \\x00.

    `words`: the lists under "names" in pii.json. `told` words surely lead to a name; `maybe` words
    do when a name ends right there; `after` begins what follows a name without any punctuation;
    `never` is no name though it begins with a surname; `not_in` is in no name that isn't listed.
    """

    __slots__ = (
        "_after", "_apart", "_beside", "_double", "_latin", "_maybe", "_mongolian", "_never",
        "_no_name", "_not_in", "_of_family", "_other", "_short", "_single", "_three", "_told",
    )  # fmt: skip

    def __init__(self, words: dict[str, Any]) -> None:
        self._after = re.compile(rf"[^{_HAN}]|$|{_any(words['after'])}")
        self._told = re.compile(rf"(?:{_any(words['told'])}){_SPACE}")
        self._maybe = re.compile(rf"(?:{_any(words['maybe'])})[\s:：(（「]{{0,2}}")
        self._apart = re.compile(
            rf"[{words['surnames']}][ \u3000][{_HAN}](?:[ \u3000][{_HAN}])?(?=[^{_HAN} \u3000]|$)"
        )
        self._short = re.compile(rf"[老小][{words['surnames']}](?={self._after.pattern})")
        family = f"[{words['surnames']}]|{_any(words['double_surnames'])}"
        self._of_family = re.compile(
            rf"[姓的]({family})的?[,，、。\s叫是]{{1,3}}(\1[{_HAN}]{{1,2}})(?=[^{_HAN}]|$)"
        )
        self._single = frozenset(words["surnames"])
        self._double = frozenset(words["double_surnames"])
        self._never = frozenset(words["never"])
        stems, syllables = _any(words["mongolian_stems"]), words["mongolian_syllables"]
        self._mongolian = re.compile(
            rf"(?:{stems})[{syllables}]{{0,6}}|[{syllables}]{{4,8}}(?=[^{_HAN}]|$)"
        )
        self._other = re.compile(rf"[{_HAN}]{{2,5}}?(?={self._after.pattern})")
        self._no_name = re.compile(_any(words["not_in"]))
        self._three = re.compile(rf"[{_HAN}]{{3}}(?=[^{_HAN}]|$)")
        self._not_in = frozenset(words["not_in"])
        self._beside = re.compile(
            rf"(?<![{_HAN}])([{_HAN}]{{2,4}})"
            rf"(?=[\s,，:：(（]{{0,2}}(?:{_COVERED}|[男女](?![{_HAN}])))"
            rf"|{_COVERED}[\s,，:：(（]{{0,2}}([{_HAN}]{{2,4}})(?=[^{_HAN}]|$)"
        )
        self._latin = re.compile(
            r"(?:my name is|name is|i am called|name[:：]|我叫|名字叫|名叫)\s{0,2}"
            r"([a-z][a-z'.\-]{1,20}(?:\s[a-z][a-z'.\-]{1,20}){0,2})"
        )

    def find(self, text: str) -> Iterator[PersonalData]:
        """Names in the text, in no order; they may overlap."""
        for cue in self._told.finditer(text):
            length = self._name(text, cue.end(), told=True)
            if not length and ("叫" in cue[0] or "名" in cue[0]):
                length = self._any_name(text, cue.end())
            yield from _named(cue.end(), length)
            yield from self._others(text, cue.end() + length if length else 0)
        for cue in self._maybe.finditer(text):
            yield from _named(cue.end(), self._name(text, cue.end(), told=False))
        for beside in self._beside.finditer(text):
            number = beside.lastindex or 1
            start, end = beside.span(number)
            if self._chinese(text[start:end], 0, told=True) == end - start:
                yield PersonalData("name", start, end)
        for family in self._of_family.finditer(text):
            yield PersonalData("name", *family.span(2))
        for latin in self._latin.finditer(text):
            yield PersonalData("name", *latin.span(1))

    def _others(self, text: str, at: int) -> Iterator[PersonalData]:
        """Further names of a list: 金豆豆、金苗苗."""
        while at and (joint := _AND.match(text, at)):
            start, at = joint.end(), 0
            if length := self._name(text, start, told=False):
                yield PersonalData("name", start, start + length)
                at = start + length

    def _name(self, text: str, at: int, *, told: bool) -> int:
        """Length of the name that begins there; 0 when there is none."""
        apart = self._apart.match(text, at) or (self._short.match(text, at) if told else None)
        if apart:
            return apart.end() - at
        if dotted := _DOTTED.match(text, at):
            return self._dotted(text, at, dotted.end())
        found = self._mongolian.match(text, at)
        if found and (told or self._after.match(text, found.end())):
            return found.end() - at
        return self._chinese(text, at, told=told)

    def _any_name(self, text: str, at: int) -> int:
        """Of no surname that is listed, but it ends where a name would."""
        other = self._other.match(text, at)
        if other is None or other[0][:2] in self._never or self._no_name.search(other[0]):
            return 0
        return other.end() - at

    def _dotted(self, text: str, at: int, end: int) -> int:
        dot = _DOT.search(text, at, end)
        first = dot.end() if dot else at
        stop = next((here for here in range(first + 1, end) if self._stops(text, here)), end)
        return stop - at

    def _stops(self, text: str, at: int) -> bool:
        return self._after.match(text, at) is not None

    def _chinese(self, text: str, at: int, *, told: bool) -> int:
        """A surname and one or two more characters; where no sign ends the name, two of them are
        taken after a word that surely leads to a name: rather too much than a name left."""
        surname = 2 if text[at : at + 2] in self._double else int(text[at : at + 1] in self._single)
        known = text[at : at + 2] in self._never
        if not surname or (known and not (told and self._whole(text, at))):
            return 0
        given = _GIVEN.match(text, at + surname)
        most = len(given[0]) if given else 0
        for length in range(1, most + 1):
            if self._stops(text, at + surname + length):
                return surname + length
        return surname + most if told else 0

    def _whole(self, text: str, at: int) -> bool:
        """Three characters between signs: 杨树林 is a name, though 杨树 is none."""
        return self._three.match(text, at) is not None and text[at + 2] not in self._not_in


def _named(start: int, length: int) -> Iterator[PersonalData]:
    if length:
        yield PersonalData("name", start, start + length)


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
