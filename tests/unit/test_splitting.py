"""Which clauses a message has, and which make the second matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.splitting import clauses, divided
from bot.domain.understanding import Part, PersonalData, Reading

PLAIN = Reading(
    text="", masked="", intent="demand", categories=(), confident=False, urgency="normal",
    emergency=None, places=(), pii=(), parts=(), evidence=(),
)  # fmt: skip


def read(text: str, parts: tuple[Part, ...] = (), pii: tuple[PersonalData, ...] = ()) -> Reading:
    """What was understood of a text, as far as it matters here."""
    values = {name: getattr(PLAIN, name) for name in Reading.__slots__}
    return Reading(**(values | {"text": text, "parts": parts, "pii": pii}))


def test_the_second_matter_is_proposed() -> None:
    """Clauses end with their stops; the machine's second part is marked, also where it begins
    within a clause."""
    text = "路灯坏了，三天了。另外暖气不热，很冷"
    found = clauses(read(text, (Part(0, 9, "lamp"), Part(9, 18, "heat"))))
    assert [(c.masked, c.second) for c in found] == [
        ("路灯坏了，", False), ("三天了。", False), ("另外暖气不热，", True), ("很冷", True),
    ]  # fmt: skip
    assert divided(text, found, {2, 3}) == ("路灯坏了，三天了。", "另外暖气不热，很冷")
    inside = clauses(read("路灯坏了暖气不热", (Part(0, 4, "lamp"), Part(4, 8, "heat"))))
    assert [c.second for c in inside] == [False, True]


def test_what_is_covered_is_never_cut_or_shown() -> None:
    """A number with a stop in it stays whole, as stars."""
    (first, second) = clauses(read("打138，0000找我，灯坏了", pii=(PersonalData("mobile", 1, 9),)))
    assert (first.masked, second.masked) == ("打********找我，", "灯坏了")


@pytest.mark.parametrize("text", ["", "路灯坏了", "，，。"])
def test_one_clause_is_no_two(text: str) -> None:
    """There is nothing to choose from."""
    assert len(clauses(read(text))) < 2


@given(st.text("路灯坏了，。；\n 13", max_size=40), st.sets(st.integers(0, 20)))
def test_no_word_is_lost(text: str, chosen: set[int]) -> None:
    """Whatever is chosen: the clauses are the text, and what goes and what stays are all its
    words."""
    found = clauses(read(text))
    assert "".join(text[c.start : c.end] for c in found) == text
    stays, goes = divided(text, found, chosen)
    words = [sign for sign in text if sign not in "，。；\n "]
    assert sorted(sign for sign in stays + goes if sign not in "，。；\n ") == sorted(words)
