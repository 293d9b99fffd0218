"""When something was reported, as people and spreadsheets write it. Beijing time throughout."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from bot.domain.deadlines import BEIJING

EARLIEST = datetime(1990, 1, 1, tzinfo=BEIJING)
"""Nothing that an office still works on was reported before."""
AHEAD = timedelta(days=1)
"""How far a sender's clock may be wrong."""

_DATE = r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
_HALF = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|am|pm)?"
_TIME = r"(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<min>\d{1,2})\s*分?(?:\s*[:]?\s*(?P<s>\d{1,2})\s*秒?)?)?"
_ZONE = r"(?:\.\d{1,9})?\s*(?P<after>am|pm)?(?P<zone>z|[+-]\d{2}:?\d{2})?"
_WEEKDAY = r"(?:\s*[（(]?(?:星期|周)[一二三四五六日天][)）]?)?"
_WRITTEN = re.compile(rf"{_DATE}{_WEEKDAY}(?:[\st,，]*{_HALF}\s*{_TIME}{_ZONE})?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=BEIJING)
"""Day 0 of Excel's count, as it is for every day after February 1900."""
_AFTER_NOON = {"下午", "傍晚", "晚上", "夜里", "pm"}


def parse_reported(text: str) -> datetime | None:
    """The moment that a cell names, aware, in UTC; None when it can't be told.

    Reads 2019/4/24 16:03:40, 2018-11-15, 2018年11月15日下午3点05分, 20181115160712, ISO 8601 with a
    zone, Excel's count of days (43419.67) and Unix seconds or milliseconds. A date alone is its
    midnight.
    """
    bare = unicodedata.normalize("NFKC", text).strip().lower().replace("点半", "点30分")
    try:
        found = _written(bare) or _packed(bare) or _counted(bare)
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC) if found else None


def is_plausible(at: datetime, now: datetime) -> bool:
    """Whether a row that is imported `now` can have been reported `at`."""
    return EARLIEST <= at <= now + AHEAD


def _written(text: str) -> datetime | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    day = datetime(int(match["y"]), int(match["m"]), int(match["d"]), tzinfo=BEIJING)
    if match["h"] is None:
        return day
    hour = _hour(int(match["h"]), match["half"] or match["after"])
    at = day.replace(hour=hour, minute=int(match["min"] or 0), second=int(match["s"] or 0))
    return at - _offset(match["zone"]) if match["zone"] else at


def _hour(hour: int, half: str | None) -> int:
    """下午3点 is 15; 晚上12点 and 凌晨12点 are midnight of that day, as near as words allow."""
    if half in _AFTER_NOON and hour < 12:
        return hour + 12
    if half in ("凌晨", "am") and hour == 12:
        return 0
    return hour


def _offset(zone: str) -> timedelta:
    """How far the zone is ahead of Beijing."""
    if zone == "z":
        return timedelta(hours=-8)
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return (-ahead if zone[0] == "-" else ahead) - timedelta(hours=8)


def _packed(text: str) -> datetime | None:
    match = _PACKED.fullmatch(text)
    if match is None:
        return None
    return datetime(*(int(part or 0) for part in match.groups()), tzinfo=BEIJING)  # type: ignore[misc,arg-type]


def _counted(text: str) -> datetime | None:
    if _SERIAL.fullmatch(text):
        at = _EXCEL_ZERO + timedelta(days=float(text))
        # A day's fraction is never exact: 16:03:40 comes as 16:03:39.9999.
        return (at + timedelta(milliseconds=500)).replace(microsecond=0)
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    return None
