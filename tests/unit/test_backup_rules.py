"""Which backups are kept, what a manifest must be, how a script of rows is counted."""

from datetime import datetime, timedelta

import pytest

from bot.domain.backups import (
    BrokenManifest,
    Manifest,
    made_at,
    name_for,
    read_manifest,
    to_remove,
)
from bot.domain.deadlines import BEIJING
from bot.store.postgres_tools import count_rows

NOW = datetime(2026, 11, 26, 2, 30, tzinfo=BEIJING)
GOOD = Manifest("2026-11-26", "host", "2026.11.0", "0004", "sqlite", {"cases": 1}, {"a/b": "0"}, [])


def test_a_month_of_nights_is_thinned_out() -> None:
    """Of thirty nights and a second backup each day, seven days and five weeks keep the newest."""
    nights = [NOW - timedelta(days=n) for n in range(30)]
    names = [name_for(at) for at in nights] + [name_for(at - timedelta(hours=1)) for at in nights]
    kept = set(names) - set(to_remove(names, NOW, daily=7, weekly=5))
    assert sorted((name[14:21] for name in kept), reverse=True) == [
        "1126T02", "1126T01",  # both younger than a day
        "1125T02", "1124T02", "1123T02", "1122T02", "1121T02", "1120T02",
        "1115T02", "1108T02", "1101T02",  # Sundays
    ]  # fmt: skip


def test_fresh_and_foreign_ones_never_go() -> None:
    """What is younger than a day stays, however many there are; other names are not ours."""
    fresh = [name_for(NOW - timedelta(hours=n)) for n in range(5)]
    foreign = ["notes", "xiaomazha-20261332T000000", "xiaomazha-2026"]
    assert to_remove([*fresh, *foreign], NOW, daily=1, weekly=0) == []


def test_two_in_one_second_have_names_in_order() -> None:
    """The second one of the same moment has a number, and the same time."""
    assert made_at(f"{name_for(NOW)}-2") == made_at(name_for(NOW)) == NOW


BROKEN = (
    GOOD.as_json()[:-20],  # cut off
    "[]",
    "{}",
    GOOD.as_json().replace('"format": 1', '"format": 2'),
    GOOD.as_json().replace("a/b", "../b"),  # would be written outside
    GOOD.as_json().replace("a/b", "/etc/b"),
    GOOD.as_json().replace('"a/b": "0"', '"a/b": 0'),
)


@pytest.mark.parametrize("text", BROKEN)
def test_broken_manifests_are_refused(text: str) -> None:
    """Cut off, of another layout, or leading out of the folder."""
    assert read_manifest(GOOD.as_json()) == GOOD
    with pytest.raises(BrokenManifest):
        read_manifest(text)


def test_rows_of_a_script_are_counted() -> None:
    """A row is a line between COPY and its end; everything else is not."""
    script = (
        b"SET x;\n", b"COPY public.cases (id, text) FROM stdin;\n", b"1\tCOPY public.x FROM\n",
        b"2\t\\\\.\n", b"\\.\n", b'COPY public."order" (id) FROM stdin;\n', b"\\.\n", b";\n",
    )  # fmt: skip
    assert count_rows(script) == {"cases": 2, "order": 0}
