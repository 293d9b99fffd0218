"""The demo network in numbers."""

from collections import Counter

from bot.domain.roster import Roster
from bot.nlp import data as language_data
from bot.services.demo_names import SURNAMES, THINGS, invented_name
from bot.services.demo_roster import demo_network, load_demo_data


def network() -> Roster:
    """A fresh one."""
    return demo_network(*load_demo_data())


def test_stations_are_as_many_in_each_mode_as_the_report_says() -> None:
    """219 in all; nine of them, one a banner, county or district, are our assumption."""
    modes = Counter(station.mode for station in network().stations)
    assert modes == {
        "sector": 37,
        "street": 84,
        "party": 7,
        "institution": 60,
        "keywork": 22,
        "district": 9,
    }


def test_members_and_constituents_are_as_many_as_the_report_says() -> None:
    """316 municipal members, each of a sector; over 700 constituents, each with a member."""
    people = network().people
    members = {p.code for p in people if p.membership == "municipal"}
    assert len(members) == 316
    assert all(p.sector for p in people if p.code in members)
    constituents = [p for p in people if p.represents]
    assert len(constituents) == 712
    assert all(p.contact in members for p in constituents)


def test_every_station_has_two_conveners_a_head_and_one_to_four_members() -> None:
    """The conveners are two people; a street station has a secretary, too."""
    roster = network()
    for station in roster.stations:
        posts = [p for p in roster.posts if p.unit == station.code]
        roles = Counter(p.role for p in posts)
        assert (roles["first_convener"], roles["second_convener"], roles["station_head"]) == (
            1,
            1,
            1,
        )
        assert (
            1 <= roles["member"] <= 5 if station.mode == "district" else 1 <= roles["member"] <= 4
        )
        assert roles["secretary"] == (station.mode == "street")
        conveners = {p.person for p in posts if p.role.endswith("_convener")}
        assert len(conveners) == 2


def test_the_office_and_the_districts_are_staffed() -> None:
    """Whoever an escalation or an emergency climbs to is there."""
    roles = Counter(p.role for p in network().posts if p.unit[0] in "OD")
    assert roles == {
        "district_convener": 11,
        "intake_staff": 3,
        "duty": 3,
        "restricted_staff": 2,
        "leader": 2,
        "admin": 1,
        "auditor": 1,
    }


def test_names_are_invented_and_nobody_shares_one() -> None:
    """Stations, too, each have a name of their own; no phone can ring."""
    roster = network()
    assert len({p.name for p in roster.people}) == len(roster.people)
    assert len({s.name for s in roster.stations}) == 219
    assert all(p.phone.startswith("000-0000-") for p in roster.people)
    names = {invented_name(number) for number in range(len(SURNAMES) * len(THINGS))}
    assert len(names) == len(SURNAMES) * len(THINGS)


def test_routing_finds_the_streets() -> None:
    """District and street are written as in places.json; names that repeat tell their county."""
    streets = [s for s in network().stations if s.mode == "street"]
    raw = language_data.read_files(language_data.DATA_DIR)["places.json"]["units"]
    known = {(unit["district"], unit["name"]) for unit in raw}
    assert {(s.district, s.street) for s in streets} <= known
    assert len({(s.district, s.street) for s in streets}) == 84
    names = {s.name for s in streets}
    assert {"昭乌达路街道委员工作站", "和林格尔县城关镇委员工作站"} <= names


def test_the_network_is_always_the_same() -> None:
    """No clock and no chance have a part in it."""
    assert network() == network()
