"""The figures of the overview as a workbook, written down in the access log."""

from collections.abc import Iterator, Sequence

from bot.domain.deadlines import BEIJING
from bot.domain.figures import NAMES, OF, Figure
from bot.domain.periods import DAY, Period
from bot.services import overview, sheets
from bot.services.console_visits import ConsoleVisit
from bot.services.figures import Figures, of_period
from bot.services.ports import Deps
from bot.services.sheets import Value
from bot.store import access

LEFT_OUT = "专人办理和指定委员办理的诉求不在这些数里"
BY_DAY = "按事情发生的那一天算：一件诉求答复两次，算两次答复"


def export(deps: Deps, visit: ConsoleVisit, period: Period, address: str) -> bytes:
    """An .xlsx file with all tables of these days; who took it when stands in it and in the log."""
    now = deps.clock.now()
    with deps.database.read() as session:
        found = of_period(session, period)
    pages = dict(_pages(deps, found))
    facts = {
        "谁导出的": f"{visit.person}（{visit.login}）",
        "什么时候": f"{now.astimezone(BEIJING):%Y-%m-%d %H:%M}",
        "哪些天": _days(period),
        "怎么算的": BY_DAY,
        "没有算的": LEFT_OUT,
    }
    with deps.database.write() as session:
        access.record(
            session, now, "export", account_id=visit.account_id, address=address,
            rows=sum(len(rows) - 1 for rows in pages.values()),
            filters={"figures": _days(period)},
        )  # fmt: skip
    return sheets.workbook(facts, pages)


def _days(period: Period) -> str:
    return f"{period.first.isoformat()} 至 {period.last.isoformat()}"


Page = list[Sequence[Value]]


def _pages(deps: Deps, found: Figures) -> Iterator[tuple[str, Page]]:
    yield "总数", list(_totals(found))
    yield "每天", list(_every_day(found))
    for table in overview.tables(deps, found):
        yield f"按{table.heading}", list(_table(table))


def _totals(found: Figures) -> Iterator[Sequence[Value]]:
    yield ("数", "件次", "在哪些当中", "件次")
    for figure in Figure:
        number = found.number(figure)
        whole = OF.get(figure)
        yield (NAMES[figure], number.number, NAMES[whole] if whole else "", number.of)


def _every_day(found: Figures) -> Iterator[Sequence[Value]]:
    yield ("日期", *(NAMES[figure] for figure in Figure))
    for n in range(found.period.days):
        day = found.period.first + n * DAY
        yield (day.isoformat(), *(found.by_day.get((day, figure), 0) for figure in Figure))


def _table(table: overview.Table) -> Iterator[Sequence[Value]]:
    """A share takes two columns: how many, and of how many."""
    headings: list[str] = [table.heading]
    for figure in table.columns:
        headings.append(NAMES[figure])
        if whole := OF.get(figure):
            headings.append(f"{NAMES[whole]}（底数）")
    yield headings
    for row in table.rows:
        values: list[Value] = [row.label]
        for number in row.numbers:
            values += [number.number] + [number.of] * (number.of is not None)
        yield values
