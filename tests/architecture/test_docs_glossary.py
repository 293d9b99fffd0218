"""The glossary names what is really there."""

import importlib
import re
from collections.abc import Mapping

from bot.domain.roles import ROLE_NAMES, Role
from bot.models.registry import metadata
from tests.architecture.sources import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("bot.", "scheduler.", "web.", "simulator.")
TABLES = metadata.tables


def _rows() -> list[list[str]]:
    """Cells of every table row of the part about what exists now."""
    now = GLOSSARY.read_text(encoding="utf-8").split("## Reserved")[0]
    lines = [line for line in now.splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _in_code(path: str) -> bool:
    """Whether a dotted path leads to a module, or through one to an attribute, a dataclass's
    field or a mapping's key."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            if name in getattr(found, "__dataclass_fields__", {}):
                return True
            if isinstance(found, Mapping) and name in found:
                return True
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def _in_tables(name: str) -> bool:
    table, _, column = name.partition(".")
    return table in TABLES and (not column or column in TABLES[table].columns)


def test_every_identifier_exists() -> None:
    """Each identifier given as existing is an import path, a table or a column."""
    named = [name for row in _rows() for name in re.findall(r"`([^`]+)`", row[2])]
    assert len(named) > 80
    unknown = [
        name
        for name in named
        if not (_in_code(name) if name.startswith(PACKAGES) else _in_tables(name))
    ]
    assert unknown == []


def test_every_row_has_all_three_names() -> None:
    """A term has its Chinese, its English and its identifier."""
    rows = [row for row in _rows() if row[0] != "中文"]
    assert [row for row in rows if len(row) != 3 or not all(row) or "`" not in row[2]] == []


def test_no_term_is_explained_twice() -> None:
    """One thing has one name: neither a Chinese nor an English term stands in two rows."""
    rows = [row for row in _rows() if row[0] != "中文"]
    for column in (0, 1):
        terms = [row[column] for row in rows]
        assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_roles_are_called_the_same_everywhere() -> None:
    """What a person reads of a post is the glossary's word for it."""
    named = {row[2].strip("`"): row[0] for row in _rows()}
    prefix = "bot.domain.roles.Role."
    assert {role: named.get(f"{prefix}{role.name}") for role in Role} == dict(ROLE_NAMES)
