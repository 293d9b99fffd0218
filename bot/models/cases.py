"""The case and what hangs on it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class Case(Base):
    """One matter of one resident. States and moves: bot.domain.cases."""

    __tablename__ = "cases"
    __table_args__ = (
        # Two messages 200 ms apart must never make two cases: one open dialog for one contact.
        Index(
            "uq_cases_one_settling",
            "contact_id",
            unique=True,
            sqlite_where=text("settling"),
            postgresql_where=text("settling"),
        ),
        Index("ix_cases_contact", "contact_id", "id"),
        Index("ix_cases_queue", "state", "queue", "id"),
        Index(
            "ix_cases_erase_wanted",
            "erase_wanted_at",
            sqlite_where=text("erase_wanted_at IS NOT NULL"),
            postgresql_where=text("erase_wanted_at IS NOT NULL"),
        ),
        Index("ix_cases_owner", "owner_unit_id", "state"),
        Index(
            "ix_cases_supervised",
            "id",
            sqlite_where=text("supervised_post_id IS NOT NULL"),
            postgresql_where=text("supervised_post_id IS NOT NULL"),
        ),
        Index(
            "ix_cases_read_again",
            "id",
            sqlite_where=text("review = 'wanted' OR unreasonable = 'said'"),
            postgresql_where=text("review = 'wanted' OR unreasonable = 'said'"),
        ),
        Index(
            "ix_cases_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        # 四周后: small, for open cases are in neither.
        Index(
            "ix_cases_may_last",
            *("ending", "lasting", "closed_at"),
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "ix_cases_asked_lasting",
            *("lasting", "lasting_asked_at"),
            sqlite_where=text("lasting_asked_at IS NOT NULL"),
            postgresql_where=text("lasting_asked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    source: Mapped[str] = mapped_column(String(40), default="wechat")
    state: Mapped[str] = mapped_column(String(20), default="new")
    queue: Mapped[str | None] = mapped_column(String(20))
    settling: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    text: Mapped[str] = mapped_column(Text, default="")
    masked: Mapped[str] = mapped_column(Text, default="")
    intent: Mapped[str] = mapped_column(String(20), default="demand")
    category: Mapped[str | None] = mapped_column(String(20))
    urgency: Mapped[str] = mapped_column(String(20), default="normal")
    emergency: Mapped[str | None] = mapped_column(String(20))
    handling: Mapped[str] = mapped_column(String(20), default="normal")
    want_human: Mapped[bool] = mapped_column(default=False)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Scores, evidence and place that led to the route, as the staff sees them."""

    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    proposed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    holder_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    rule: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[list[Any]] = mapped_column(default=list)
    place: Mapped[str | None] = mapped_column(String(80))
    street: Mapped[str | None] = mapped_column(String(60))
    """Full name of the street, town or area in which the place lies, or the scanned poster hangs;
    `district` likewise. Figures and hot matters count by them."""
    district: Mapped[str | None] = mapped_column(String(40))

    answer: Mapped[str] = mapped_column(Text, default="")
    ending: Mapped[str | None] = mapped_column(String(20))
    solved: Mapped[str | None] = mapped_column(String(20))
    """The resident's answer to 解决了吗: yes, partly, no; unrated after silence."""
    satisfied: Mapped[str | None] = mapped_column(String(20))
    lasting: Mapped[str | None] = mapped_column(String(20))
    """Four weeks after it was solved (四周后): asked, then yes or no; unrated after silence."""
    lasting_asked_at: Mapped[datetime | None]
    spoken_at: Mapped[datetime | None]
    """When its resident last spoke of how it went, or a station's question to them was over: what
    they add shortly after is about this case."""
    review: Mapped[str | None] = mapped_column(String(10))
    """Read again by the office after it closed (bot.domain.quality.Review)."""
    unreasonable: Mapped[str | None] = mapped_column(String(10))
    """不合理: said by one person, agreed on by another (bot.domain.quality.Unreasonable)."""
    returns: Mapped[int] = mapped_column(default=0)
    reopened: Mapped[int] = mapped_column(default=0)
    held_reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it lies on hold (挂账), in the words that the resident reads; `review_date` says until
    when, in Beijing."""
    review_date: Mapped[date | None]
    extension: Mapped[str | None] = mapped_column(String(20))
    """The one extension of its answer clock: asked, granted or refused."""
    extension_days: Mapped[int | None]
    hold_wanted_at: Mapped[datetime | None]
    """When somebody who may not decide it asked the head for 挂账; the next two are what for."""
    hold_wanted_until: Mapped[date | None]
    hold_wanted_reason: Mapped[str] = mapped_column(String(300), default="")
    progress_date: Mapped[date | None]
    """The day (Beijing) on which its station means to have news; no reminder before."""
    co_owner_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Who of its station has it in hand beside its holder, because its ladder said so."""
    supervised_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """The leader's post that has put it under supervision (督办); only that one releases it."""
    assigned_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Whom a convener gave it to (派) that has not accepted it yet."""
    opened_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Who wrote it down for somebody else (基层开单)."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """The case as a part of which it goes on (并案). It is `new` meanwhile, in no queue, and has no
    clock; with the answer to the other one it stands by itself again."""

    created_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
    """When the sender says it was reported (imports only; clocks start at created_at)."""
    dispatched_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    erase_wanted_at: Mapped[datetime | None]
    """An emergency's words, kept after 不同意, go when it is over."""


