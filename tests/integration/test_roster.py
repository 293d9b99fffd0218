"""The network in the database: what routing, commands and escalation read from it."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from bot.models.conversation import Contact
from bot.models.organisation import Person, Post, StationRow, Unit
from bot.services import roster as service
from bot.services.demo_roster import demo_network, load_demo_data, write_demo
from bot.store import organisation, roster
from bot.store.unit_of_work import Database
from tests.fakes import FakeClock
from tests.roster_rig import deps_on

TODAY = date(2026, 11, 23)


@pytest.fixture
def demo(network_url: str) -> Iterator[Database]:
    """A database that holds the demo network."""
    opened = Database(network_url)
    yield opened
    opened.dispose()


def test_the_demo_network_is_written_whole_and_quickly(database: Database) -> None:
    """What is read back is what was made, in under three seconds."""
    begun = time.perf_counter()
    with database.write() as session:
        saved = write_demo(session, *load_demo_data())
    assert time.perf_counter() - begun < 3
    made = demo_network(*load_demo_data())
    assert (saved.stations.new, saved.people.new) == (219, len(made.people))
    with database.read() as session:
        found = roster.load(session)
    assert found.stations == tuple(sorted(made.stations, key=lambda s: s.code))
    assert set(found.units) == set(made.units)
    assert set(found.people) == set(made.people)
    assert set(found.posts) == set(made.posts)


def test_writing_the_demo_again_changes_nothing(demo: Database) -> None:
    """It may be called at every start; the roster's version stays, too."""
    with demo.write() as session:
        version = organisation.roster_version(session)
        saved = write_demo(session, *load_demo_data())
        assert not saved.touched
        assert organisation.roster_version(session) == version


def test_the_directory_shows_all_stations_in_order(demo: Database, clock: FakeClock) -> None:
    """219 stations by code, each active and staffed, with what routing matches on."""
    found = service.directory(deps_on(demo, clock))
    assert [s.code for s in found.stations] == [f"S{n:03d}" for n in range(1, 220)]
    assert Counter(s.mode for s in found.stations)["street"] == 84
    assert all(s.active and s.staffed for s in found.stations)
    road = next(s for s in found.stations if s.name == "昭乌达路街道委员工作站")
    assert (road.district, road.unit, road.mode) == ("赛罕区", "昭乌达路街道", "street")
    assert next(s for s in found.stations if s.code == "S034").topics[0] == "heating"


def test_the_directory_is_kept_until_roster_or_day_change(demo: Database, clock: FakeClock) -> None:
    """The same value is handed out again; a change, and midnight in Hohhot, make a new one."""
    deps = deps_on(demo, clock)
    first = service.directory(deps)
    assert service.directory(deps) is first
    with demo.write() as session:
        organisation.bump_roster_version(session)
    second = service.directory(deps)
    assert second is not first
    assert second.version == first.version + 1
    clock.advance(timedelta(hours=14))
    assert service.directory(deps) is not second


@pytest.mark.parametrize(
    ("first", "last", "active"),
    [
        (None, None, True),
        (TODAY, TODAY, True),  # both days count
        (date(2026, 11, 24), None, False),  # opens tomorrow
        (None, date(2026, 11, 22), False),  # closed yesterday
    ],
)
def test_dates_decide_who_receives(
    demo: Database, first: date | None, last: date | None, active: bool
) -> None:
    """A station outside its dates is not active; posts outside theirs don't staff it."""
    with demo.write() as session:
        unit = organisation.station_by_code_or_name(session, "S001")
        assert unit is not None
        unit.valid_from, unit.valid_to = first, last
        for post in session.scalars(select(Post).where(Post.unit_id == unit.id)):
            post.valid_from, post.valid_to = first, last
    with demo.read() as session:
        station = organisation.directory(session, TODAY).stations[0]
        assert (station.active, station.staffed) == (active, active)
        assert bool(organisation.posts_of(session, station.id, "first_convener", TODAY)) == active


def test_a_suspended_station_and_one_with_only_a_secretary_do_not_receive(demo: Database) -> None:
    """Routing sees the first as inactive and the second as unstaffed."""
    with demo.write() as session:
        unit = organisation.station_by_code_or_name(session, "昭乌达路街道委员工作站")
        assert unit is not None
        row = session.get_one(StationRow, unit.id)
        row.status = "suspended"
        for post in session.scalars(select(Post).where(Post.unit_id == unit.id)):
            if post.role != "secretary":
                post.valid_to = date(2026, 1, 1)
    with demo.read() as session:
        stations = {s.id: s for s in organisation.directory(session, TODAY).stations}
        assert (stations[unit.id].active, stations[unit.id].staffed) == (False, False)


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("S001:first_convener", "S001:first_convener"),
        (" S001：first_convener ", "S001:first_convener"),  # typed with a Chinese colon
        ("昭乌达路街道委员工作站:secretary", "S162:secretary"),
        ("D150105:district_convener", "D150105:district_convener"),
        ("OFFICE:duty", "OFFICE:duty"),
        ("S001:emperor", None),
        ("S999:first_convener", None),
        ("first_convener", None),
        ("", None),
        ("0", None),
        ("9" * 30, None),  # longer than any number of the database
        ("'; DROP TABLE posts; --:member", None),
    ],
)
def test_a_post_is_found_by_what_people_call_it(
    demo: Database, ref: str, found: str | None
) -> None:
    """Code or name of the unit, and the role."""
    with demo.read() as session:
        post = organisation.post_by_ref(session, ref, TODAY)
        assert (post.ref if post else None) == found
        if post:
            assert organisation.post_by_ref(session, str(post.id), TODAY) == post


def test_a_bound_phone_shows_at_every_post_of_its_person(demo: Database) -> None:
    """A convener who also sits elsewhere is bound in both places."""
    with demo.write() as session:
        person = session.scalars(select(Person).where(Person.code == "M001")).one()
        values = {"channel": "wechat", "address": "o1", "person_id": person.id}
        now = FakeClock().now()
        session.execute(insert(Contact).values(**values, created_at=now, subscribed=True))
    with demo.read() as session:
        posts = organisation.posts_of_person(session, person.id, TODAY)
        assert len(posts) > 1
        assert all(post.bound for post in posts)
        assert not any(p.bound for p in organisation.posts_in_role(session, "duty", TODAY))


def test_each_district_has_a_convener(demo: Database) -> None:
    """Found by the district's full name, as stations have it."""
    with demo.read() as session:
        assert len(organisation.district_conveners(session, "赛罕区", TODAY)) == 1
        assert organisation.district_conveners(session, "北京", TODAY) == []


def test_the_demo_is_refused_in_production(database: Database, clock: FakeClock) -> None:
    """Invented people must never sit among real ones."""
    with pytest.raises(service.DemoRefused):
        service.write_demo_network(deps_on(database, clock, mode="production"))
    with database.read() as session:
        assert session.scalars(select(Unit)).first() is None
    assert service.write_demo_network(deps_on(database, clock, mode="trial")).touched
