"""What a person wants: a demand, or something else. A mix that holds a demand is a demand."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.understanding import Evidence, Intent
from bot.nlp.records import IntentWords
from bot.nlp.words import WordFinder

SHORT = 8
"""Below this length a text without any known word is answered with a hint, not registered."""
LETTER = 160
"""Above this length a text is a letter; what decides short ones is only manners there."""
ADVERT = 40
_HARMLESS = frozenset({"反映"})
"""Demand words that also tell of a case that ended well."""
_NEGATED = re.compile(r"[没不未无]$|没有$|还没$")
_ASKED = re.compile(r"吗|没有?(?:[?？。,，]|$)|么[?？]?$")


@dataclass(frozen=True, slots=True)
class Wish:
    """The intent, and the marks that go with it."""

    intent: Intent
    evidence: tuple[Evidence, ...] = ()
    command: str | None = None
    want_human: bool = False
    angry: bool = False
    unsettled: bool = False
    """Something is wrong, asked for, or begun anew, also beside thanks."""
    blames: bool = False
    """A word stands there that no thanks hold: 太, 又, 可惜."""


class IntentReader:
    """All intent words."""

    __slots__ = ("_beside", "_commands", "_finder", "_keys", "_speaks_for")

    def __init__(self, words: IntentWords) -> None:
        self._commands = words.commands
        # Single characters, of which every text is full: looked for only where somebody praises.
        self._beside = {key: list(words.cues[key]) for key in ("still_wrong", "blames")}
        self._keys = tuple(key for key in words.cues if key not in self._beside)
        self._speaks_for: dict[str, list[str]] = {}
        for key in self._keys:
            for cue in words.cues[key]:
                self._speaks_for.setdefault(cue, []).append(key)
        self._finder = WordFinder(self._speaks_for)

    def read(self, text: str, *, matter: bool) -> Wish:
        """The intent of a folded text; `matter`: a word of some category counted in it."""
        bare = "".join(char for char in text if char.isalnum())
        if bare in self._commands:
            return Wish("command", command=bare)
        cues = self._cues(text)
        cues["praise"] = [w for w in cues["praise"] if not _denied(text, w)]
        cues["demand"] = [w for w in cues["demand"] if not any(w in s for s in cues["spam"])]
        thing = matter or bool(cues["harm"])
        intent = _choose(cues, text, bare, thing=thing)
        key = "followup_weak" if intent == "followup" and not cues["followup"] else intent
        return Wish(
            intent,
            tuple(Evidence(word, intent, 1.0) for word in cues.get(key, ())),
            want_human=bool(cues["human"]),
            angry=bool(cues["abuse"]),
            unsettled=_unsettled(cues, text),
            blames=_beside_thanks(cues, text, "blames"),
        )

    def _cues(self, text: str) -> dict[str, list[str]]:
        """Words found, by what they speak for: each once, none within a longer one of its kind."""
        cues: dict[str, list[str]] = {key: [] for key in self._keys}
        for word in dict.fromkeys(hit.word for hit in self._finder.every(text)):
            for key in self._speaks_for[word]:
                cues[key].append(word)
        return {
            key: [w for w in words if not any(w in other and w != other for other in words)]
            for key, words in cues.items()
        } | self._beside


def _choose(cues: Mapping[str, list[str]], text: str, bare: str, *, thing: bool) -> Intent:
    asks = bool(cues["demand"] or cues["harm"])
    if cues["human"] and not thing:
        return "human"
    if _is_spam(cues, bare):
        return "spam"
    if _follows_up(cues, thing=thing):
        return "followup"
    if _praises(cues, text, bare):
        return "praise"
    if cues["suggestion"] and not cues["harm"]:
        return "suggestion"
    if cues["abuse"] and not thing and not _real_request(cues):
        return "abuse"
    if thing or (asks and len(bare) >= SHORT):
        return "demand"
    return _when_nothing_speaks(cues, bare)


def _real_request(cues: Mapping[str, list[str]]) -> bool:
    return bool(cues["harm"]) or len(cues["demand"]) > 1


def _follows_up(cues: Mapping[str, list[str]], *, thing: bool) -> bool:
    """The caller knows whether there is such a case; with "另外" a new matter begins."""
    if cues["followup"]:
        return not (thing and "另外" in cues["new_matter"])
    return bool(cues["followup_weak"]) and not thing


def _is_spam(cues: Mapping[str, list[str]], bare: str) -> bool:
    """Selling, with a way to reach the seller or nothing else. A link alone is no advertisement:
    people cite where they read or wrote something."""
    asks = cues["demand"] or cues["harm"] or cues["victim"]
    if asks or len(bare) > LETTER:
        return False
    sales, links = len(cues["spam"]), len(cues["links"])
    return sales + bool(links) >= 2 or (sales + links > 0 and len(bare) < ADVERT)


def _praises(cues: Mapping[str, list[str]], text: str, bare: str) -> bool:
    """It got better, and nothing new is wrong. Praise in a letter is politeness."""
    ended = any(not _denied(text, word) for word in cues["praise_endings"])
    words = len(cues["praise"]) + bool(cues["thanks"] and ended)
    if not words or len(bare) > (LETTER if words > 1 else LETTER // 2):
        return False
    return not _unsettled(cues, text)


def _unsettled(cues: Mapping[str, list[str]], text: str) -> bool:
    """Something is wrong, asked for, or begun anew."""
    asked = {w for w in cues["demand"] if not any(w in p for p in cues["praise"])}
    open_matter = cues["harm"] or cues["new_matter"] or asked - _HARMLESS
    return bool(open_matter) or _beside_thanks(cues, text, "still_wrong")


def _beside_thanks(cues: Mapping[str, list[str]], text: str, key: str) -> bool:
    """ "修好了，还是不亮": thanks that hold a complaint. What is only meant well (没想到, 再也不用)
    and the praise itself are taken out first. In doubt it is a demand: one case too many is work,
    one too few is lost."""
    for kind in ("well_meant", "praise", "thanks"):
        for word in cues[kind]:
            text = text.replace(word, " ")
    return any(word in text for word in cues[key])


def _denied(text: str, word: str) -> bool:
    """ "没修好了", "解决了吗": the word is there, the thing is not."""
    at = text.find(word)
    return bool(_NEGATED.search(text[:at]) or _ASKED.match(text, at + len(word)))


def _when_nothing_speaks(cues: Mapping[str, list[str]], bare: str) -> Intent:
    if not has_han(bare):
        return "chat"
    if 3 * sum(map(len, cues["chat"])) >= len(bare):
        return "chat"
    return "demand" if len(bare) >= SHORT else "chat"


def has_han(text: str) -> bool:
    """Whether any character is Chinese."""
    return any(map(_is_han, text))


def _is_han(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK UNIFIED")
