"""The office's own days off and on: from its own sheet into every clock that starts afterwards."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.domain.deadlines import BEIJING, WorkCalendar
from bot.services.office_calendar import FRESH_SECONDS, OfficeCalendar
from bot.wiring import load_calendar
from tests.conversation_rig import LAMP, Town
from tests.roster_rig import Rows, workbook

SNOW: Rows = [("2026-11-24", "休息", "大雪停班"), ("2026年11月28日", "上班", None)]
"""Tuesday off, Saturday on; the clock of the tests stands at Monday the 23rd, 10:00."""


def flask(town: Town, *words: object, ends: int = 0) -> list[dict[str, Any]]:
    """The JSON lines that a command prints."""
    done = town.app.app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert done.exit_code == ends, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def with_own_days(town: Town) -> None:
    """The town counts by the calendar that wiring makes, and asks for it anew each time."""
    hurried = iter(range(0, 10**6, FRESH_SECONDS))
    published = load_calendar("09:00-12:00,14:30-17:30")
    calendar = OfficeCalendar(published, town.deps.database, lambda: next(hurried))
    town.app.use(replace(town.deps, calendar=calendar))


def dues(town: Town, kind: str) -> list[str]:
    """Due times of clocks of a kind, Beijing time, oldest first."""
    found = town.rows(f"SELECT due_at FROM clocks WHERE kind = '{kind}' ORDER BY id")
    moments = [datetime.fromisoformat(str(due)) for (due,) in found]
    aware = [due if due.tzinfo else due.replace(tzinfo=UTC) for due in moments]
    return [f"{due.astimezone(BEIJING):%m-%d %H:%M}" for due in aware]


def test_a_day_off_moves_what_starts_and_nothing_that_was_announced(
    town: Town, tmp_path: Path
) -> None:
    """A case from before keeps its due time; one that comes after the change counts without the
    day off, and works on the Saturday."""
    with_own_days(town)
    town.phone("before").say(LAMP)
    town.wait(seconds=5)
    clocks = town.rows("SELECT * FROM clocks")
    (saved,) = flask(town, "roster", "import", workbook(tmp_path / "雪.xlsx", {"days": SNOW}))
    assert saved["days"] == {"new": 2, "changed": 0, "same": 0}
    assert town.rows("SELECT * FROM clocks") == clocks
    town.phone("after").say(LAMP)
    town.wait(seconds=5)
    assert dues(town, "accept") == ["11-24 10:00", "11-25 10:00"]
    assert dues(town, "answer") == ["11-30 10:00", "11-30 10:00"]  # one day less, one more


def test_what_the_office_decided_is_shown(town: Town, tmp_path: Path) -> None:
    """`roster days` says for each day whether the office works, and by whose word; as usual takes
    a day back."""
    with_own_days(town)
    flask(town, "roster", "import", workbook(tmp_path / "a.xlsx", {"days": SNOW}))
    shown = {line["date"]: line for line in flask(town, "roster", "days", "--count", "6")}
    assert [line["works"] for line in shown.values()] == [True, False, True, True, True, True]
    assert (shown["2026-11-24"]["own"], shown["2026-11-24"]["note"]) == ("休息", "大雪停班")
    usual: Rows = [("2026-11-24", "照常", None)]
    (saved,) = flask(town, "roster", "import", workbook(tmp_path / "b.xlsx", {"days": usual}))
    assert saved["days"] == {"new": 0, "changed": 1, "same": 0}
    assert flask(town, "roster", "days", "--from", "2026-11-24", "--count", "1")[0]["works"]


def test_a_wrong_date_keeps_everything_out(town: Town, tmp_path: Path) -> None:
    """A day that is none, a year mistyped, a plan that is unknown, a day twice: each is named."""
    rows: Rows = [
        ("2026-02-30", "休息", None),
        ("2206-11-24", "休息", None),
        (None, "休息", None),
        ("2026-12-01", "放假", None),
        ("2026-12-02", "休息", None),
        ("2026/12/2", "上班", None),
    ]
    sheet = workbook(tmp_path / "a.xlsx", {"days": rows})
    wrong = flask(town, "roster", "import", sheet, ends=1)
    assert [(cell["row"], cell["column"]) for cell in wrong] == [
        (2, "A 日期"), (3, "A 日期"), (4, "A 日期"), (5, "B 安排"), (7, "A 日期"),
    ]  # fmt: skip
    assert town.rows("SELECT count(*) FROM office_days") == [(0,)]


def test_days_come_out_as_they_went_in(town: Town, tmp_path: Path) -> None:
    """The export has the sheet, and brings it back unchanged."""
    flask(town, "roster", "import", workbook(tmp_path / "a.xlsx", {"days": SNOW}))
    flask(town, "roster", "export", tmp_path / "b")
    (saved,) = flask(town, "roster", "import", tmp_path / "b" / "放假调休.csv")
    assert saved["days"] == {"new": 0, "changed": 0, "same": 2}


def test_a_change_is_known_everywhere_soon(town: Town, tmp_path: Path) -> None:
    """Another process goes on with what it has read for half a minute, not for longer."""
    moment = 0.0
    calendar = OfficeCalendar(WorkCalendar(), town.deps.database, lambda: moment)
    assert calendar().is_workday(date(2026, 11, 24))
    flask(town, "roster", "import", workbook(tmp_path / "a.xlsx", {"days": SNOW}))
    moment = FRESH_SECONDS - 1
    assert calendar().is_workday(date(2026, 11, 24))
    moment = FRESH_SECONDS
    assert not calendar().is_workday(date(2026, 11, 24))


def test_next_year_is_known_when_the_office_has_listed_it(town: Town, tmp_path: Path) -> None:
    """The alarm on next year's holidays ends without waiting for a newer package."""
    with_own_days(town)
    town.tick()
    gap = "2027 年的放假安排还没有，先按周末算"
    assert town.rows("SELECT detail FROM alarms WHERE cleared_at IS NULL") == [(gap,)]
    (day,) = flask(town, "roster", "days", "--from", "2027-01-01", "--count", "1")
    assert (day["published"], day["works"]) == (False, True)
    holidays: Rows = [("2027-01-01", "休息", "元旦"), ("2027-10-01", "休息", "国庆节")]
    flask(town, "roster", "import", workbook(tmp_path / "a.xlsx", {"days": holidays}))
    town.wait(hours=2)
    assert town.rows("SELECT detail FROM alarms WHERE cleared_at IS NULL") == []
    (day,) = flask(town, "roster", "days", "--from", "2027-01-01", "--count", "1")
    assert (day["published"], day["works"]) == (True, False)
