"""The access log, for auditors."""

from flask import render_template, request

from bot.domain.console import Right
from bot.services import audit
from web.console.door import Answer, Console, deps


def put(pages: Console) -> None:
    """Add this page."""
    pages.page("/audit", "audit", log, Right.AUDIT)


def log() -> Answer:
    """The newest lines, or those before a line."""
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**31 else None
    lines = audit.lines(deps(), before)
    more = lines[-1].id if len(lines) == audit.AT_A_TIME else None
    return render_template("console/audit.html", lines=lines, more=more, first=before is None)
