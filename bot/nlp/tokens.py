"""Where words begin and end, by jieba."""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.nlp.words import Hit

with warnings.catch_warnings():
    # Its sources hold invalid escapes and import pkg_resources; neither is ours to fix.
    warnings.simplefilter("ignore")
    import jieba

logging.getLogger("jieba").setLevel(logging.ERROR)


_PIECE = re.compile(r"[^\s，。！？；：、□]+")
"""Stretches that the tokeniser looks at one by one: none of these characters joins two words."""


class Tokens:
    """An own tokeniser: the global one would share its dictionary with everybody in the process.
    Starting takes about a second and 75 MB."""

    __slots__ = ("_tokenizer",)

    def __init__(self, cache_dir: Path, userdict: str) -> None:
        cache_dir.mkdir(parents=True, exist_ok=True)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.tmp_dir = str(cache_dir)
        self._tokenizer.cache_file = "jieba.cache"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            self._tokenizer.load_userdict(userdict)

    @property
    def frequency(self) -> Mapping[str, int]:
        """How often each word occurs in the texts that the dictionary was counted in; beginnings
        of words are there with 0."""
        self._tokenizer.initialize()
        frequency: Mapping[str, int] = self._tokenizer.FREQ
        return frequency

    def cuts(self, text: str, hits: Iterable[Hit]) -> frozenset[int]:
        """Offsets where a word begins or ends, in the pieces of the text that hold a hit: the
        others cost time and decide nothing. Without the hidden Markov model: it invents words and
        costs half as much again."""
        wanted = {at for hit in hits for at in range(hit.start, hit.end)}
        found: set[int] = set()
        for piece in _PIECE.finditer(text):
            at, end = piece.span()
            found.update((at, end))
            if wanted.isdisjoint(range(at, end)):
                continue
            for word in self._tokenizer.cut(piece[0], HMM=False):
                at += len(word)
                found.add(at)
        return frozenset(found)


def dictionary() -> Iterator[tuple[str, str]]:
    """The words of the tokeniser's own dictionary, each with its tag (nr: a name)."""
    with jieba.get_module_res(jieba.DEFAULT_DICT_NAME) as lines:
        for line in lines:
            word, _, tag = line.decode("utf-8").split()
            yield word, tag
