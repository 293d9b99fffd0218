"""How rare a pair of characters, and a single character, is in what residents write.

The counts are of texts, not of occurrences; bot/data/rarity.json holds them for what stands in
LEAST texts or more (tools/same_matter.py counts them). No sentence can be told from them.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.nlp.data import DATA_DIR
from bot.nlp.pairs import tokens

FILE = "rarity.json"
LEAST = 10
UNLISTED = 3
"""In so many texts something is taken to stand that is not listed."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """Of `texts` texts, in how many each pair and each character stands."""

    texts: int
    pairs: Mapping[str, int]
    chars: Mapping[str, int]

    def pair(self, token: str) -> float:
        """Natural logarithm of one in how many texts has it: 0 in all, about 8 in hardly any."""
        return _rare(self.texts, self.pairs.get(token, UNLISTED))

    def char(self, char: str) -> float:
        """The same for a single character."""
        return _rare(self.texts, self.chars.get(char, UNLISTED))


@lru_cache(maxsize=4096)
def _rare(texts: int, found: int) -> float:
    return math.log((texts + 1) / (found + 1))


def counted(texts: Iterable[str]) -> Rarity:
    """The counts of these texts, without what hardly any has."""
    pairs: Counter[str] = Counter()
    chars: Counter[str] = Counter()
    size = 0
    for text in texts:
        found = tokens(text).split()
        pairs.update(found)
        chars.update(characters(found))
        size += 1
    return Rarity(size, _listed(pairs), _listed(chars))


def characters(pairs: Iterable[str]) -> frozenset[str]:
    """The single characters of which these tokens are made; words of letters and digits are left
    out."""
    return frozenset(char for pair in pairs if not pair[0].isascii() for char in pair)


def _listed(found: Mapping[str, int]) -> dict[str, int]:
    return {each: n for each, n in sorted(found.items()) if n >= LEAST}


def written(rarity: Rarity) -> str:
    """The counts as the file has them: by count, what stands in so many texts."""
    lines = [f' "texts": {rarity.texts}']
    for name, found in (("pairs", rarity.pairs), ("chars", rarity.chars)):
        by_count: dict[int, list[str]] = {}
        for each, n in found.items():
            by_count.setdefault(n, []).append(each)
        rows = (f'  "{n}": {_quoted(each)}' for n, each in sorted(by_count.items()))
        lines.append(f' "{name}": {{\n' + ",\n".join(rows) + "\n }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _quoted(found: Iterable[str]) -> str:
    return json.dumps(" ".join(found), ensure_ascii=False)


@lru_cache(maxsize=1)
def load(folder: Path = DATA_DIR) -> Rarity:
    """The counts of the project. OSError, ValueError or KeyError when the file is broken."""
    raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Rarity(raw["texts"], _counts(raw["pairs"]), _counts(raw["chars"]))


def _counts(raw: Mapping[str, str]) -> dict[str, int]:
    return {each: int(n) for n, found in raw.items() for each in found.split()}
