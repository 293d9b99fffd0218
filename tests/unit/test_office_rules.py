"""What the office laid down about where cases go."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.office_rules import OfficeRule, Span
from bot.domain.stations import Directory, Station
from bot.domain.understanding import Reading
from tests.unit.test_routing import (
    BUILDERS,
    BUS,
    DISTRICT,
    NAMESAKE,
    NETWORK,
    OTHER_STREET,
    ROAD,
    ROAD_WEAK,
    SAIHAN,
    SCIENCE,
    STREET,
    WEST,
    WOMEN,
    go,
    reading,
)

ALL_ROADS = OfficeRule(1, BUS.id, "road", None, None)
OF_DISTRICT = OfficeRule(2, DISTRICT.id, None, "赛罕区", None)
ROADS_OF_DISTRICT = OfficeRule(3, SCIENCE.id, "road", "赛罕区", None)
OF_STREET = OfficeRule(4, OTHER_STREET.id, None, "赛罕区", "昭乌达路街道")
RULES = (ALL_ROADS, OF_DISTRICT, ROADS_OF_DISTRICT, OF_STREET)


def laid_down(*rules: OfficeRule, network: tuple[Station, ...] = NETWORK) -> Directory:
    """The network with these rules."""
    return Directory(network, 0, rules)


@pytest.mark.parametrize(
    ("read", "scene", "rules", "owner"),
    [
        # A kind of matter, wherever it is, also where places contradict each other.
        (reading("road", ROAD), None, (ALL_ROADS,), BUS),
        (reading("road"), None, (ALL_ROADS,), BUS),
        (reading("road", ROAD, WEST), None, (ALL_ROADS,), BUS),
        (reading("service", ROAD), None, (ALL_ROADS,), STREET),
        # A place, typed or by its poster; the district of a street is that street's.
        (reading(None, ROAD), None, (OF_STREET,), OTHER_STREET),
        (reading("road"), STREET, (OF_STREET,), OTHER_STREET),
        (reading("service", SAIHAN), None, (OF_DISTRICT,), DISTRICT),
        (reading("service", ROAD), None, (OF_DISTRICT,), DISTRICT),
        # Not a namesake elsewhere, a weak word, or one of two places.
        (reading("road", NAMESAKE), None, (OF_STREET,), BUILDERS),
        (reading("road", ROAD_WEAK), None, (OF_STREET,), BUILDERS),
        (reading("road", ROAD, WEST), OTHER_STREET, (OF_STREET,), OTHER_STREET),
        # The most exact one, in whatever order they stand.
        (reading("road", ROAD), None, RULES, OTHER_STREET),
        (reading("road", SAIHAN), None, RULES[::-1], SCIENCE),
        (reading("service", SAIHAN), None, RULES, DISTRICT),
    ],
)  # fmt: skip
def test_the_office_says_who_owns(
    read: Reading, scene: Station | None, rules: tuple[OfficeRule, ...], owner: Station
) -> None:
    """The studio assists as ever; nothing waits."""
    chosen = go(read, scene, laid_down(*rules))
    assert (chosen.owner, chosen.queue) == (owner, None)
    assert chosen.rule == "office_rule" or owner in (STREET, BUILDERS, OTHER_STREET)
    assert chosen.owner not in chosen.assist


def test_words_are_those_of_what_the_rule_is_about() -> None:
    """A rule of a place names the place, one of a kind of matter the words for it."""
    assert go(reading("road", ROAD), None, laid_down(ALL_ROADS)).words == ("路灯",)
    assert go(reading("road", ROAD), None, laid_down(OF_STREET)).words == ("昭乌达路",)
    both = go(reading("road", ROAD), None, laid_down(ROADS_OF_DISTRICT))
    assert both.words == ("昭乌达路", "路灯")


def test_a_station_that_takes_nothing_is_passed_over() -> None:
    """The next rule counts, and without one the ordinary way."""
    closed = tuple(replace(each, active=each.id != OTHER_STREET.id) for each in NETWORK)
    chosen = go(reading("road", ROAD), None, laid_down(OF_STREET, ALL_ROADS, network=closed))
    assert chosen.owner == BUS
    gone = laid_down(OfficeRule(9, 999, "road", None, None))
    assert go(reading("road", ROAD), None, gone).rule == "place_and_topic"


def test_no_rule_reaches_what_is_not_for_everybody() -> None:
    """Emergencies and matters for named people go their own ways; where reading is not sure a
    person looks first, at the station that the rule names."""
    everything = tuple(
        OfficeRule(number, BUS.id, code, None, None)
        for number, code in enumerate(("road", "minors", "discipline", None))
    )
    network = laid_down(*everything)
    assert go(reading("road", ROAD, emergency="fire"), None, network).queue == "emergency"
    assert go(reading("discipline", ROAD), None, network).queue == "restricted"
    assert go(reading("road", handling="named_staff"), None, network).queue == "restricted"
    assert go(reading("minors", ROAD), None, network).owner == WOMEN
    unsure = go(reading("road", ROAD, confident=False), None, network)
    assert (unsure.queue, unsure.proposed) == ("staff", BUS)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Span(date(2026, 1, 1), date(2026, 1, 9)), False),
        (Span(date(2026, 1, 1), date(2026, 1, 10)), True),
        (Span(date(2026, 1, 20), None), True),
        (Span(date(2026, 1, 21), None), False),
        (Span(date(2025, 1, 1), None), True),
    ],
)
def test_days_meet(other: Span, meets: bool) -> None:
    """Both counted; without a last day for ever."""
    span = Span(date(2026, 1, 10), date(2026, 1, 20))
    assert (span.meets(other), other.meets(span)) == (meets, meets)
