"""Size and shape of the source: small files, short functions, empty packages."""

import ast
from pathlib import Path

from tests.architecture.sources import name, python_files, tree

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 300, 400, 40
GENERATED = "migrations/versions/"
"""Alembic writes these, one statement a table; they are history, not code to be read often."""


def _written_files() -> list[Path]:
    return [path for path in python_files() if not name(path).startswith(GENERATED)]


def test_every_init_file_is_empty() -> None:
    """A package's `__init__.py` holds nothing: names are imported from where they live."""
    full = [name(p) for p in python_files() if p.name == "__init__.py" and p.stat().st_size]
    assert full == []


def test_no_file_is_too_long() -> None:
    """A file has at most 300 lines, a file of tests 400."""
    too_long = {}
    for path in _written_files():
        limit = LONGEST_TEST_FILE if name(path).startswith("tests/") else LONGEST_FILE
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            too_long[name(path)] = lines
    assert too_long == {}


def test_no_function_is_too_long() -> None:
    """A function has at most 40 lines, its docstring counted."""
    too_long = {}
    for path in _written_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long[f"{name(path)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


def test_every_test_opens_with_a_sentence() -> None:
    """Each test says in its docstring what behaviour it holds."""
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if path.name.startswith("test_")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
