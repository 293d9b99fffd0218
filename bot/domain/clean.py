"""People's words without what can't be seen: control, zero-width and bidirectional characters.

They hide words from the reader's eye or from the lexicon ("路<zero width>灯"),
and turn lines around. Mongolian's own format character (U+180E) and the joiner inside an emoji
mean something and stay.
"""

import re
import unicodedata

_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    # C0 but newline, DEL, C1; soft hyphen; Arabic letter mark; zero width space and non-joiner;
    # marks, embeddings and isolates of direction; word joiner and invisible operators; BOM;
    # interlinear marks; tags.
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")


def clean(text: str) -> str:
    """Text as a person sees it: lines end in \\n, no unseen characters, NFC, no blanks around."""
    seen = _UNSEEN.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", seen)).strip()
