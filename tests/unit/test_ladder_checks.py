"""Ladders that can't work are refused, each with the rung and the reason."""

from typing import Any

import pytest

from bot.domain.ladder_checks import AUDIENCES_OF, LONGEST, read_ladders
from bot.domain.ladders import LADDERS
from bot.domain.rungs import ladder_to_json
from bot.texts import load_texts


def row(after: str, audience: str = "holder", notice: str = "answer_due_soon") -> dict[str, Any]:
    return {"after": after, "audience": audience, "notice": notice}


DISPATCH = {"after": "100%", "audience": "system", "notice": "", "effect": "dispatch"}

CASES: list[tuple[str, Any, list[tuple[int, str]]]] = [
    # What is said of each rung, for rows of the ladder named.
    ("answer", [row("due-1d"), row("100%")], []),
    ("king", [row("50%")], [(0, "unknown_ladder")]),
    ("answer", [], [(0, "empty")]),
    ("answer", "50%", [(0, "empty")]),
    ("answer", [row("50%")] * 61, [(0, "empty")]),
    ("answer", ["50%"], [(1, "no_text")]),
    ("answer", [row("50%") | {"who": "x"}], [(1, "extra")]),
    ("answer", [{"after": 5, "audience": "holder", "notice": "x"}], [(1, "no_text")]),
    ("answer", [row("soon")], [(1, "no_time")]),
    ("answer", [row("-2d"), row("120%")], [(1, "negative"), (2, "past_end")]),
    ("answer", [row("50%", "king")], [(1, "nobody")]),
    ("answer", [row("50%", "")], [(1, "nobody")]),
    ("answer", [row("50%", "duty")], [(1, "nobody_here")]),
    ("triage", [row("50%", "holder", "triage_overdue")], [(1, "nobody_here")]),
    ("triage", [row("50%", "staff", "triage_late")], [(1, "wrong_reader")]),
    ("triage", [row("50%", "resident", "triage_overdue")], [(1, "wrong_reader")]),
    ("feedback", [row("1d", "leader", "callback")], [(1, "nobody_here"), (0, "no_ending")]),
    ("answer", [row("50%", "holder", "")], [(1, "nothing")]),
    ("answer", [row("50%", "holder", "tea")], [(1, "unknown_notice")]),
    ("answer", [row("50%", "holder", "accept_reminder")], [(1, "wrong_notice")]),
    ("answer", [row("50%") | {"effect": "explode"}], [(1, "effect")]),
    ("answer", [row("50%") | {"effect": "dispatch"}], [(1, "wrong_effect")]),
    ("answer", [row("50%") | {"effect": "supervise"}], [(1, "not_a_leader")]),
    ("answer", [row("50%", "staff") | {"effect": "co_owner"}], [(1, "no_co_owner")]),
    # A loop: a rung that comes before the one above it.
    ("answer", [row("80%"), row("50%")], [(2, "order")]),
    ("answer", [row("+1d"), row("due-1d")], [(2, "order")]),
    # Six days from the start lie after half of the longest clock only on paper.
    ("assist", [row("6d", "holder", "assist_late"), row("50%", "holder", "assist_late")],
     [(2, "order"), (0, "no_ending")]),
    ("answer", [row("50%"), row("50%")], [(2, "twice")]),
    ("answer", [row("due-20d")], [(1, "too_early")]),
    ("settle", [DISPATCH, DISPATCH], [(2, "after_ending")]),
    ("settle", [row("50%", "system", "push")],
     [(1, "wrong_notice"), (1, "told_nobody"), (0, "no_ending")]),
    # Only those who were silent already.
    ("accept", [row("50%", "holder", "accept_reminder")], [(0, "nobody_above")]),
    ("emergency", [row("5m", "duty", "emergency_repeat")], [(0, "nobody_above")]),
    ("hold", [row("+1d", "system", "") | {"effect": "end_hold"}], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows", "wrong"), CASES)
def test_what_is_refused(name: str, rows: Any, wrong: list[tuple[int, str]]) -> None:
    """Every fault is found at once, and each has a sentence whose values are there."""
    found, faults = read_ladders({name: rows})
    assert [(fault.number, fault.why) for fault in faults] == wrong
    assert bool(found) or faults
    texts = load_texts()
    for fault in faults:
        assert texts.say(f"ladder.{fault.why}", **fault.values)


def test_an_empty_file_holds_no_ladder() -> None:
    """A file without a ladder is a mistake, too."""
    assert [fault.why for fault in read_ladders({})[1]] == ["no_ladder"]


def test_defaults_pass() -> None:
    """The product's own ladders may be loaded by an office, and each clock has its rules."""
    found, faults = read_ladders({name: ladder_to_json(each) for name, each in LADDERS.items()})
    assert (found, faults) == (dict(LADDERS), [])
    assert AUDIENCES_OF.keys() == LONGEST.keys() == {name for name in LADDERS if "_" not in name}


def test_what_a_preview_says_has_words() -> None:
    """Every notice, effect and audience of a ladder can be told in a preview."""
    texts, rungs = load_texts(), [each for ladder in LADDERS.values() for each in ladder]
    for each in rungs:
        assert not each.notice or texts.has(f"ladder.says_{each.notice}")
        assert not each.effect or texts.has(f"ladder.does_{each.effect}")
