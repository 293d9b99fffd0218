"""Times as people and spreadsheets write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deadlines import BEIJING
from bot.domain.reported import is_plausible, parse_reported

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "beijing"),
    [
        ("2019/4/24 16:03:40", "2019-04-24T16:03:40"),  # slashes, no leading zeros
        ("2018-11-15 16:07:12", "2018-11-15T16:07:12"),
        ("2018.11.15 16:07", "2018-11-15T16:07:00"),  # dots, no seconds
        ("2018-11-15", "2018-11-15T00:00:00"),  # a date is its midnight
        ("2018-11-15T16:07:12", "2018-11-15T16:07:12"),
        ("2018-11-15T08:07:12Z", "2018-11-15T16:07:12"),  # a zone is believed
        ("2018-11-15 16:07:12.123+08:00", "2018-11-15T16:07:12"),
        ("2018-11-15 03:07:12-0500", "2018-11-15T16:07:12"),
        ("2018年11月15日", "2018-11-15T00:00:00"),
        ("2018年11月15日16时7分12秒", "2018-11-15T16:07:12"),
        ("2018 年 11 月 15 日 下午 4:07", "2018-11-15T16:07:00"),
        ("2018年11月15号晚上8点半", "2018-11-15T20:30:00"),
        ("2018年11月15日 星期四 上午9点", "2018-11-15T09:00:00"),
        ("2018-11-15 凌晨12:30", "2018-11-15T00:30:00"),
        ("2018/11/15 4:07 PM", "2018-11-15T16:07:00"),
        ("２０１８－１１－１５　１６：０７", "2018-11-15T16:07:00"),  # full-width
        ("20181115", "2018-11-15T00:00:00"),
        ("20181115160712", "2018-11-15T16:07:12"),
        ("43419.6716666667", "2018-11-15T16:07:12"),  # Excel's count of days
        ("43419", "2018-11-15T00:00:00"),
        ("1542269232", "2018-11-15T16:07:12"),  # Unix time
        ("1542269232123", "2018-11-15T16:07:12"),
    ],
)
def test_usual_spellings(written: str, beijing: str) -> None:
    """The moment meant, in UTC."""
    found = parse_reported(written)
    assert found == datetime.fromisoformat(beijing).replace(tzinfo=BEIJING)
    assert found is not None
    assert found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "written",
    ["", "  ", "昨天", "2018-13-01", "2018-02-30", "2018-11-15 25:00", "11/15", "18/11/15", "详见",
     "0000-01-01", "2018-11", "2018-11-15 16:07 火星", "99999999", "-1"],
)  # fmt: skip
def test_what_cannot_be_told_is_none(written: str) -> None:
    """Better no time than a wrong one."""
    assert parse_reported(written) is None


@given(st.text(max_size=40))
def test_no_text_breaks_it(written: str) -> None:
    """Whatever stands in the cell: a time or None."""
    found = parse_reported(written)
    assert found is None or found.tzinfo is UTC


def test_plausible_times() -> None:
    """Not before an office can remember, and not later than a wrong clock explains."""
    assert is_plausible(datetime(2017, 6, 8, tzinfo=UTC), NOW)
    assert is_plausible(NOW + timedelta(hours=3), NOW)
    assert not is_plausible(NOW + timedelta(days=3), NOW)
    assert not is_plausible(datetime(1955, 4, 2, tzinfo=UTC), NOW)
