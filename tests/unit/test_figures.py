"""Which events count for which figure."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.events import EVENTS
from bot.domain.facts import facts
from bot.domain.figures import (
    CHANGING,
    COUNTED,
    KINDS,
    NAMES,
    OF,
    Dimension,
    Fact,
    Figure,
    Happened,
    Matter,
    cells,
    percent,
)
from bot.domain.periods import Period, Range, period, steps
from tests.architecture.sources import ROOT

BEGIN = datetime(2026, 11, 23, 2, tzinfo=UTC)
DUE = {"due_at": (BEGIN + timedelta(hours=5)).isoformat()}
STREET = {"owner": 1, "proposed": 1, "mode": "street", "sector": ""} | DUE
STUDIO = {"owner": 3, "proposed": 1, "mode": "sector", "sector": "经济界"} | DUE
LATE = {"notice": "triage_overdue"}


def story(text: str) -> list[Happened]:
    """Events an hour apart; `!` after a kind: a person did it, `>`: three hours more have passed;
    after `=` the value, the ending, or what is told of a station."""
    known: dict[str, dict[str, Any]] = {
        "street": STREET,
        "studio": STUDIO,
        "late": LATE,
        "due": DUE,
    }
    found, at = [], BEGIN
    for n, word in enumerate(text.split(), 1):
        kind, _, given = word.strip(">!").partition("=")
        kind, person = kind.strip(">!"), "!" in word
        at += timedelta(hours=4 if ">" in word else 1)
        data = dict(known.get(given, {"value": given, "ending": given} if given else {}))
        found.append(Happened(n, kind, at, person, data))
    return found


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # The machine sends it, the station accepts and answers in time, the resident is content.
        ("registered dispatched=street accepted! answered!=due solved=yes satisfied=yes closed",
         "received dispatched routed accepted accepted_in_time answered answered_timed "
         "answered_in_time said solved rated satisfied"),
        # Late both times.
        ("registered dispatched=street accepted!> answered!=due",
         "received dispatched routed accepted answered answered_timed"),
        # A person sends it where the machine would have.
        ("registered queued dispatched!=street", "received dispatched handed"),
        # A person sends it elsewhere: that is a correction, and counts once however often.
        ("registered queued corrected! dispatched!=studio rerouted!=street",
         "received corrected dispatched handed"),
        # Late by the time that the resident was told; the next one is in time again.
        ("registered queued rung=late dispatched!=street returned! queued dispatched!=street",
         "received handed handed_late dispatched returned handed"),
        # Who held it left the post: the machine passes it on, nobody was wrong.
        ("registered dispatched=street accepted! rerouted=street accepted!",
         "received dispatched routed accepted accepted_in_time accepted accepted_in_time"),
        # Not solved: back to the station. Not solved again: to the office, told by two events.
        ("registered dispatched=street accepted! answered!=due solved=no reopened=street accepted! "
         "answered!=transferred solved=no queued queued",
         "received dispatched routed accepted accepted_in_time answered answered_timed "
         "answered_in_time said not_solved reopened accepted answered transferred said not_solved "
         "reopened"),
        # The office answers itself: no station, no clock.
        ("registered queued answered!=explained solved=partly", "received answered handed said "
         "partly"),
        # Answered from the list: enough, or a demand like any other.
        ("registered offered offer_over=yes answered=explained solved=yes satisfied=yes closed",
         "received offered helped answered said solved rated satisfied"),
        ("registered offered offer_over=no dispatched=street",
         "received offered dispatched routed"),
        # Silence is no word of the resident.
        ("registered dispatched=street answered! closed=unrated solved=unrated",
         "received dispatched routed answered"),
        # Not a case.
        ("registered queued rejected!", "received"),
    ],
)  # fmt: skip
def test_what_counts(events: str, expected: str) -> None:
    """A life of a case, and every figure that it adds one to."""
    found = [fact.figure.value for fact in facts(story(events))]
    assert Counter(found) == Counter(expected.split())
    kinds = {each.id: each.kind for each in story(events)}
    assert all(kinds[f.event_id] in KINDS[f.figure] for f in facts(story(events)))


def test_the_table_is_whole() -> None:
    """Every figure has a name and its kinds, every kind is one that is recorded, and a share is
    never of a share."""
    assert set(NAMES) == set(Figure) == set(KINDS)
    assert set(EVENTS) >= COUNTED | CHANGING
    assert not set(OF.values()) & set(OF)


def test_where_a_fact_is_counted() -> None:
    """By the station of that moment, as it was then, and by the case's own place and category;
    before a station has it by the latter alone."""
    matter = Matter("lighting", "赛罕区", "昭乌达路街道")
    told = {f.figure: f for f in facts(story("registered dispatched=studio returned! queued"))}
    by = {figure: dict(cells(fact, matter)) for figure, fact in told.items()}
    own = {
        Dimension.TOTAL: "", Dimension.CATEGORY: "lighting", Dimension.DISTRICT: "赛罕区",
        Dimension.STREET: "昭乌达路街道",
    }  # fmt: skip
    station = {Dimension.MODE: "sector", Dimension.SECTOR: "经济界"}
    assert by[Figure.RECEIVED] == own | {Dimension.HEAT: "lighting|昭乌达路街道"}
    assert by[Figure.DISPATCHED] == by[Figure.RETURNED] == own | station
    nowhere = dict(cells(told[Figure.RECEIVED], Matter("", "", "")))
    assert Dimension.HEAT not in nowhere
    late = Fact(Figure.RECEIVED, 1, datetime(2026, 11, 23, 16, 30, tzinfo=UTC), None)
    assert late.day == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("number", "of", "said"),
    [(0, 9, ""), (9, 9, ""), (0, 10, "0%"), (10, 10, "100%"), (7, 10, "70%"),
     (1, 664, "不到 1%"), (663, 664, "99% 以上"), (1, 100, "1%"), (99, 100, "99%")],
)  # fmt: skip
def test_shares_claim_no_more_than_there_is(number: int, of: int, said: str) -> None:
    """Below a least number nothing; one case of many is not nothing, and one missing is not all."""
    assert percent(number, of) == said


TODAY = date(2026, 11, 26)  # a Thursday


@pytest.mark.parametrize(
    ("chosen", "own", "first", "last"),
    [
        (Range.TODAY, (None, None), TODAY, TODAY),
        (Range.WEEK, (None, None), date(2026, 11, 23), TODAY),
        (Range.YEAR, (None, None), date(2026, 1, 1), TODAY),
        (Range.OWN, (date(2026, 3, 1), date(2026, 3, 31)), date(2026, 3, 1), date(2026, 3, 31)),
        # The wrong way round, only one of them, none, and days that nobody means.
        (Range.OWN, (date(2026, 3, 31), date(2026, 3, 1)), date(2026, 3, 1), date(2026, 3, 31)),
        (Range.OWN, (date(2026, 3, 1), None), date(2026, 3, 1), TODAY),
        (Range.OWN, (None, date(2026, 3, 1)), date(2026, 3, 1), date(2026, 3, 1)),
        (Range.OWN, (None, None), TODAY, TODAY),
        (Range.OWN, (date(1, 1, 1), date(9999, 12, 31)), date(2020, 1, 1), TODAY),
    ],
)
def test_days_that_are_meant(
    chosen: Range, own: tuple[date | None, date | None], first: date, last: date
) -> None:
    """By one tap or by days of one's own; never the future."""
    assert period(chosen, TODAY, own) == Period(first, last)


@pytest.mark.parametrize(
    ("first", "points", "names"),
    [
        (TODAY, 1, ("11月26日", "11月26日")),
        (date(2026, 11, 1), 26, ("11月1日", "11月26日")),
        (date(2026, 9, 1), 13, ("9月1日至9月6日", "11月23日至11月26日")),
        (date(2026, 1, 1), 11, ("2026年1月", "2026年11月")),
    ],
)
def test_points_of_a_trend(first: date, points: int, names: tuple[str, str]) -> None:
    """Days, weeks or months, each day in exactly one of them."""
    whole = Period(first, TODAY)
    found = list(steps(whole))
    assert len(found) == points
    assert (found[0][0], found[-1][0]) == names
    assert sum(part.days for _, part in found) == whole.days


def test_the_page_of_figures_names_them_all() -> None:
    """docs/figures.md has every figure by its name, and of what it is a share."""
    lines = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    shown = {name: row[2] for row in rows if len(row) == 3 for name in row[0].split(" · ")}
    for figure, name in NAMES.items():
        assert shown[name] == (NAMES[OF[figure]] if figure in OF else ""), name
