"""Words that ask for nothing, and whether any of a message ask for something."""

import re
import unicodedata

from bot.domain.understanding import Reading
from bot.domain.words import bare

_SMALL_TALK = frozenset({"chat", "praise", "abuse", "spam", "followup", "human"})


def is_known(reading: Reading) -> bool:
    """Whether a word of small talk was heard."""
    return any(e.code in _SMALL_TALK for e in reading.evidence)


def kind_of(text: str, reading: Reading) -> str:
    """Which small talk it is, as the key of its reply."""
    if not bare(text):
        drawn = any(unicodedata.category(sign) == "So" for sign in text)
        return "sticker" if drawn else "unclear" if text else "empty"
    if is_known(reading):
        return "thanks" if "谢" in text or "辛苦" in text else "greeting"
    chinese = re.search(r"[㐀-鿿]", text)
    return "unclear" if chinese else "script"


def asks(reading: Reading) -> bool:
    """Words of asking tell a matter from a place: 在学校门口 only looks like education."""
    return any(e.code == "demand" for e in reading.evidence)
