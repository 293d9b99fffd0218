"""The office's own days at the console: when it rests or works other than was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain.roster import DAY_PLANS
from bot.services import master_history
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of, day_of
from bot.services.master_history import Change
from bot.services.office_calendar import days_ahead
from bot.services.ports import Deps
from bot.services.roster_files import RawRow
from bot.services.roster_import import take_in
from bot.services.turn import Turn

AHEAD = 8 * 7
"""Days on the page: eight weeks, from a Monday on."""
PAST = 400
"""Days whose changes are shown."""


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Weeks from a Monday on, as bot.services.office_calendar.days_ahead gives their days."""

    first: date
    weeks: tuple[tuple[Mapping[str, Any], ...], ...]
    history: tuple[Change, ...]


def look(deps: Deps, first: str = "") -> CalendarPage:
    """The weeks that begin with this day's (YYYY-MM-DD; today's if empty). Raises Refused."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        day = day_of(first, turn.today)
        if not 2000 <= day.year <= 2098:
            raise Refused("master.no_day", day=first)
        monday = day - timedelta(days=day.weekday())
        named = (monday + timedelta(days=n - PAST // 2) for n in range(PAST))
        history = master_history.of_rows(turn, {f"days:{each.isoformat()}" for each in named})
    days = list(days_ahead(deps, monday, AHEAD))
    weeks = tuple(tuple(days[n : n + 7]) for n in range(0, AHEAD, 7))
    return CalendarPage(monday, weeks, history)


def change(deps: Deps, visit: ConsoleVisit, fields: Mapping[str, str]) -> str:
    """Say what the office does on a day; the sentence for who did it. What was announced stays.
    Raises Refused with everything that is wrong."""
    author = author_of(visit, fields.get("reason", ""))
    cells = {"day": fields.get("day", ""), "plan": fields.get("plan", "")}
    row = RawRow("", "days", 0, {**cells, "note": fields.get("note", "")}, {})
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        found = take_in(turn, [row], [], author)
        if found.wrong:
            told = "；".join(
                turn.say("master.wrong", column=cell.column, expected=cell.expected)
                for cell in found.wrong
            )
            raise Refused("master.wrong_cells", cells=told)
    return deps.texts.say("master.done_day", day=cells["day"], plan=cells["plan"])


PLANS = tuple(DAY_PLANS.values())
"""What the office may do on a day, in words."""