class CaseTokens(Base):
    """What a case is found by (bot.nlp.pairs), apart by spaces. On SQLite an FTS5 table indexes it,
    on PostgreSQL a generated column; both stand in migration 0018 only."""

    __tablename__ = "case_tokens"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    """Of the masked words, the place and the answer."""
    phones: Mapped[str] = mapped_column(Text)
    """Keyed hashes of the phones in the words, and of the sender's own if it is known."""


class CaseStation(Base):
    """A second station on a case, and its part there."""

    __tablename__ = "case_stations"
    __table_args__ = (Index("ix_case_stations_unit", "unit_id", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))
    invited_at: Mapped[datetime | None]
    """When the owner asked it to assist; routing only names who could."""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Who took the part on."""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]


class CaseOutcome(Base):
    """What came of a case for the network (bot.domain.cases.Outcome); a case may have several."""

    __tablename__ = "case_outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(40), default="")
    """The other's number, where it was handed on (转12345)."""
    text: Mapped[str] = mapped_column(Text, default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]


class Attachment(Base):
    """Photo, voice, video, location or link of a case; by reference until it is fetched."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_due", "state", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    kind: Mapped[str] = mapped_column(String(20))
    media_id: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(Text, default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="none")
    """bot.domain.media.MediaState: none (nothing to fetch), waiting, kept, lost or refused"""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    """When to fetch it; while a worker is at it, when its lease ends."""
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the file as it is kept; its place under VAR_DIR follows from it."""
    mime: Mapped[str] = mapped_column(String(40), default="")
    bytes: Mapped[int | None]
    fetched_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(200), default="")
    """Why it could not be fetched, the last time it was tried."""


class Event(Base):
    """Something that happened. Append-only; figures, exports and the timeline read it."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_case", "case_id", "id"),
        Index("ix_events_kind", "kind", "at"),
        Index(
            "ix_events_post",
            *("post_id", "id"),
            sqlite_where=text("post_id IS NOT NULL"),
            postgresql_where=text("post_id IS NOT NULL"),
        ),
        Index(
            "ix_events_due",
            "at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_events_corrected",
            "id",
            sqlite_where=text("kind = 'corrected'"),
            postgresql_where=text("kind = 'corrected'"),
        ),
        Index(
            "ix_events_about",
            *("about", "id"),
            sqlite_where=text("about IS NOT NULL"),
            postgresql_where=text("about IS NOT NULL"),
        ),
        Index(
            "ix_events_clock",
            "clock_id",
            sqlite_where=text("clock_id IS NOT NULL"),
            postgresql_where=text("clock_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(20))
    """system, resident, post or shell"""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clock_id: Mapped[int | None]
    """Of a rung: its clock. No foreign key: it is evidence, also against a clock that is wrong."""
    due_at: Mapped[datetime | None]
    """Of a rung: when it was to happen."""
    for_post_id: Mapped[int | None]
    """Whose post a stand-in carried. A foreign key would copy the largest table on SQLite."""
    about: Mapped[str | None] = mapped_column(String(80))
    """Of master data: the row that changed, as bot.services.master_history names it."""
