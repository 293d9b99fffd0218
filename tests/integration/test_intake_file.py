"""`flask intake`: every row of a file becomes a case, once, whatever the file looks like."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import Workbook
from sqlalchemy import text as sql

from app import create_app
from bot.domain.deadlines import WorkCalendar
from bot.domain.understanding import Reading, Understander, Weighed, Where
from bot.services.intake_file import Slip, import_slip, row_key
from bot.services.ports import Deps
from bot.settings import ROOT, Settings
from bot.wiring import build
from tests.fakes import MONDAY_MORNING, FakeClock
from tests.understanding_rig import shared_understander

LAMP = "赛罕区昭乌达路街道的路灯不亮，晚上看不清路"
FIRE = "我家厨房着火了，快来救人"
ALL = ("--text-column", "text", "--time-column", "time", "--sender-column", "sender")
HEAD = ("sender", "time", "text")


class Blind:
    """An understander that reads nothing."""

    version = "none"

    def __init__(self) -> None:
        self.categories = shared_understander().categories
        self.emergencies = shared_understander().emergencies
        self.words = shared_understander().words

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """No words help."""
        return self

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """No places help."""
        return self

    def unlisted(self, masked: str) -> tuple[str, ...]:
        """Fails too."""
        raise RuntimeError("no lexicon")

    def read(self, text: str) -> Reading:
        """Fails for every text."""
        raise RuntimeError("no lexicon")


@dataclass
class Office:
    """The application with the demo network, and its shell."""

    deps: Deps

    def run(self, *words: str | Path) -> Result:
        """What `flask intake WORDS` does."""
        runner = create_app(deps=self.deps).test_cli_runner()
        return runner.invoke(args=["intake", *map(str, words)])

    def lines(self, *words: str | Path, code: int = 0) -> list[dict[str, Any]]:
        """The result lines of a run that ends with this code."""
        result = self.run(*words)
        assert result.exit_code == code, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with self.deps.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sql(query))]


@pytest.fixture
def office(network_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office on each of the two databases, Monday 10:00."""
    settings = Settings(mode="demo", database_url=network_url, var_dir=tmp_path, _env_file=None)
    deps = replace(build(settings), understander=shared_understander, clock=FakeClock())
    yield Office(deps)
    deps.database.dispose()


