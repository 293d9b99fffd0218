"""A list or what a search found, taken away as a workbook: masked, with a reason, and kept in the
access log before the file leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from bot.domain.cases import CHINESE, Ending, State, show_number
from bot.domain.worklists import View
from bot.models.cases import Case
from bot.services import case_sheets, searching, wording, worklists
from bot.services.case_sheets import SOURCES, URGENCY, when
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.services.searching import SearchForm
from bot.services.turn import Turn
from bot.services.unmasking import reason_given
from bot.store import access
from bot.store import worklists as store
from bot.store.remembering import looking
from bot.store.worklists import PAGE, Key

MOST = 5_000
"""Cases in one file; its second sheet says when there were more."""
HEAD = ("编号", "什么事", "居民说", "类别", "急不急", "现在", "地点", "工作站", "怎么来的",
        "来的时间", "到期", "退过几次", "办结方式")  # fmt: skip
COVERED = "电话、证件号等；姓名、门牌可能还在，用前看一眼"
"""A name is known after a cue alone (我叫), a house number in its full form."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken away: a list, or what a search finds. `named`: how people call it, and its
    filters."""

    view: View | None
    form: SearchForm
    named: str


def export(
    deps: Deps, visit: ConsoleVisit, wanted: Wanted, reason: str, *, address: str = ""
) -> bytes:
    """The file. Raises NotFound for a list that is not theirs, Refused without a reason or for what
    can't be looked for."""
    why = reason_given(reason)
    rows, more = _rows(deps, visit, wanted)
    now = deps.clock.now()
    said = {
        "谁导出的": f"{visit.person}（{visit.login}）", "什么时候": when(now),
        "哪些诉求": wanted.named, "为什么": why, "遮住了什么": COVERED,
    } | ({"没有放下的": f"还有更多，只放了前 {MOST} 件"} if more else {})  # fmt: skip
    with deps.database.write() as session:
        access.record(
            session, now, "export", account_id=visit.account_id, address=address, reason=why,
            rows=len(rows), unmasked=False, filters=_filters(wanted),
        )  # fmt: skip
    file = BytesIO()
    case_sheets.write_rows(file, HEAD, rows, said)
    return file.getvalue()


def _filters(wanted: Wanted) -> dict[str, str]:
    return wanted.form.given() | ({"view": wanted.view.value} if wanted.view else {})


def _rows(deps: Deps, visit: ConsoleVisit, wanted: Wanted) -> tuple[list[list[str]], bool]:
    if wanted.view is not None and wanted.view not in worklists.views(visit):
        raise NotFound("console.no_view")
    rows: list[list[str]] = []
    with deps.database.read() as session, looking(session):
        turn = Turn(deps, session, deps.clock.now())
        pages = _of_view(turn, visit, wanted.view) if wanted.view else _of_search(
            turn, visit, wanted.form
        )  # fmt: skip
        for page in pages:
            units = {case.owner_unit_id for case, _ in page if case.owner_unit_id is not None}
            names = store.names(session, units)
            rows += [_row(turn, case, due, names) for case, due in page]
            session.expunge_all()
            if len(rows) >= MOST:
                return rows[:MOST], True
    return rows, False


Page = list[tuple[Case, datetime | None]]


def _of_view(turn: Turn, visit: ConsoleVisit, view: View) -> Iterator[Page]:
    at = worklists.at_of(turn.deps, visit, turn.now)
    after: Key | None = None
    while True:
        page = store.page(turn.session, view, store.seen_by(visit.actor), at, after)
        after = worklists.next_key(view, page)
        yield page[:PAGE]
        if after is None:
            return


def _of_search(turn: Turn, visit: ConsoleVisit, form: SearchForm) -> Iterator[Page]:
    after: int | None = None
    while True:
        cases, after = searching.page(turn, visit, form, after)
        due = store.due_times(turn.session, [case.id for case in cases])
        yield [(case, due.get(case.id)) for case in cases]
        if after is None:
            return


def _row(turn: Turn, case: Case, due: datetime | None, names: dict[int, str]) -> list[str]:
    """As in the lists, in full; the words of restricted cases are not for lists."""
    hidden = worklists.is_hidden(case)
    return [
        show_number(case.number),
        turn.say("console.restricted") if hidden else wording.what(turn, case),
        "" if hidden else case.masked,
        "" if hidden or not case.category else wording.topic(turn, case),
        URGENCY.get(case.urgency, case.urgency), CHINESE[State(case.state)],
        "" if hidden else case.place or "", names.get(case.owner_unit_id or 0, ""),
        SOURCES.get(case.source, case.source), when(case.created_at), when(due),
        str(case.returns), CHINESE[Ending(case.ending)] if case.ending else "",
    ]  # fmt: skip
