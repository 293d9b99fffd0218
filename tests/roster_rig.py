"""What the tests of the roster share: dependencies, and files as an office makes them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from bot.channels.console import ConsoleTickets
from bot.channels.heartbeat import HttpHeartbeat
from bot.channels.oauth import WeChatSignIn
from bot.channels.offsite import CopyCommand
from bot.channels.sms import NoSms
from bot.domain.common_questions import Answers
from bot.domain.deadlines import WorkCalendar
from bot.domain.inbound import Choice
from bot.domain.messages import Sent
from bot.domain.understanding import Understander
from bot.services.ports import Clock, Deps
from bot.services.roster_sheets import SHEETS, columns_of
from bot.settings import Settings
from bot.store.unit_of_work import Database
from bot.texts import Texts
from tests.fakes import PaperPlatform

Rows = Sequence[Sequence[object]]

UNITS: Rows = [("J99", "界别", "测试界", None, None, None)]
STATIONS: Rows = [
    (
        *("T001", "测试界委员工作室", "界别", "J99", None, None, "测试界", "供热、教育"),
        *("新城区某处", "工作日", "0471-0000000", "运行", "2026-01-02", None),
    )
]
PEOPLE: Rows = [
    ("X1", "王板凳", "000-0000-0001", "市级", "测试界", "否", None),
    ("X2", "李茶壶", None, None, None, "是", "X1"),
]
POSTS: Rows = [("X1", "T001", "第一召集人", "2026/1/2", None)]
SMALL: dict[str, Rows] = {
    "units": UNITS,
    "stations": STATIONS,
    "people": PEOPLE,
    "posts": POSTS,
}
"""A network of one station, right in every cell."""


class Silence:
    """A channel that reaches nobody."""

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Accept and forget."""
        return Sent("custom")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Accept and forget."""
        return Sent("template")


def deps_on(database: Database, clock: Clock, mode: str = "demo") -> Deps:
    """Dependencies of the roster's services: a real database, a clock that stands."""
    keys = {
        "secret_key": "s" * 32,
        "wechat_app_id": "wx0",
        "wechat_app_secret": "s",
        "wechat_token": "t",
        "wechat_aes_key": "a" * 43,
    }
    settings = Settings(_env_file=None, mode=mode, **keys)  # type: ignore[arg-type]
    return Deps(
        settings=settings,
        database=database,
        clock=clock,
        calendar=_no_calendar,
        understander=_no_understander,
        channel=Silence(),
        platform=PaperPlatform(),
        sign_in=WeChatSignIn(settings, clock.now),
        page_tickets=ConsoleTickets(),
        sms=NoSms(),
        offsite=CopyCommand(""),
        heartbeat=HttpHeartbeat(""),
        texts=Texts({}),
        answers=_no_answers,
    )


def _no_calendar() -> WorkCalendar:
    return WorkCalendar()


def _no_answers() -> Answers:
    raise AssertionError("the roster answers nobody")


def _no_understander() -> Understander:
    raise AssertionError("the roster needs no understanding")


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write sheets (units, stations, people, posts) under their headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet, rows in sheets.items():
        page = book.create_sheet(SHEETS[sheet])
        page.append([column.heading for column in columns_of(sheet)])
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def table(path: Path, sheet: str, rows: Rows, encoding: str = "utf-8-sig") -> Path:
    """Write one sheet as csv."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.heading for column in columns_of(sheet)])
        writer.writerows(rows)
    return path
