"""Names that somebody typed by their sound, or with one wrong character: 招乌达路, 成吉斯汗大街.

The text is brought to its sounds and searched for pieces of names; only where one is found are the
characters compared. One wrong character leaves one half of a name whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import ne
from typing import NamedTuple

from bot.nlp.words import Hit, WordFinder, apart

SEARCHED = 1000
"""Only so many characters are searched: whoever writes more names the place rightly somewhere."""
_BY_SOUND = 3
_BY_LETTERS = 4
"""Characters that a name has at least, to be known by its sound, or in spite of a wrong one."""
_SOUND_CORE, _CORE = 2, 3
"""What is a name's own in it must be so long for each of that: 青山小区 is not 东山小区."""
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


class _Piece(NamedTuple):
    """A piece of a name, by sound: the name, where in it the piece stands, how all of it sounds,
    and from where to where it is its own, if a wrong character may be there."""

    name: str
    at: int
    sounds: str
    own: tuple[int, int] | None


class NearNames:
    """A fixed set of names, known by sound and in spite of one wrong character."""

    __slots__ = ("_finder", "_pieces", "_sounds")

    def __init__(self, names: Iterable[str], sounds: Mapping[int, str]) -> None:
        self._sounds = dict(sounds)  # translate is slow with any other mapping
        self._pieces: dict[str, list[_Piece]] = {}
        for name in names:
            if len(name) >= _BY_SOUND and _HAN.fullmatch(name):
                heard = name.translate(self._sounds)
                for at, piece in _halves(heard):
                    self._pieces.setdefault(piece, []).append(
                        _Piece(name, at, heard, _own_part(name))
                    )
        self._finder = WordFinder(self._pieces)

    def find(self, text: str, exact: Sequence[Hit]) -> list[Near]:
        """Names that are nearly in the text, apart from each other; none where two are as near.
        One that holds a rightly written shorter name is meant rather than that: 北原东街, 东街."""
        text = text[:SEARCHED]
        heard = text.translate(self._sounds)
        found: dict[tuple[int, int], dict[str, int]] = {}
        for hit in self._finder.every(heard):
            for piece in self._pieces[hit.word]:
                start = hit.start - piece.at
                end = start + len(piece.name)
                if start < 0 or end > len(text):
                    continue
                how = _alike(text[start:end], piece, same=heard[start:end] == piece.sounds)
                if how and not _cut(exact, start, end):
                    found.setdefault((start, end), {})[piece.name] = how
        clear = {
            Hit(*span, name): how
            for span, names in found.items()
            for name, how in names.items()
            if len(names) == 1 or (how == _SOUNDS and [*names.values()].count(how) == 1)
        }
        return [Near(hit, clear[hit] != _GUESSED) for hit in apart(list(clear))]


def _alike(typed: str, piece: _Piece, *, same: bool) -> int:
    """How the name was meant by what was typed; 0 when it was not. `same`: it sounds so."""
    name = piece.name
    if not same and (piece.own is None or sum(map(ne, typed, name)) != 1):
        return 0
    wrong = [at for at, (one, own) in enumerate(zip(typed, name, strict=True)) if one != own]
    if not wrong or any(typed[at] in _TELLING or typed[at] in _COMMON for at in wrong):
        return 0
    if same:
        return _SOUNDS if _core(name) >= _SOUND_CORE and len(wrong) <= len(name) // 2 else 0
    begin, end = piece.own or (0, 0)
    if not begin <= wrong[0] < end or name[wrong[0]] in _TELLING or not _HAN.fullmatch(typed):
        return 0
    return _SPELT if len(name) >= _FAR_ENOUGH else _GUESSED


def _core(name: str) -> int:
    """Where the word for what it is begins."""
    ending = _ENDING.search(name)
    return ending.start() if ending else len(name)


def _own_part(name: str) -> tuple[int, int] | None:
    """From where to where a name is its own; None when that is too short to be guessed."""
    city = _CITY.match(name)
    begin, end = city.end() if city else 0, _core(name)
    return (begin, end) if end - begin >= _CORE and len(name) >= _BY_LETTERS else None


def _cut(exact: Sequence[Hit], start: int, end: int) -> bool:
    """Whether a rightly written name lies across the span, or fills all but a character of it."""
    return any(
        hit.start < end and start < hit.end
        and (hit.start < start or hit.end > end or hit.end - hit.start > end - start - 2)
        for hit in exact
    )  # fmt: skip


def _halves(name: str) -> list[tuple[int, str]]:
    """Where each piece begins: the whole of a short name, two halves of a longer one."""
    if len(name) < _BY_LETTERS:
        return [(0, name)]
    half = len(name) // 2
    return [(0, name[:half]), (half, name[half:])]
