"""What the tests of this folder read: every Python file and document of the project."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "scheduler", "web", "simulator", "bench", "tools", "tests", "migrations")


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of ours, with `app.py` where it exists."""
    below = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return (*ROOT.glob("*.py"), *sorted(below))


@cache
def documents() -> tuple[Path, ...]:
    """Every Markdown file of ours."""
    return (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))


def name(path: Path) -> str:
    """How a failure names a file: its path from the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(module: ast.Module) -> Iterator[str]:
    """Every module that a file imports, by its full dotted name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"
