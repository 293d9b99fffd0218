"""The office's ladders as a workbook: a row a rung, in the words of who reads them. The ladders
that are in a file are replaced whole, from now on; the others stay."""

from collections.abc import Mapping
from typing import Any

from bot.domain.ladders import LADDERS
from bot.domain.rungs import Rung
from bot.services import ladder_files, ladder_words
from bot.services.console_visits import ConsoleVisit
from bot.services.master_history import Author
from bot.services.office_books import OfficeBook, Rows
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits, RawRow
from bot.services.sheet_cells import Column
from bot.services.stations import fingerprint
from bot.services.turn import Turn
from bot.store import office_ladders

Ladders = Mapping[str, tuple[Rung, ...]]
_AS_IT_IS = "和导出的表里一样的说法"
_TIMES = (
    "50% 走完一半，due-1d 到期前一天，100% 到期，"
    "+1d 到期后一天（在 Excel 里前面打一个撇号），5m 开始后五分钟"
)
_ABOUT = {
    "nobody_here": "audience", "not_a_leader": "audience", "no_co_owner": "audience",
    "wrong_notice": "notice", "wrong_reader": "notice", "told_nobody": "notice",
    "nothing": "notice", "no_words": "notice", "wrong_effect": "effect",
    "after_ending": "effect", "no_ending": "effect",
}  # fmt: skip
"""Faults by the cell that they are about; others are about the time."""


def _columns(deps: Deps) -> tuple[Column, ...]:
    titles = {name: deps.texts.say(f"ladder.name_{name}") for name in LADDERS}
    return (
        Column("ladders", "ladder", "哪个时限", "choice", True, choices=titles,
               expected="下列之一：" + "、".join(titles.values())),
        Column("ladders", "after", "什么时候", "text", True, expected=_TIMES),
        Column("ladders", "audience", "给谁", "text", True, expected=_AS_IT_IS),
        Column("ladders", "notice", "说什么", "text", False, expected=_AS_IT_IS + "；可以空着"),
        Column("ladders", "effect", "再做什么", "text", False, expected=_AS_IT_IS + "；可以空着"),
    )  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, ...]]:
    words, found = deps.texts, list[tuple[str, ...]]()
    for name, rungs in _in_force(deps).items():
        for each in rungs:
            notice = words.say(f"ladder.says_{each.notice}") if each.notice else ""
            effect = words.say(f"ladder.does_{each.effect}") if each.effect else ""
            who = ladder_words.audience(words, each.audience)
            found.append((words.say(f"ladder.name_{name}"), str(each.after), who, notice, effect))
    return found


def _in_force(deps: Deps) -> Ladders:
    with deps.database.read() as session:
        return office_ladders.in_force(session, deps.clock.now())


def _read(deps: Deps, rows: Rows) -> Ladders:
    """Those that would be others than now. Of one with a wrong cell only that is told: its rungs
    can't be counted."""
    wanted = dict[str, list[tuple[RawRow, dict[str, Any]]]]()
    broken = {str(row.cells.get("ladder") or "").strip() for row in rows.broken}
    for row, values in rows.whole:
        coded = _coded(deps, rows, row, values)
        if coded is None:
            broken.add(deps.texts.say(f"ladder.name_{values['ladder']}"))
        else:
            wanted.setdefault(values["ladder"], []).append((row, coded))
    now, found = _in_force(deps), dict[str, tuple[Rung, ...]]()
    for name, given in wanted.items():
        if deps.texts.say(f"ladder.name_{name}") in broken:
            continue
        made, faults = ladder_files.check(deps, {name: [each for _, each in given]}, codes=False)
        for fault in faults:
            at = given[max(fault.number, 1) - 1][0]
            rows.fault(at, _ABOUT.get(fault.why, "after"), fault.words)
        if not faults and made[name] != now[name]:
            found[name] = made[name]
    return found


def _coded(deps: Deps, rows: Rows, row: RawRow, values: Mapping[str, Any]) -> dict[str, str] | None:
    """A row with codes for its words; None when there are none for them."""
    given, right = {"after": values["after"]}, True
    for field, choices in ladder_words.cells(deps.texts, values["ladder"]).items():
        known = {words: code for code, words in choices.items()}
        words = values[field] or ""
        given[field] = known.get(words, "")
        if words and not given[field]:
            told = "、".join(sorted(known))
            rows.fault(row, field, deps.texts.say("ladder.choose", known=told))
            right = False
    return given if right else None


def _told(deps: Deps, changes: Ladders) -> list[tuple[str, ...]]:
    now = _in_force(deps)
    return [
        (deps.texts.say(f"ladder.name_{name}"), *(
            ladder_words.whole(deps.texts, rungs) for rungs in (now[name], changes[name])
        ))
        for name in changes
    ]  # fmt: skip


def _weigh(deps: Deps, _visit: ConsoleVisit, changes: Ladders) -> str:
    return fingerprint(_told(deps, changes))


def _write(deps: Deps, changes: Ladders, author: Author) -> None:
    with deps.database.write() as session:
        ladder_files.keep(Turn(deps, session, deps.clock.now()), changes, author)


LADDERS_BOOK = OfficeBook(
    "催办阶梯", Limits(MEGABYTE, 8 * MEGABYTE, 1001), _columns, _rows, _read, _told, _weigh,
    _write, same="master.ladders_same", changed="master.ladders_changed",
    done="master.done_ladders",
)  # fmt: skip
