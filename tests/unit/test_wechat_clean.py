"""What can't be seen goes; what means something stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clean import clean


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("路\u200b灯", "路灯"),  # zero width space
        ("路\u200c灯\u200d坏\ufeff了\u2060", "路灯坏了"),  # non-joiner, joiner, BOM, word joiner
        ("abc\u202edef\u202c", "abcdef"),  # right-to-left override
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),  # isolates and marks
        ("a\x00b\x1b[31m\x7f\x9b", "ab[31m"),  # control characters
        ("软\u00ad连", "软连"),  # soft hyphen
        ("a\U000e0041b", "ab"),  # tag characters
        ("一\r\n二\r三\u2028四\x85五", "一\n二\n三\n四\n五"),  # lines
        ("a\tb", "a b"),
        ("  停水 \n", "停水"),
        ("e\u0301", "é"),  # NFC
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),  # joiner inside an emoji
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("👨\u200d灯", "👨灯"),  # joiner that joins no emoji
        ("👨\u200d\u200b👩", "👨\u200d👩"),  # something unseen inside an emoji
        ("ᠨᠠ\u180eᠨ᠋", "ᠨᠠ\u180eᠨ᠋"),  # Mongolian vowel separator and variant
        ("\u200b\u200d\u202e", ""),  # nothing but the unseen
    ],
)
def test_clean(raw: str, seen: str) -> None:
    """Cleaned text is what a person sees."""
    assert clean(raw) == seen


@given(st.text(st.characters() | st.sampled_from("\u200d\u200b\ufe0f👨灯\r\n\u202e"), max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Cleaning is idempotent, composed, and never leaves a control or bidi character."""
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set("\x00\x1b\u200b\u202e\u2066\ufeff") & set(once)
