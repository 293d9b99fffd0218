"""Who does not write Chinese is understood as that, and is heard in danger."""

import pytest

from bot.domain.understanding import Reading
from bot.nlp.scripts import script_of
from tests.understanding_rig import shared_understander


def read(text: str) -> Reading:
    return shared_understander().read(text)


SCRIPTS = [
    ("The heating in our dorm is off, it's 12 degrees inside", "latin"),
    ("Bus 16 never stops at my stop", "latin"),
    ("Манай байранд дулаан алга, тусална уу", "cyrillic"),
    ("ᠭᠡᠷ ᠬᠦᠢᠲᠡᠨ ᠪᠠᠶᠢᠨ᠎ᠠ᠂ ᠳᠤᠯᠠᠭᠠᠨ ᠦᠭᠡᠢ", "mongolian"),
    ("ｎｏ ｗａｔｅｒ ｓｉｎｃｅ ｙｅｓｔｅｒｄａｙ", "latin"),
    # no sentence of another script
    ("路灯不亮", None),
    ("我家wifi可以，就是5G信号only一格", None),
    ("sain baina uu, 想问一下蒙授小学报名时间", None),
    ("樓下早餐攤煙霧大", None),
    ("ok", None),
    ("Здравствуйте", None),
    ("asdf qwer", None),
    ("wo jia mei you nuan qi", None),
    ("https://example.org/some/long/path", None),
    ("wang123@qq.com", None),
    ("13812345678", None),
    ("😀", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "script"), SCRIPTS)
def test_the_script_is_known(text: str, script: str | None) -> None:
    """By the letters, where no Chinese character stands and they make a sentence."""
    assert script_of(text) == script
    assert read(text).script == script
    assert not (script and read(text).confident)


IN_DANGER = [
    ("help fire", "fire"),
    ("Fire in the foreign students' dormitory 3rd floor, smoke everywhere", "fire"),
    ("My friend collapsed, not breathing, near Inner Mongolia Museum", "medical"),
    ("I smell gas in the corridor", "gas"),
    ("эмээ ухаангүй байна, түргэн дуудаж өгөөч", "medical"),
    ("ᠭᠠᠯ ᠭᠠᠷᠪᠠ᠂ ᠲᠤᠰᠠᠯᠠᠭᠠᠷᠠᠢ", "fire"),
    # only looks like it
    ("Please help, I was fired and my boss owes me two months", None),
    ("The fire lane of our building is full of parked cars", None),
    ("Where can I renew my residence permit?", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "emergency"), IN_DANGER)
def test_a_cry_in_another_language_is_heard(text: str, emergency: str | None) -> None:
    """A short list of words raises the alarm; being dismissed is no fire."""
    assert read(text).emergency == emergency
