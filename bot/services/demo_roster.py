"""The demo network: Hohhot's real streets and a member network of invented people.

The same at every call: no clock, no chance. Counts are those of the 2023 newspaper report on the
practice; which four areas and which nine stations complete them is our assumption.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.roster import (
    OFFICE_CODE,
    PairingEntry,
    PersonEntry,
    PostEntry,
    Roster,
    StationEntry,
    UnitEntry,
)
from bot.nlp import data as language_data
from bot.services.demo_names import invented_name, invented_phone
from bot.store import roster as store
from bot.store.roster import Saved

AREAS_WITH_STATION = (
    "呼和浩特金山经济技术开发区",
    "盛乐经济工业园区",
    "如意工业园区",
    "金川工业园区",
)
"""80 streets and towns and these four make the 84 stations of mode street."""

MEMBERS = 316
CONSTITUENTS = 712

VILLAGE = "保合少镇"
"""Where a village got its buses by such a pairing."""
COMMITTEES = (
    "提案委员会", "经济委员会", "农业和农村委员会", "人口资源环境委员会", "教科卫体委员会",
    "社会法制委员会", "民族和宗教委员会", "文化文史和学习委员会", "港澳台侨和外事委员会",
)  # fmt: skip

OFFICE_POSTS = (
    ("intake_staff", 3), ("restricted_staff", 2), ("duty", 3),
    ("admin", 1), ("leader", 2), ("auditor", 1),
)  # fmt: skip

HOURS = "工作日 09:00-12:00,14:30-17:30"

Data = Mapping[str, Any]


@dataclass(slots=True)
class _People:
    """Hands out people, the next number each time, and remembers their posts."""

    people: list[PersonEntry] = field(default_factory=list)
    posts: list[PostEntry] = field(default_factory=list)

    def add(self, code: str, **values: Any) -> PersonEntry:
        number = len(self.people)
        person = PersonEntry(code, invented_name(number), invented_phone(number), **values)
        self.people.append(person)
        return person

    def staff(self) -> PersonEntry:
        """Somebody who is no member: a party secretary, a street official, office staff."""
        return self.add(f"G{len(self.people) + 1:04d}")

    def appoint(self, person: PersonEntry, unit: str, role: str) -> None:
        self.posts.append(PostEntry(person.code, unit, role))


def write_demo(session: Session, places: Data, studios: Data) -> Saved:
    """Write the demo network (again: bring it back to what it was). Needs a write unit."""
    return store.save(session, demo_network(places, studios))


def load_demo_data() -> tuple[Data, Data]:
    """Contents of places.json and sectors.json."""
    raw = language_data.read_files(language_data.DATA_DIR)
    return raw["places.json"], raw["sectors.json"]


def demo_network(places: Data, studios: Data) -> Roster:
    """219 stations, 316 members, 712 constituents and the people who run it all.

    `places`, `studios`: contents of bot/data/places.json and sectors.json.
    """
    units, streets = _units(places, studios)
    stations = [*_studios(studios), *_street_stations(streets), *_district_stations(places)]
    stations = [replace(s, parent=_parent(s, units)) for s in stations]
    people = _People()
    members = _members(people, [u.name for u in units if u.kind in ("sector", "party")])
    _constituents(people, members)
    _staff_office(people)
    for district in places["districts"]:
        people.appoint(people.staff(), _district_code(district), "district_convener")
    for turn, station in enumerate(stations):
        _staff_station(people, station, members, turn)
    return Roster(
        tuple(units), tuple(stations), tuple(people.people), tuple(people.posts),
        tuple(_pairings(units, stations)),
    )  # fmt: skip


def _pairings(units: list[UnitEntry], stations: list[StationEntry]) -> Iterator[PairingEntry]:
    """The bus company stands by the township whose village got its buses, and each committee by a
    street or township."""
    streets = [station for station in stations if station.mode == "street"]
    buses = [station for station in stations if station.name == "公共交通总公司委员工作室"]
    yield from (PairingEntry(s.code, b.code) for s in streets if s.street == VILLAGE for b in buses)
    committees = [unit for unit in units if unit.kind == "committee"]
    for station, committee in zip(streets, committees, strict=False):
        yield PairingEntry(station.code, committee.code)


def _units(places: Data, studios: Data) -> tuple[list[UnitEntry], list[Data]]:
    """All units but the stations; and the streets, towns and areas that get one."""
    office = UnitEntry(OFFICE_CODE, "office", "呼和浩特市政协办公室（演示）")
    districts = [UnitEntry(_district_code(d), "district", d["name"]) for d in places["districts"]]
    codes = {d.name: d.code for d in districts}
    streets = [
        UnitEntry(
            f"U{u['code']}",
            "area" if u["kind"] == "功能区" else "street",
            u["name"],
            codes[u["district"]],
        )
        for u in places["units"]
    ]
    named = [s for s in studios["studios"] if s["mode"] in ("sector", "party")]
    sectors = [UnitEntry(f"J{n:02d}", s["mode"], s["sector"]) for n, s in enumerate(named, 1)]
    boards = [UnitEntry(f"C{n:02d}", "committee", c) for n, c in enumerate(COMMITTEES, 1)]
    served = [
        u for u in places["units"] if u["kind"] != "功能区" or u["name"] in AREAS_WITH_STATION
    ]
    return [office, *districts, *streets, *sectors, *boards], served


def _district_code(district: Data) -> str:
    return f"D{district['code'] or '150199'}"  # an area without an official code of its own


def _studios(studios: Data) -> Iterator[StationEntry]:
    for studio in studios["studios"]:
        yield StationEntry(
            code=studio["id"],
            name=studio["name"],
            mode=studio["mode"],
            sector=studio.get("sector"),
            topics=tuple(studio["topics"]),
            address=f"呼和浩特市 {studio['name']}（演示地址）",
            hours=HOURS,
            phone=_station_phone(int(studio["id"][1:])),
        )


def _street_stations(streets: list[Data]) -> Iterator[StationEntry]:
    homes: dict[str, set[str]] = defaultdict(set)
    for street in streets:
        homes[street["name"]].add(street["district"])
    for number, street in enumerate(streets, 127):
        name, district = street["name"], street["district"]
        shown = name if len(homes[name]) == 1 else district + name
        yield StationEntry(
            code=f"S{number}",
            name=f"{shown}委员工作站",
            mode="street",
            district=district,
            street=name,
            address=f"{district}{name}党群服务中心（演示地址）",
            hours=HOURS,
            phone=_station_phone(number),
        )


def _district_stations(places: Data) -> Iterator[StationEntry]:
    """One for each banner, county and urban district; functional areas have none."""
    real = [d["name"] for d in places["districts"] if d["type"] != "functional"]
    for number, name in enumerate(real, 211):
        yield StationEntry(
            code=f"S{number}",
            name=f"{name}委员工作站",
            mode="district",
            district=name,
            address=f"{name}政协（演示地址）",
            hours=HOURS,
            phone=_station_phone(number),
        )


def _station_phone(number: int) -> str:
    return f"000-0001-{number:04d}"


def _parent(station: StationEntry, units: list[UnitEntry]) -> str | None:
    districts = {u.name: u.code for u in units if u.kind == "district"}
    up = districts.get(station.district or "")
    above = {
        "sector": [u for u in units if u.kind == "sector" and u.name == station.sector],
        "party": [u for u in units if u.kind == "party" and u.name == station.sector],
        "street": [u for u in units if (u.name, u.parent) == (station.street, up)],
        "district": [u for u in units if u.code == up],
    }
    return next((u.code for u in above.get(station.mode, ())), None)


def _members(people: _People, sectors: list[str]) -> list[PersonEntry]:
    return [
        people.add(f"M{n + 1:03d}", membership="municipal", sector=sectors[n % len(sectors)])
        for n in range(MEMBERS)
    ]


def _constituents(people: _People, members: list[PersonEntry]) -> None:
    for n in range(CONSTITUENTS):
        member = members[n % len(members)]
        people.add(f"R{n + 1:03d}", sector=member.sector, represents=True, contact=member.code)


def _staff_office(people: _People) -> None:
    for role, count in OFFICE_POSTS:
        for _ in range(count):
            people.appoint(people.staff(), OFFICE_CODE, role)


def _staff_station(
    people: _People, station: StationEntry, members: list[PersonEntry], turn: int
) -> None:
    """Two conveners, a head, and one to four members; a secretary where the street has one.

    In a sector's or party's studio the members are its own, the first of them convenes. Elsewhere
    the first convener is the partner's party secretary, who need not be a member.
    """
    own = [m for m in members if m.sector == station.sector]
    pool = own or [members[(turn * 5 + step) % len(members)] for step in range(5)]
    first = pool[0] if own else people.staff()
    second, *others = pool[1:] if own else pool
    people.appoint(first, station.code, "first_convener")
    people.appoint(second, station.code, "second_convener")
    people.appoint(people.staff(), station.code, "station_head")
    if station.mode == "street":
        people.appoint(people.staff(), station.code, "secretary")
    for member in others[: turn % 4 + 1]:
        people.appoint(member, station.code, "member")
    if station.mode == "district":
        local = people.add(f"L{turn + 1:03d}", membership="district", sector=second.sector)
        people.appoint(local, station.code, "member")
