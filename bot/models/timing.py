"""Clocks, and the small tables that keep the machinery honest."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class ClockRow(Base):
    """Anything with a due time. The sweep reads `next_step_at` and nothing else to find work."""

    __tablename__ = "clocks"
    __table_args__ = (
        Index(
            "ix_clocks_next_step",
            "next_step_at",
            sqlite_where=text("next_step_at IS NOT NULL"),
            postgresql_where=text("next_step_at IS NOT NULL"),
        ),
        # Lists of the console: what is due first.
        Index(
            "ix_clocks_due",
            *("subject_kind", "due_at", "subject_id"),
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_clocks_one_running",
            "subject_kind",
            "subject_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    holder_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    ladder: Mapped[list[Any]] = mapped_column(default=list)
    """Snapshot of the rungs and their times; later edits of the ladder don't reach it."""
    rung: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(40), default="")


class OfficeLadder(Base):
    """A ladder that the office wrote; it replaces the default of its name for clocks that start
    from `begins_at` on, until the next of that name begins."""

    __tablename__ = "office_ladders"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    rungs: Mapped[list[Any]] = mapped_column(default=list)


class Drill(Base):
    """An exercise of the alarm (演练): real people, real channels, no case."""

    __tablename__ = "drills"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))


class Lease(Base):
    """Who leads: at most one scheduler works at a time, and a dead one is replaced."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]


class LeaseMove(Base):
    """A lease went to another holder. Many in a short time: processes die, or fight."""

    __tablename__ = "lease_moves"
    __table_args__ = (Index("ix_lease_moves_name", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class JobTick(Base):
    """When a job of the scheduler's last ran to its end, written down at most every few seconds."""

    __tablename__ = "job_ticks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    every: Mapped[float]
    """Seconds between its runs."""
    at: Mapped[datetime]
    """By the machine's clock: jobs go by that, also where the demo's clock is moved."""
    clock_at: Mapped[datetime]
    """By our clock, which the cases go by; 1970 before its first run."""
    did: Mapped[int] = mapped_column(BigInteger, default=0)
    failures: Mapped[int] = mapped_column(BigInteger, default=0)
    failed_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(80), default="")
    """What kind of error it was the last time."""


class LatenessHour(Base):
    """How late what happened in one hour was, counted by bins (bot.domain.lateness)."""

    __tablename__ = "lateness_hours"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)
    """bot.domain.lateness.MEASURES"""
    bin: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    worst: Mapped[float]
    """Seconds."""


class Counter(Base):
    """Named counters: case numbers of a day, version of the roster."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


class Alarm(Base):
    """Something that staff must know, raised once a cause however often it happens."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "uq_alarms_open",
            "kind",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    detail: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
