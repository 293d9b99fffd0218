"""Finds personal data and covers it: recall first, for a name too many is a nuisance and a number
left is a harm."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bot.domain.understanding import PersonalData
from bot.nlp import digits, numbers
from bot.nlp.fold import fold
from bot.nlp.likely_names import LikelyNames
from bot.nlp.names import NameFinder
from bot.nlp.records import LexiconData, PiiPattern
from bot.nlp.words import blank

COVER = "\x00"
"""What a pattern puts over its find, so that no later one sees it."""


def finders(raw: dict[str, Any]) -> tuple[PiiPattern, ...]:
    """What pii.json says, in its order. ValueError or KeyError when a row is broken."""
    return tuple(PiiPattern(row["code"], finder(row, raw["names"])) for row in raw["patterns"])


def every(
    lexicon: LexiconData, words: Mapping[str, int], places: Collection[str] = ()
) -> tuple[PiiPattern, ...]:
    """All ways to find: those of pii.json, and names by their characters. `words`: how often each
    occurs; `places`: more than the lexicon's own."""
    listed = lexicon.spots.keys() | set(places)
    return (*lexicon.pii, PiiPattern("name", LikelyNames(lexicon.names, words, listed).find))


def finder(row: dict[str, Any], names: dict[str, Any]) -> Callable[[str], Iterable[PersonalData]]:
    """How one row of pii.json finds: by its pattern, or by the code that it names."""
    if row.get("finder") == "numbers":
        return numbers.find
    if row.get("finder") == "names":
        return NameFinder(names).find
    by_pattern = partial(_by_pattern, row["code"], re.compile(row["regex"]))
    if row.get("view") == "digits":
        return lambda text: (*by_pattern(text), *by_pattern(digits.plain(text)))
    return by_pattern


def _by_pattern(kind: str, regex: re.Pattern[str], text: str) -> Iterator[PersonalData]:
    whole = kind == "landline"
    for found in regex.finditer(text):
        yield PersonalData(kind, *found.span(0 if whole else found.lastindex or 0))


def find(text: str, patterns: Sequence[PiiPattern]) -> list[PersonalData]:
    """Personal data of a folded text in order of place; spans never overlap."""
    found: list[PersonalData] = []
    for pattern in patterns:
        new = _apart(pattern.find(text))
        if new:
            found += new
            text = blank(text, [(one.start, one.end) for one in new], COVER)
    return sorted(found, key=_place)


_NAMED = re.compile(
    r"(?:身份证|身分证|证件|电话|手机|座机|微信|车牌|银行卡|卡号|邮箱|叫|姓名)(?:号码?)?[\s:：是为]{0,2}$"
)
_NAMING = 10
"""Characters in which the word stands that names what follows."""


def blanked(text: str, found: Iterable[PersonalData]) -> str:
    """The text without these finds, and without the words that only name them: 身份证 before a
    number is no matter."""
    return blank(text, [(_with_name(text, one.start), one.end) for one in found])


def _with_name(text: str, start: int) -> int:
    before = _NAMED.search(text[max(0, start - _NAMING) : start])
    return start - len(before[0]) if before else start


def _apart(found: Iterable[PersonalData]) -> list[PersonalData]:
    apart: list[PersonalData] = []
    for one in sorted(found, key=_place):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _place(one: PersonalData) -> tuple[int, int]:
    return one.start, -one.end


def mask(text: str, found: Iterable[PersonalData]) -> str:
    """`text` with each find covered as its kind asks; `found` in order, offsets into `text`."""
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], _MASKS.get(one.kind, _all)(text[one.start : one.end])]
        at = one.end
    return "".join(pieces) + text[at:]


def dialled(text: str, found: Iterable[PersonalData]) -> list[str]:
    """The phone numbers among these finds, each once, in digits as they are dialled within China:
    18612345678, 04714661234. `found`: offsets into `text`."""
    numbers = (
        _DIALLED[one.kind](text[one.start : one.end]) for one in found if one.kind in _DIALLED
    )
    return list(dict.fromkeys(numbers))


def _keep(head: int, tail: int) -> Callable[[str], str]:
    """Keeps so many letters and digits at both ends and writes a star for each one between."""

    def masked(value: str) -> str:
        solid = re.sub(r"[\W_]", "", value)
        if len(solid) <= head + tail:
            return "*" * len(solid)
        end = solid[len(solid) - tail :] if tail else ""
        return solid[:head] + "*" * (len(solid) - head - tail) + end

    return masked


def _keep_digits(head: int, tail: int) -> Callable[[str], str]:
    keep = _keep(head, tail)
    return lambda value: keep(_plain(value))


def _plain(value: str) -> str:
    """The number in the digits that it means."""
    return re.sub(r"[^0-9a-z]", "", digits.plain(fold(value).text)).upper()


def _all(value: str) -> str:
    return "*" * len(value)


def _mobile_digits(value: str) -> str:
    return _plain(value)[-11:]


def _mobile(value: str) -> str:
    number = _mobile_digits(value)
    return f"{number[:3]}****{number[-4:]}"


_HERE, _LOCAL = "0471", 7
"""Hohhot's area code, which nobody types who lives there, and the digits of a number of its."""


def _landline_digits(value: str) -> str:
    number = _plain(value.split("转")[0].lower().split("ext")[0]).removeprefix("00")
    number = number.removeprefix("86") if number.startswith("860") else number
    return _HERE + number if len(number) == _LOCAL else number


def _landline(value: str) -> str:
    number = _landline_digits(value)
    if not number.startswith("0"):
        return "*" * (len(number) - 2) + number[-2:]
    area = 3 if number[:2] in ("01", "02") else 4
    return f"{number[:area]}-{'*' * (len(number) - area - 2)}{number[-2:]}"


def _email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}" if domain else f"{name[:1]}***"


_NUMERAL = "0-9A-Za-z一二三四五六七八九十零〇两幺"
_BUILDING = re.compile(rf"[{_NUMERAL}]{{1,4}}\s?(?:号楼|号院|栋|幢|座|号(?=\s?[{_NUMERAL}]))")


def _address(value: str) -> str:
    """Building and estate serve routing and stay; unit and room go."""
    value = fold(value).text.upper()
    building = _BUILDING.match(value)
    kept = building[0] if building else ""
    return kept + _door(value[len(kept) :])


def _door(value: str) -> str:
    return re.sub(rf"[{_NUMERAL}]+", "*", value)


_DIALLED = {"mobile": _mobile_digits, "landline": _landline_digits}
_MASKS: dict[str, Callable[[str], str]] = {
    "mobile": _mobile,
    "landline": _landline,
    "number": _keep_digits(2, 2),
    "id18": _keep_digits(6, 2),
    "id15": _keep_digits(6, 0),
    "bankcard": _keep_digits(6, 4),
    "plate": _keep(2, 1),
    "email": _email,
    "wechat": _keep(1, 1),
    "qq": _keep_digits(1, 1),
    "address": _address,
    "door": _door,
    "passport": _keep(1, 2),
    "name": _keep(1, 0),
}
