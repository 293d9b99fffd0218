"""What texts and questions are cut into, so that one finds the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlp.pairs import LONGEST, asked, tokens

TEXTS = st.text("路灯坏了昭乌达三楼没水 ，。*0a１Ａ燈", max_size=30)


@given(TEXTS, st.data())
def test_every_stretch_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    """Whatever somebody copies out of a text, all that it is looked for by is there, but for the
    rest of a word of letters or digits that was cut in the middle."""
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    whole, starts = asked(part)
    there = tokens(text).split()
    for token in whole:
        assert token in there or any(token in each for each in there if each.isascii())
    assert all(any(each.startswith(one) for each in there) for one in starts)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("路灯坏了", "路灯 灯坏 坏了 了"),
        # one character may be looked for alone
        ("水", "水"),
        # nothing joins over a mark, a blank or what is covered
        ("张** 灯，路", "张 灯 路"),
        # full width, capitals and traditional characters are the same
        ("１２１路ＢＵＳ　路燈", "121 路 bus 路灯 灯"),
        # a word of Mongolian or Cyrillic stays whole
        ("ᠪᠢ монгол", "ᠪᠢ монгол"),
        ("🏮！？", ""),
        # longer than any word; nobody can write what stands for a phone
        ("a" * 40, "a" * LONGEST),
    ],
)
def test_tokens(text: str, cut: str) -> None:
    """Pairs of characters, whole words of letters and digits."""
    assert tokens(text) == cut
    assert len(asked(text)[0]) <= len(cut.split())


def test_a_single_character_asks_for_what_begins_so() -> None:
    """It stands in pairs, which begin with it."""
    assert asked("水 路灯") == (["路灯"], ["水"])
