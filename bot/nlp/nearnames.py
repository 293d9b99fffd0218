"""Names that somebody typed by their sound, or with one wrong character: 招乌达路, 成吉斯汗大街.

The text is brought to its sounds and searched for pieces of names; only where one is found are the
characters compared. One wrong character leaves one half of a name whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.nlp.words import Hit, WordFinder, apart

SEARCHED = 1000
"""Only so many characters are searched: whoever writes more names the place rightly somewhere."""
_BY_SOUND = 3
_BY_LETTERS = 4
"""Characters that a name has at least, to be known by its sound, or in spite of a wrong one."""
_CORE = 3
"""What is a name's own in it must be so long for that: 青山小区 is not 东山小区."""
_FAR_ENOUGH = 5
_SOUNDS, _SPELT, _GUESSED = 1, 2, 3
"""It sounds like the name; it has one wrong character; so has it, and is short."""
_ENDING = re.compile(
    r"(?:街道办事处|街道办|办事处|街道|工业园区?|开发区|园区|社区|小区|花园|家园|公园|广场|市场|医院"
    r"|大学|学[院校]|大[街道厦院厅]|(?:服务)?中心|[东西南北中]?[路街巷]|[村镇乡区县旗站])$"
)
_CITY = re.compile(r"(?:内蒙古(?:自治区)?|呼和浩特市?|呼市)?")
"""Before many names; none of their own."""
_TELLING = frozenset("东西南北中上下前后左右内外大小老新旧高低一二三四五六七八九十第")
"""Characters that make another name: 新华东街 is not 新华西街."""
_COMMON = frozenset("的了是在个去有这那就也还都又要会能到来从把被给让跟和与不没很我你他她它们人")
"""Characters of nearly every sentence: 去医院 is no name that sounds like it."""
_HAN = re.compile("[\u4e00-\u9fff]+")


class Near(NamedTuple):
    """A name that was nearly written at text[start:end]."""

    hit: Hit
    sure: bool
    """By its sound, or so long that one wrong character leaves no doubt."""


class NearNames:
    """A fixed set of names, known by sound and in spite of one wrong character."""

    __slots__ = ("_named", "_pieces", "_sounds")

    def __init__(self, names: Iterable[str], sounds: Mapping[int, str]) -> None:
        self._sounds = sounds
        self._named: dict[str, list[tuple[str, int]]] = {}
        for name in names:
            if len(name) >= _BY_SOUND and _HAN.fullmatch(name):
                for at, piece in _pieces(name.translate(sounds)):
                    self._named.setdefault(piece, []).append((name, at))
        self._pieces = WordFinder(self._named)

    def find(self, text: str, exact: Sequence[Hit]) -> list[Near]:
        """Names that are nearly in the text, apart from each other; none where two are as near.
        One that holds a rightly written shorter name is meant rather than that: 北原东街, 东街."""
        text = text[:SEARCHED]
        found: dict[tuple[int, int], dict[str, int]] = {}
        for piece in self._pieces.every(text.translate(self._sounds)):
            for name, at in self._named[piece.word]:
                start, end = piece.start - at, piece.start - at + len(name)
                if start < 0 or end > len(text) or _cut(exact, start, end):
                    continue
                if how := self._alike(text[start:end], name):
                    found.setdefault((start, end), {})[name] = how
        clear = {
            Hit(*span, name): how
            for span, names in found.items()
            for name, how in names.items()
            if len(names) == 1 or (how == _SOUNDS and [*names.values()].count(how) == 1)
        }
        return [Near(hit, clear[hit] != _GUESSED) for hit in apart(list(clear))]

    def _alike(self, typed: str, name: str) -> int:
        """How the name was meant by what was typed; 0 when it was not."""
        wrong = [at for at, (one, own) in enumerate(zip(typed, name, strict=True)) if one != own]
        if not wrong or any(typed[at] in _TELLING for at in wrong):
            return 0
        ending = _ENDING.search(name)
        core = ending.start() if ending else len(name)
        if typed.translate(self._sounds) == name.translate(self._sounds):
            plain = core >= 2 and not any(typed[at] in _COMMON for at in wrong)
            return _SOUNDS if plain and len(wrong) <= len(name) // 2 else 0
        own = _CITY.match(name)
        begin = own.end() if own else 0
        if len(wrong) > 1 or core - begin < _CORE or not begin <= wrong[0] < core:
            return 0
        if len(name) < _BY_LETTERS or name[wrong[0]] in _TELLING or typed[wrong[0]] in _COMMON:
            return 0
        if not _HAN.fullmatch(typed):
            return 0
        return _SPELT if len(name) >= _FAR_ENOUGH else _GUESSED


def _cut(exact: Sequence[Hit], start: int, end: int) -> bool:
    """Whether a rightly written name lies across the span, or fills all but a character of it."""
    return any(
        hit.start < end and start < hit.end
        and (hit.start < start or hit.end > end or hit.end - hit.start > end - start - 2)
        for hit in exact
    )  # fmt: skip


def _pieces(name: str) -> list[tuple[int, str]]:
    """Where each piece begins: the whole of a short name, two halves of a longer one."""
    if len(name) < _BY_LETTERS:
        return [(0, name)]
    half = len(name) // 2
    return [(0, name[:half]), (half, name[half:])]
