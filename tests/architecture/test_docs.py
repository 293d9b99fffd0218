"""Documents lead somewhere: every link inside the project resolves."""

import re
from pathlib import Path
from urllib.parse import unquote

from tests.architecture.sources import documents, name

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
