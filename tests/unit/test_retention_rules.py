"""How long data is kept: what may be set, and that every kind has its rule and its way to go."""

import pytest
from pydantic import ValidationError

from bot.domain.retention import RULES, SIX_MONTHS, read_rules
from bot.settings import Settings
from bot.store.retention import KINDS


def test_every_kind_has_a_rule_and_a_way_to_go() -> None:
    """No rule without rows, but for files; none shorter than its own least."""
    assert set(RULES) == {*KINDS, "loose_files"}
    assert all(rule.days >= rule.least for rule in RULES.values())


def test_days_can_be_set() -> None:
    """Some kinds are named, the others keep the table's days."""
    rules = read_rules(" case_words = 730, messages=200,")
    assert (rules["case_words"].days, rules["messages"].days) == (730, 200)
    assert rules["alarms"] == RULES["alarms"]


WRONG = (
    # what was set: a word of the refusal
    ("messages=183", f"at least {SIX_MONTHS}"),  # 网络安全法 第二十一条
    ("attempts=0", f"at least {SIX_MONTHS}"),
    ("case_words=59", "at least 60"),  # it may still be reopened
    ("events=400", "none of"),  # history stays
    ("messages", "number of days"),
    ("messages=-400", "number of days"),
    ("messages=1000000", "number of days"),
)


@pytest.mark.parametrize(("text", "word"), WRONG)
def test_wrong_settings_refuse_the_start(text: str, word: str) -> None:
    """Too short, unknown or unreadable: the start is refused, and what is wrong is said."""
    with pytest.raises(ValidationError, match=word):
        Settings(mode="demo", retention=text, _env_file=None)
