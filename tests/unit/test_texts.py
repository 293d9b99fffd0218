"""The sentences: every one is used, every one that is used exists, and their values match."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.domain.events import EVENTS
from bot.settings import ROOT
from bot.texts import load_texts

TEXTS = load_texts()
KEY = re.compile(r"[a-z]+\.[a-z_]+")
HOLE = "[a-z_]*"
SAYING = frozenset({"say", "Refused", "NotFound", "_not_allowed"})
"""Functions whose keywords become the values of a sentence."""
LONGEST = 120
"""Characters of a reply before its values: an old phone shows this without scrolling."""


@cache
def _trees() -> list[tuple[Path, ast.Module]]:
    files = [p for folder in ("bot", "web") for p in (ROOT / folder).rglob("*.py")]
    return [(p, ast.parse(p.read_text(encoding="utf-8"))) for p in files]


def _patterns() -> Iterator[re.Pattern[str]]:
    """Every string of the code that may be a key; holes of f-strings match anything."""
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.compile(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                yield re.compile("".join(_piece(part) for part in node.values))
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
                yield re.compile(re.escape(str(node.left.value)) + HOLE)


def _piece(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else HOLE


def _calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """(where, key, names of the values) of each call that names its key; None: not known here."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            keys = [a.value for a in node.args if isinstance(a, ast.Constant)]
            named = {k.arg for k in node.keywords if k.arg is not None}
            open_ended = len(named) < len(node.keywords)
            for key in keys if name in SAYING else ():
                if isinstance(key, str) and KEY.fullmatch(key):
                    where = f"{path.name}:{node.lineno}"
                    yield where, key, None if open_ended else named


def test_every_key_that_is_said_exists() -> None:
    """A sentence that is missing would be found by a resident first."""
    missing = [f"{where} {key}" for where, key, _ in _calls() if not TEXTS.has(key)]
    assert missing == []


def _is_used(key: str, patterns: dict[str, re.Pattern[str]]) -> bool:
    """Named whole, or made of a section (`reply.` and a hole) and a name that the code knows."""
    section, _, name = key.partition(".")
    ways = _open(section)
    whole = (p for p in patterns if p.startswith(f"{section}\\.") and p not in ways)
    if any(patterns[p].fullmatch(key) for p in whole):
        return True
    known = (p for p in patterns if len(p.replace(HOLE, "")) > 2)
    return bool(ways & patterns.keys()) and any(patterns[p].fullmatch(name) for p in known)


def _open(section: str) -> set[str]:
    return {f"{section}\\.{HOLE}", f"{section}\\.{HOLE}{HOLE}"}


def test_every_sentence_is_used() -> None:
    """A sentence that nobody says is in the way of those who review the others."""
    patterns = {p.pattern: p for p in _patterns()}
    unused = [key for key in TEXTS.sentences if not _is_used(key, patterns)]
    assert unused == []


def test_values_match_the_placeholders() -> None:
    """What a sentence needs is what it is given."""
    wrong = [
        f"{where} {key}: needs {sorted(TEXTS.placeholders(key))}"
        for where, key, given in _calls()
        if given is not None and TEXTS.has(key) and not TEXTS.placeholders(key) <= given
    ]
    assert wrong == []


@pytest.mark.parametrize("key", [k for k in TEXTS.sentences if k.startswith("reply.")])
def test_reply_is_short_and_in_our_voice(key: str) -> None:
    """Short, no officialese, no exclamation marks but in emergencies."""
    sentence = TEXTS.sentences[key]
    assert len(sentence) <= LONGEST
    for word in ("亲", "系统", "请耐心等待", "已受理", "工单"):
        assert word not in sentence
    assert "！" not in sentence or "emergency" in key


def test_each_kind_of_event_can_be_told() -> None:
    """The office reads the whole past of a case; a kind without words would break the page."""
    assert [kind for kind in EVENTS if not TEXTS.has(f"past.{kind}")] == []
