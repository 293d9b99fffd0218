"""The sentences that people read as a workbook: out, and in by two steps."""

from bot.domain.console import Right
from bot.services import text_files
from web.console import workbooks
from web.console.door import Answer, Console, deps, visitor
from web.console.rules import texts_page
from web.console.workbooks import LONGEST


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/texts.xlsx", "texts_export", export, Right.RULES)
    pages.page("/texts/try", "texts_try", attempt, Right.MASTER, ("POST",), longest=LONGEST)
    pages.page("/texts/apply", "texts_apply", apply, Right.MASTER, ("POST",))


def export() -> Answer:
    """All sentences, and what the office made of them."""
    return workbooks.sent(text_files.export(deps(), visitor()), "texts.xlsx")


def attempt() -> Answer:
    """What a file would do, or everything that is wrong with it."""
    return workbooks.attempted(
        text_files.attempt, lambda why: texts_page(409, problem=why), what="说的话", unit="句",
        headings=("原来的话", "导入以后"), back="console.texts", apply="console.texts_apply",
    )  # fmt: skip


def apply() -> Answer:
    """Keep what was tried."""
    return workbooks.applied(
        text_files.apply, lambda why, _typed: texts_page(409, problem=why), "console.texts"
    )
