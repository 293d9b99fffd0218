"""In which script a text is written, where it is not Chinese."""

import re
import unicodedata

from bot.domain.understanding import Script

_LINK = re.compile(r"[a-z]{2,8}://\S{1,2000}|www\.\S{1,2000}|\S{1,64}@\S{1,64}", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_OTHERS: tuple[tuple[Script, re.Pattern[str]], ...] = (
    ("mongolian", re.compile("[\u1820-\u18aa]+")),
    ("cyrillic", re.compile("[\u0400-\u052f]+")),
    ("latin", re.compile("[a-z']+")),
)
_WORDS, _LETTERS = 2, 7
"""So many words and letters make a sentence: "ok" or "wifi" is none."""
_ENGLISH = frozenset({
    "the", "is", "are", "was", "my", "our", "your", "at", "of", "on",
    "in", "to", "no", "not", "for", "from", "and", "with", "without", "this",
    "that", "there", "it", "it's", "i'm", "don't", "can't", "please", "help", "where",
    "what", "when", "how", "who", "why", "need", "want", "thanks", "hello", "fire",
    "broken", "never", "we", "they", "water", "heating",
})  # fmt: skip
"""One of these at least, none a syllable of pinyin: fingers on a keyboard write no sentence."""
_BY_HAND = 3
"""Of Mongolian letters fewer are enough: nobody types them by mistake."""


def script_of(text: str) -> Script | None:
    """The script of a text as given in which no Chinese character stands and the most letters are
    of that script; None for Chinese and for what is no sentence of any."""
    if _HAN.search(text):
        return None
    plain = _LINK.sub(" ", unicodedata.normalize("NFKC", text).lower())
    words = {script: pattern.findall(plain) for script, pattern in _OTHERS}
    script = max(words, key=lambda each: sum(map(len, words[each])))
    letters = sum(map(len, words[script]))
    if script == "mongolian":
        return script if letters >= _BY_HAND else None
    enough = len(words[script]) >= _WORDS and letters >= _LETTERS
    known = script != "latin" or not _ENGLISH.isdisjoint(words[script])
    return script if enough and known else None
