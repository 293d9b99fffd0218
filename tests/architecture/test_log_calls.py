"""Every log call says an event and values by name: nothing else could be kept free of people."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import name, python_files, tree

ROOMS = ("bot/", "scheduler/", "web/")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SENTENCE = re.compile(r"[a-z_]+( [a-z]+=%[sd])*")
FIELDS = frozenset(
    {
        *("case", "clock", "outbox", "notice", "attachment", "state", "hop", "row", "kind"),
        *("code", "error", "count", "did", "seconds", "name", "jobs", "page", "why"),
    }
)
"""Names of values that a log line may hold. None of them is a person's."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a module's own logger."""
    for path in python_files():
        if not name(path).startswith(ROOMS):
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr in LEVELS) == ("log", True)
            ):
                yield f"{name(path)}:{node.lineno}", node


def test_every_log_call_is_an_event() -> None:
    """One word for what happened, then `name=%s` for known names, as many as there are values."""
    wrong = []
    for where, call in calls():
        sentence = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
        names = re.findall(r"(\w+)=", str(sentence))
        fits = SENTENCE.fullmatch(str(sentence)) and len(names) == len(call.args) - 1
        if not fits or not FIELDS.issuperset(names):
            wrong.append(where)
    assert wrong == []
    assert len(list(calls())) > 25
