"""The labelled messages: sound, and never the same words in two folds."""

from dataclasses import replace

import pytest

from bot.nlp import corpus, data
from bot.nlp.corpus import Example

ONE = Example("a-1", "西把栅那边的路灯三天没亮了", ("road",), "demand", None, ("西把栅",), "short")
KNOWN = ({"road"}, {"fire"})


@pytest.mark.slow
def test_the_corpus_is_sound() -> None:
    """`flask corpus check` would end with 0."""
    lexicon = data.load()
    emergencies = [kind.info.code for kind in lexicon.emergencies]
    assert list(corpus.problems(corpus.load(), lexicon.categories, emergencies)) == []


def test_near_duplicates_share_a_fold() -> None:
    """A word more or less, or other punctuation, is no new message."""
    same = replace(ONE, id="b-7", text="西把栅那边的路灯，三天没亮了啊")
    other = replace(ONE, id="c-3", text="供热站说阀门坏了，等了一个礼拜")
    assert corpus.groups([ONE, other, same]) == [0, 1, 0]
    first, _, last = corpus.folds([ONE, other, same], 1000)
    assert first == last


def test_mistakes_are_named() -> None:
    """What a tired hand writes wrong is found, with the id."""
    wrong = replace(
        ONE, accept=("roads",), intent="wish", emergency="fires", places=("西龙王庙",), text="路灯"
    )
    said = "\n".join(corpus.problems([ONE, wrong], *KNOWN))
    for mistake in (
        "a-1: the id is there 2 times",
        "a-1: category roads is unknown",
        "a-1: intent wish is unknown",
        "a-1: emergency fires is unknown",
        "a-1: 西龙王庙 is not in the text",
        "category road: 1 messages, fewer than 100",
        "lookalike fire: 0 messages, fewer than 40",
    ):
        assert mistake in said
