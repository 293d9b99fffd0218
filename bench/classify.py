"""Understanding of 60 characters against jieba's own cutting of the same texts."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jieba

from bench import messages
from bench.results import Result, paired
from bot.nlp.understander import load_understander

LENGTH = 60
TEXTS = 400
ROUNDS = 5


def results() -> list[Result]:
    """classify.median: milliseconds a text, against jieba.lcut with its hidden Markov model."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        understander = load_understander(Path(name))
    jieba.initialize()
    texts = messages.of_length(LENGTH, TEXTS)
    pairs = [_pair(understander.read, texts) for _ in range(ROUNDS)]
    return [paired("classify.median", "ms", pairs, limit=2)]


def _pair(read: Callable[[str], object], texts: list[str]) -> tuple[float, float]:
    """Medians of both over all texts, taken in turn."""
    ours, baseline = zip(*((_took(read, t), _took(jieba.lcut, t)) for t in texts), strict=True)
    return statistics.median(ours), statistics.median(baseline)


def _took(work: Callable[[str], object], text: str) -> float:
    begun = time.perf_counter()
    work(text)
    return (time.perf_counter() - begun) * 1000