def table(path: Path, *rows: Sequence[str], encoding: str = "utf-8") -> Path:
    """A csv file with the columns sender, time, text."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def results(lines: list[dict[str, Any]]) -> list[str]:
    """The results of result lines."""
    return [line["result"] for line in lines]


def test_rows_become_cases_and_a_second_run_adds_nothing(office: Office, tmp_path: Path) -> None:
    """A station, the staff queue and the emergency queue; then all are known by their numbers."""
    rows = [
        ("甲", "2019/4/24 16:03:40", LAMP),
        ("乙", "", "那个事情到底怎么样才好呢"),
        ("", "", FIRE),
    ]
    path = table(tmp_path / "来信.csv", *rows)
    first = office.lines(path, *ALL)
    assert results(first) == ["added"] * 3
    assert [line["row"] for line in first] == [1, 2, 3]
    assert first[0]["station"] == "昭乌达路街道委员工作站"
    assert [line["queue"] for line in first] == [None, "staff", "emergency"]
    assert first[0]["category"] == "road"
    again = office.lines(path, *ALL)
    assert results(again) == ["known"] * 3
    assert [line["number"] for line in again] == [line["number"] for line in first]
    assert office.rows("SELECT count(*) FROM cases") == [(3,)]
    assert office.rows("SELECT DISTINCT source FROM cases") == [("来信.csv",)]


def test_the_time_column_is_only_remembered(office: Office, tmp_path: Path) -> None:
    """Clocks start at import, whenever it was reported."""
    office.lines(table(tmp_path / "a.csv", ("甲", "2019/4/24 16:03:40", LAMP)), *ALL)
    with office.deps.database.read() as session:
        found = session.execute(
            sql("SELECT reported_at, created_at, dispatched_at FROM cases")
        ).one()
        starts = session.execute(sql("SELECT DISTINCT started_at FROM clocks")).scalars().all()
    times = [_utc(value) for value in found]
    assert times == [datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC), MONDAY_MORNING, MONDAY_MORNING]
    assert [_utc(start) for start in starts] == [MONDAY_MORNING]


def _utc(value: Any) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def test_rows_never_join_and_senders_hear_nothing(office: Office, tmp_path: Path) -> None:
    """One sender, two matters a minute apart: two cases. Nobody without a name is anybody else."""
    rows = [("13800138000", "", LAMP), ("13800138000", "", LAMP + "，还有井盖坏了")]
    rows += [("", "", LAMP + "第三根"), ("", "", LAMP + "第四根")]
    found = office.lines(table(tmp_path / "a.csv", *rows), *ALL)
    assert len({line["number"] for line in found}) == 4
    contacts = office.rows("SELECT channel, address FROM contacts")
    assert [channel for channel, _ in contacts] == ["intake"] * 3
    assert "13800138000" not in str(contacts)
    assert office.rows("SELECT DISTINCT kind FROM outbox") == [("push",)]
    assert office.rows("SELECT count(*) FROM outbox WHERE contact_id IS NOT NULL") == [(0,)]
    assert office.rows("SELECT count(*) FROM cases WHERE settling") == [(0,)]


@pytest.mark.parametrize(("live", "alarms"), [((), 0), (("--live",), 1)])
def test_an_emergency_alarms_only_live(
    office: Office, tmp_path: Path, live: tuple[str, ...], alarms: int
) -> None:
    """Last year's fire waits in the queue; today's wakes the duty desk."""
    found = office.lines(table(tmp_path / "a.csv", ("", "", FIRE)), *ALL, *live)
    assert found[0]["queue"] == "emergency"
    told = office.rows("SELECT DISTINCT kind FROM outbox WHERE kind = 'emergency'")
    assert len(told) == alarms


def test_chat_and_advertisements_make_no_case(office: Office, tmp_path: Path) -> None:
    """They are kept, so that the second run knows them; what is not clearly so becomes a case."""
    rows = ["你好", "代开发票，加微信13800138000，优惠多多", "太感谢了，路灯修好了", "隔壁那家"]
    path = table(tmp_path / "a.csv", *(("", "", words) for words in rows))
    found = office.lines(path, *ALL)
    assert results(found) == ["no_case", "no_case", "added", "added"]
    assert [line["intent"] for line in found[:3]] == ["chat", "spam", "praise"]
    assert results(office.lines(path, *ALL)) == ["known"] * 4
    assert office.rows("SELECT count(*) FROM cases") == [(2,)]


def test_the_same_row_within_a_file_is_known(office: Office, tmp_path: Path) -> None:
    """By sender, time and words; the same time in another spelling is the same time."""
    rows = [
        ("甲", "2019/4/24 16:03", LAMP),
        ("甲", "2019年4月24日16时3分", LAMP + "\u200b"),  # the same in other clothes
        ("乙", "2019/4/24 16:03", LAMP),  # another sender
        ("甲", "2019/4/25 16:03", LAMP),  # another time
        ("甲", "2019/4/24 16:03", LAMP + "。"),  # other words
    ]
    found = office.lines(table(tmp_path / "a.csv", *rows), *ALL)
    assert results(found) == ["added", "known", "added", "added", "added"]


def test_the_source_is_part_of_the_key(office: Office, tmp_path: Path) -> None:
    """The same slip by two channels is two slips; a renamed file with --source is the same."""
    path = table(tmp_path / "a.csv", ("", "", LAMP))
    other = table(tmp_path / "b.csv", ("", "", LAMP))
    assert results(office.lines(path, *ALL, "--source", "信访")) == ["added"]
    assert results(office.lines(other, *ALL, "--source", "信访")) == ["known"]
    assert results(office.lines(other, *ALL)) == ["added"]
    assert row_key("ab", Slip(1, "x", sender="c")) != row_key("a", Slip(1, "x", sender="bc"))


def test_a_bad_time_never_keeps_a_demand_out(office: Office, tmp_path: Path) -> None:
    """It is registered without the time, and the line says so."""
    rows = [("", "上个星期", LAMP + "1"), ("", "2099-01-01", LAMP + "2"), ("", "", LAMP + "3")]
    result = office.run(table(tmp_path / "a.csv", *rows), *ALL)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert (results(found), result.exit_code) == (["added"] * 3, 0)
    assert [line["warning"] for line in found] == [
        "时间看不懂：上个星期", "时间不合情理：2099-01-01", None,
    ]  # fmt: skip
    assert office.rows("SELECT DISTINCT reported_at FROM cases") == [(None,)]
    assert "2 行要留意" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(office: Office, tmp_path: Path, encoding: str) -> None:
    """What Chinese Excel saves. UTF-16 is told by its mark, or refused as a whole."""
    result = office.run(table(tmp_path / "a.csv", ("甲", "", LAMP), encoding=encoding), *ALL)
    assert result.exit_code == (2 if encoding == "utf-16" else 0)
    kept = office.rows("SELECT text FROM cases")
    assert kept == ([] if encoding == "utf-16" else [(LAMP,)])


def test_excel_with_dates_numbers_and_formulas(office: Office, tmp_path: Path) -> None:
    """Dates and phone numbers are cells of their own kinds; a formula never ran has no words."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(list(HEAD))
    page.append([13800138000, datetime(2018, 11, 15, 16, 7, 12), LAMP])  # noqa: DTZ001 - a cell's
    page.append([None, 43419, LAMP + "2"])
    page.append(["甲", None, '=HYPERLINK("http://example.org","点我")'])
    page.append([None, None, None])
    book.save(tmp_path / "a.xlsx")
    found = office.lines(tmp_path / "a.xlsx", *ALL, code=1)
    assert results(found) == ["added", "added", "error", "error"]
    times = [_utc(at) for (at,) in office.rows("SELECT reported_at FROM cases ORDER BY id")]
    assert times[0] == datetime(2018, 11, 15, 8, 7, 12, tzinfo=UTC)
    assert times[1] == datetime(2018, 11, 14, 16, 0, tzinfo=UTC)


