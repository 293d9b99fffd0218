"""Cases as a workbook: no cell can start a formula, and a sheet says who took them when and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import IO

from openpyxl import Workbook

from bot.domain.cases import CHINESE, Ending, Outcome, State
from bot.domain.deadlines import BEIJING
from bot.services.ports import Deps
from bot.services.sheets import safe
from bot.services.views import CaseView

SHEET, ABOUT = "诉求", "说明"
URGENCY = {"normal": "", "urgent": "急件", "emergency": "紧急"}
SOURCES = {"wechat": "公众号", "walk_in": "来访", "phone": "电话", "letter": "来信"}

_COLUMNS: Mapping[str, Callable[[CaseView], str]] = {
    "编号": lambda v: v.number,
    "现在": lambda v: CHINESE[State(v.state)],
    "类别": lambda v: v.category or "",
    "急不急": lambda v: URGENCY.get(v.urgency, v.urgency),
    "居民说": lambda v: v.text,
    "地点": lambda v: v.place or "",
    "主办": lambda v: v.owner or "",
    "协办": lambda v: "、".join(v.assist),
    "怎么来的": lambda v: SOURCES.get(v.source, v.source),
    "来的时间": lambda v: when(v.created_at),
    "到期": lambda v: when(v.due_at),
    "办结方式": lambda v: CHINESE[Ending(v.ending)] if v.ending else "",
    "成果": lambda v: "、".join(CHINESE[Outcome(each["outcome"])] for each in v.outcomes),
}


def when(at: datetime | None) -> str:
    """A moment as the office reads it; empty without one."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else ""


def about(deps: Deps, since: str, reason: str) -> dict[str, str]:
    """What the second sheet says of an export by the shell."""
    return {
        "谁导出的": "命令行", "什么时候": when(deps.clock.now()), "从哪天的": since,
        "为什么": reason or "没有写",
    }  # fmt: skip


def write(deps: Deps, file: IO[bytes], views: Iterable[CaseView], said: Mapping[str, str]) -> int:
    """Write the cases, and what is said of the export; how many they were."""
    known = deps.understander().categories
    names = {code: info.name for code, info in known.items()}
    named = (replace(v, category=names.get(v.category or "", v.category)) for v in views)
    rows = ([take(view) for take in _COLUMNS.values()] for view in named)
    return write_rows(file, list(_COLUMNS), rows, said)


def write_rows(
    file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]], said: Mapping[str, str]
) -> int:
    """The same for rows of text at hand."""
    book, count = Workbook(write_only=True), 0
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in rows:
        sheet.append([safe(each) for each in row])
        count += 1
    page = book.create_sheet(ABOUT)
    for name, value in (*said.items(), ("多少件", str(count))):
        page.append([name, safe(value)])
    book.save(file)
    return count
