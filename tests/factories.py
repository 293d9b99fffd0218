"""Plain functions that put a small network into a database: five stations and an office."""

from datetime import datetime

from sqlalchemy import select

from bot.domain.allowances import MESSAGE, Allowance, widened
from bot.domain.roster import OFFICE_CODE, PersonEntry, PostEntry, Roster, StationEntry, UnitEntry
from bot.models.organisation import Person
from bot.store import conversation
from bot.store.roster import save
from bot.store.unit_of_work import Database

DISTRICT = "赛罕区"

STATIONS = (
    StationEntry(
        "T001", "昭乌达路街道委员工作站", "street", district=DISTRICT, street="昭乌达路街道",
        address="昭乌达路 1 号", hours="工作日 09:00-17:30",
    ),
    StationEntry(
        "T002", "大学西路街道委员工作站", "street", district=DISTRICT, street="大学西路街道"
    ),
    StationEntry("T003", "经济界委员工作室", "sector", sector="经济界"),
    StationEntry("T004", "民族界委员工作室", "sector", sector="民族界"),
    StationEntry("T005", "赛罕区委员工作站", "district", district=DISTRICT),
)  # fmt: skip

POSTS = {
    "first": ("T001", "first_convener"),
    "second": ("T001", "second_convener"),
    "head": ("T001", "station_head"),
    "neighbour": ("T002", "first_convener"),
    "economist": ("T003", "first_convener"),
    "minzu": ("T004", "first_convener"),
    "district": ("T005", "first_convener"),
    "duty": (OFFICE_CODE, "duty"),
    "night": (OFFICE_CODE, "duty"),
    "staff": (OFFICE_CODE, "intake_staff"),
    "trusted": (OFFICE_CODE, "restricted_staff"),
}
"""Person's code → the post held. Names shown to residents are `NAMES`."""

NAMES = {
    "first": "马板凳",
    "second": "牛茶壶",
    "head": "羊小桌",
    "neighbour": "鹿长椅",
    "economist": "骆台灯",
    "minzu": "白窗台",
    "district": "乌门铃",
    "duty": "云值守",
    "night": "夏值守",
    "staff": "冬受理",
    "trusted": "安专办",
}


def small_network() -> Roster:
    """Two street stations, two studios, a district's own station, and an office."""
    return Roster(
        units=(
            UnitEntry(OFFICE_CODE, "office", "政协办公室"),
            UnitEntry("D1", "district", DISTRICT),
        ),
        stations=STATIONS,
        people=tuple(PersonEntry(code, name) for code, name in NAMES.items()),
        posts=tuple(PostEntry(person, unit, role) for person, (unit, role) in POSTS.items()),
    )


def write_network(database: Database) -> None:
    """The small network, as an import would leave it."""
    with database.write() as session:
        save(session, small_network())


def bind_phone(database: Database, person: str, openid: str, now: datetime) -> None:
    """The phone is that of the person with this code, and has just written to us."""
    with database.write() as session:
        contact = conversation.contact_for(session, "wechat", openid, now)
        contact.person_id = session.scalars(select(Person.id).where(Person.code == person)).one()
        contact.last_message_at = now
        conversation.allow(session, contact, widened(Allowance(), MESSAGE, now))