def test_broken_lines_are_told_and_the_others_go_in(office: Office, tmp_path: Path) -> None:
    """Each line of a jsonl file stands alone; exit 1 says that some were refused."""
    lines = ['{"text": "' + LAMP + '"}', "{broken", "", '{"text": ""}', '["x"]', '{"other": 1}']
    lines += ['{"text": "' + LAMP + '\\u0000\\ud800\\u202e"}', '{"text": "暖气不热", "time": 5}']
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    found = office.lines(path, "--text-column", "text", "--time-column", "time", code=1)
    assert results(found) == ["added", *["error"] * 5, "known", "added"]
    assert all(line["error"] for line in found if line["result"] == "error")
    assert found[7]["warning"] == "时间看不懂：5"
    assert office.rows("SELECT text FROM cases ORDER BY id") == [(LAMP,), ("暖气不热",)]


def test_a_very_long_text_is_cut_and_told(office: Office, tmp_path: Path) -> None:
    """20,000 characters are a case; more are cut, the key knows the whole."""
    words = (LAMP + "。") * 2000
    path = table(
        tmp_path / "a.csv", ("", "", words[:20_000]), ("", "", words), ("", "", words + "x")
    )
    found = office.lines(path, *ALL)
    assert results(found) == ["added"] * 3
    assert [bool(line["warning"]) for line in found] == [False, True, True]
    assert office.rows("SELECT DISTINCT length(text) FROM cases") == [(20_000,)]


def test_plain_lines_are_texts(office: Office, tmp_path: Path) -> None:
    """A text file needs no columns."""
    path = tmp_path / "a.txt"
    path.write_text(f"{LAMP}\n\n暖气不热\n", "utf-8")
    assert results(office.lines(path, code=1)) == ["added", "error", "added"]


