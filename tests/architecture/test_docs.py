"""Documents lead somewhere: every link inside the project resolves."""

import re
from ast import FunctionDef
from pathlib import Path
from urllib.parse import unquote

from tests.architecture.sources import ROOT, documents, name, tree

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
ELSEWHERE = ("http://", "https://", "mailto:")


def _anchors(document: Path) -> set[str]:
    """Anchors of the headings, made as code hosts make them."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in HEADING.findall(text)
    }


def _leads_nowhere(document: Path, link: str) -> bool:
    target, _, anchor = unquote(link).partition("#")
    path = (document.parent / target) if target else document
    if not path.exists():
        return True
    return bool(anchor) and path.suffix == ".md" and anchor.lower() not in _anchors(path)


def test_every_link_resolves() -> None:
    """A link to a file or heading of the project finds it."""
    broken = [
        f"{name(document)}: {link}"
        for document in documents()
        for link in LINK.findall(CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8"))))
        if not link.startswith(ELSEWHERE) and _leads_nowhere(document, link)
    ]
    assert broken == []


def test_every_behaviour_of_the_desk_names_tests_that_exist() -> None:
    """docs/desk.md lists behaviours 1 to 32, each with the tests that hold it."""
    table = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (.+) \|$", table, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 33))
    for _, tests in rows:
        named = re.findall(r"`(\S+\.py)::(\w+)`", tests)
        assert named
        for file, test in named:
            defined = {
                each.name
                for each in tree(ROOT / "tests" / file).body
                if isinstance(each, FunctionDef)
            }
            assert test in defined, f"{file} has no {test}"
