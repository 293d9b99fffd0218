"""The account's menu: what the platform and our own dialog take, and when two are the same."""

from typing import Any

import pytest

from bot.domain.dialog import MENU
from bot.domain.menu import filled, lines, problems
from bot.services import menu

CLICK = {"type": "click", "name": "说事", "key": "K_NEW"}


def test_our_own_menu_is_right() -> None:
    """The file that is pushed keeps the platform's rules and names keys that the dialog knows."""
    assert menu.problems() == []


@pytest.mark.parametrize(
    ("buttons", "word"),
    [
        ([], "1 to 3"),
        ([CLICK] * 4, "1 to 3"),
        ("no list", "1 to 3"),
        (["no object"], "object"),
        ([CLICK | {"name": "六个汉字太长"}], "16 bytes"),
        ([CLICK | {"key": "K_NOTHING"}], "no key K_NOTHING"),
        ([{"type": "view", "name": "网页", "url": "/h5/"}], "address"),
        ([{"type": "scan", "name": "扫"}], "click or view"),
        ([{"name": "更多", "sub_button": [CLICK] * 6}], "5 buttons"),
        ([{"name": "更多", "sub_button": [CLICK | {"name": "长" * 21}]}], "60 bytes"),
    ],
)
def test_what_is_wrong_is_named(buttons: Any, word: str) -> None:
    """One sentence for each thing that would be refused, here or there."""
    assert word in " ".join(problems(buttons, MENU))


def test_two_menus_are_compared_by_what_they_do() -> None:
    """The platform adds empty lists to what it gives back: still the same; another key is not."""
    ours: list[dict[str, Any]] = [
        CLICK,
        {"name": "更多", "sub_button": [{"type": "view", "name": "网页", "url": "{base_url}/h5/"}]},
    ]
    there = filled(ours, "https://x.test")
    theirs: list[Any] = [there[0] | {"sub_button": []}, there[1]]
    assert lines(theirs) == lines(there)
    assert lines(theirs) == ["说事 → K_NEW", "更多", "  网页 → https://x.test/h5/"]
    assert lines([CLICK | {"key": "K_MINE"}]) != lines([CLICK])