def test_misuse_lists_the_columns(office: Office, tmp_path: Path) -> None:
    """2, and nothing goes in: a column that isn't there, for tables and for objects; no file."""
    path = table(tmp_path / "a.csv", ("", "", LAMP))
    objects = tmp_path / "a.jsonl"
    objects.write_text('{"text": "路灯不亮", "when": 1}\n', "utf-8")
    wrong = office.run(path, "--text-column", "内容")
    assert (wrong.exit_code, "sender、time、text" in wrong.stderr) == (2, True)
    wrong = office.run(objects, "--text-column", "text", "--time-column", "time")
    assert (wrong.exit_code, "text、when" in wrong.stderr) == (2, True)
    assert office.run(path).exit_code == 2
    assert office.run(tmp_path / "none.csv", *ALL).exit_code == 2
    assert office.rows("SELECT count(*) FROM messages") == [(0,)]


def test_without_understanding_staff_look(office: Office, tmp_path: Path) -> None:
    """A broken reader never loses a demand: it waits in the staff queue."""
    path = table(tmp_path / "a.csv", ("", "", LAMP))
    deps = replace(office.deps, understander=Blind)
    assert Office(deps).lines(path, *ALL)[0]["queue"] == "staff"


def _no_calendar() -> WorkCalendar:
    raise RuntimeError("the calendar is gone")


def test_a_row_that_fails_leaves_nothing(office: Office, tmp_path: Path) -> None:
    """The other rows go on, and the next run takes it up again."""
    path = table(tmp_path / "a.csv", ("甲", "", LAMP))
    deps = replace(office.deps, calendar=_no_calendar)
    failed = Office(deps).lines(path, *ALL, code=1)[0]
    assert failed["result"] == "error"
    assert "没有导入" in failed["error"]
    assert office.rows("SELECT count(*) FROM messages") == [(0,)]
    assert results(office.lines(path, *ALL)) == ["added"]


def test_a_database_that_is_not_there(bare_database_url: str, tmp_path: Path) -> None:
    """It stops at once, says what to do, and ends with 1."""
    settings = Settings(
        mode="demo", database_url=bare_database_url, var_dir=tmp_path, _env_file=None
    )
    deps = replace(build(settings), understander=shared_understander)
    result = Office(deps).run(table(tmp_path / "a.csv", ("", "", LAMP)), *ALL)
    deps.database.dispose()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "flask init" in result.stderr


def test_two_imports_at_once(office: Office) -> None:
    """Each row goes in once, whoever comes first."""
    slips = [Slip(n, f"{LAMP}{n}", sender=f"人{n % 3}") for n in range(12)]
    found: list[str] = []

    def work() -> None:
        found.extend(import_slip(office.deps, slip, source="x").result for slip in slips)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["added"] * 12 + ["known"] * 24
    assert office.rows("SELECT count(*) FROM cases") == [(12,)]


@pytest.mark.slow
def test_killed_in_the_middle(office: Office, network_url: str, tmp_path: Path) -> None:
    """kill -9 after five lines; the next run does the rest, and the sum is right."""
    path = table(tmp_path / "a.csv", *((f"人{n}", "", f"{LAMP}{n}") for n in range(200)))
    given = {"XMZ_MODE": "demo", "XMZ_DATABASE_URL": network_url, "XMZ_VAR_DIR": str(tmp_path)}
    command = [str(Path(sys.executable).parent / "flask"), "intake", str(path), *ALL]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | given, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(5):
            assert b'"added"' in process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (before,) = office.rows("SELECT count(*) FROM cases")[0]
    assert 5 <= before < 200
    found = results(office.lines(path, *ALL))
    assert (found.count("known"), found.count("added")) == (before, 200 - before)
    assert office.rows("SELECT count(*), count(DISTINCT number) FROM cases") == [(200, 200)]
