"""Units, stations, people and the posts that people hold in units."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class Unit(Base):
    """Any body of the network: station, sector, party, district, street, committee, office …"""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class StationRow(Base):
    """What only a unit of kind `station` has: its mode and what it serves."""

    __tablename__ = "stations"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    mode: Mapped[str] = mapped_column(String(20), index=True)
    district: Mapped[str | None] = mapped_column(String(40))
    street: Mapped[str | None] = mapped_column(String(60))
    """Full name of the street, town or area it serves (mode street)."""
    sector: Mapped[str | None] = mapped_column(String(40))
    topics: Mapped[list[Any]] = mapped_column(default=list)
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(20), default="active")


class StationLook(Base):
    """Whether anybody of a station is about: looked at first, and when its conveners were told that
    nobody had been for long."""

    __tablename__ = "station_looks"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    first_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class Person(Base):
    """A person of the network. Residents are contacts, not people, until they hold a post."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40), default="")
    membership: Mapped[str] = mapped_column(String(20), default="")
    """municipal, district or regional member; empty: no member."""
    sector: Mapped[str | None] = mapped_column(String(40))
    represents: Mapped[bool] = mapped_column(default=False)
    """A representative constituent (界别群众代表)."""
    contact_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The member a representative constituent is in contact with."""


class Post(Base):
    """A role that a person holds in a unit for a time. Given again later it is another row."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "role", "valid_from"),
        Index("ix_posts_unit_role", "unit_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    role: Mapped[str] = mapped_column(String(30), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Pairing(Base):
    """联建共建: a body that stands by a station for a time."""

    __tablename__ = "pairings"
    __table_args__ = (UniqueConstraint("station_id", "partner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.unit_id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class OfficeDay(Base):
    """A day on which the office works, or rests, other than the public calendar says."""

    __tablename__ = "office_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(10))
    """One of bot.domain.roster.DAY_PLANS."""
    note: Mapped[str | None] = mapped_column(String(40))


class Absence(Base):
    """Days on which a post's holder is away (请假). One a post is open, running or to come; the
    past stays."""

    __tablename__ = "absences"
    __table_args__ = (
        Index(
            "uq_absences_open",
            "post_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    stand_in_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Who was named, of the same station; none: by rule."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Both in Beijing, and both days of absence."""
    entered_at: Mapped[datetime]
    entered_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """None: the office."""
    carrier_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """The stand-in's post that has the items on its list by now."""
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    """over, early or left"""


class Invitation(Base):
    """A one-time code that binds a person's phone. Only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong digits of the phone so far; too many void the code."""


class OfficeText(Base):
    """A sentence that the office wrote over the product's own."""

    __tablename__ = "office_texts"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    words: Mapped[str] = mapped_column(String(1000))
    saved_at: Mapped[datetime]


class OfficeCategory(Base):
    """What the office wrote over a category of the product."""

    __tablename__ = "office_categories"

    category: Mapped[str] = mapped_column(String(20), primary_key=True)
    sectors: Mapped[list[Any]] = mapped_column(default=list)
    """The order by which it finds its studio; empty, like each that follows: the product's."""
    name: Mapped[str] = mapped_column(String(20), default="")
    days: Mapped[int | None]
    saved_at: Mapped[datetime]


class OfficeWord(Base):
    """A word by which a category is told, as the office wrote it over the product's own."""

    __tablename__ = "office_words"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)
    category: Mapped[str] = mapped_column(String(20))
    weight: Mapped[int]
    """0: a word of the product that counts no more."""
    saved_at: Mapped[datetime]


class OfficePlace(Base):
    """What the office made of a name that no list knew: a place, or none."""

    __tablename__ = "office_places"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    same_as: Mapped[str] = mapped_column(String(60), default="")
    """The listed place that it is another name of."""
    street: Mapped[str | None] = mapped_column(String(60))
    district: Mapped[str | None] = mapped_column(String(40))
    """None: it is no place, and isn't shown again."""
    saved_at: Mapped[datetime]


class PlaceMention(Base):
    """A name that looks like a place, and that no list knew when the case was read."""

    __tablename__ = "place_mentions"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    district: Mapped[str | None] = mapped_column(String(40))
    """What else was said of where it is."""


class RoutingRule(Base):
    """Where cases of a kind, of a place, or both go, as the office laid it down."""

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str | None] = mapped_column(String(20))
    district: Mapped[str | None] = mapped_column(String(40))
    street: Mapped[str | None] = mapped_column(String(60))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day; None: no end."""
    saved_at: Mapped[datetime]


class OfficeSetting(Base):
    """A setting that the office changed at the console."""

    __tablename__ = "office_settings"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime]
