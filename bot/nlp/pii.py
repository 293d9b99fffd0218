"""Finds personal data and covers it."""

import re
from collections.abc import Callable, Iterable, Sequence

from bot.domain.understanding import PersonalData
from bot.nlp.records import PiiPattern

_FILLER = "\x00"
"""What a pattern puts over its find, so that no later one sees it."""


def find(text: str, patterns: Sequence[PiiPattern]) -> list[PersonalData]:
    """Personal data of a folded text in order of place; spans never overlap."""
    found: list[PersonalData] = []
    for pattern in patterns:
        spans = [match.span(match.lastindex or 0) for match in pattern.regex.finditer(text)]
        if pattern.kind == "landline":
            spans = [match.span() for match in pattern.regex.finditer(text)]
        for start, end in spans:
            found.append(PersonalData(pattern.kind, start, end))
            text = text[:start] + _FILLER * (end - start) + text[end:]
    return sorted(found, key=lambda one: one.start)


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


def _all(value: str) -> str:
    return "*" * len(value)


def _mobile_digits(value: str) -> str:
    return re.sub(r"\D", "", value)[-11:]


def _mobile(value: str) -> str:
    digits = _mobile_digits(value)
    return f"{digits[:3]}****{digits[-4:]}"


def _landline_digits(value: str) -> str:
    return re.sub(r"\D", "", value.split("转")[0].lower().split("ext")[0])


def _landline(value: str) -> str:
    digits = _landline_digits(value)
    area = 3 if digits[:2] in ("01", "02") else 4
    return f"{digits[:area]}-{'*' * (len(digits) - area - 2)}{digits[-2:]}"


def _email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"


def _address(value: str) -> str:
    """Building and estate serve routing and stay; unit and room go."""
    building = re.match(r"[0-9A-Za-z一二三四五六七八九十]{1,4}\s?(?:号楼|栋|幢|座|号院)", value)
    kept = building[0] if building else ""
    return kept + re.sub(r"[0-9A-Za-z一二三四五六七八九十零〇]+", "*", value[len(kept) :])


_DIALLED = {"mobile": _mobile_digits, "landline": _landline_digits}
_MASKS: dict[str, Callable[[str], str]] = {
    "mobile": _mobile,
    "landline": _landline,
    "id18": _keep(6, 2),
    "id15": _keep(6, 0),
    "bankcard": _keep(6, 4),
    "plate": _keep(2, 1),
    "email": _email,
    "wechat": _keep(1, 1),
    "address": _address,
    "passport": _keep(1, 2),
    "name": _keep(1, 0),
}
