"""Logins of the staff console, their sessions, and the sealed log of what was done there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class Account(Base):
    """A login of a person. What it opens follows from the posts that the person holds."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    """In small letters."""
    password_hash: Mapped[str] = mapped_column(String(200))
    """Argon2id."""
    one_time_until: Mapped[datetime | None]
    """The password was made by the office: until then it opens only the page for an own one."""
    totp_secret: Mapped[str] = mapped_column(String(200), default="")
    """Encrypted by a key made of XMZ_SECRET_KEY; empty without an authenticator."""
    totp_at: Mapped[datetime | None]
    """When the authenticator was confirmed by a first code."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """The newest thirty seconds of which a code was taken: no code opens twice."""
    created_at: Mapped[datetime]


class ConsoleSession(Base):
    """One browser that signed in. Only the hash of its cookie is kept."""

    __tablename__ = "console_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    strong_at: Mapped[datetime | None]
    """When a code of the authenticator was given."""
    ended_at: Mapped[datetime | None]


class CaseLook(Base):
    """Who had a case on the screen last, and when: two people on one case see each other."""

    __tablename__ = "case_looks"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    seen_at: Mapped[datetime]


class OwnFilter(Base):
    """What somebody looks for again and again, under a name of their own."""

    __tablename__ = "own_filters"
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_own_filters_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(20))
    asked: Mapped[dict[str, Any]]
    """Field of the search → what was asked for."""


class AccessEntry(Base):
    """One line of the access log. Written once, never changed; ids have no gaps."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """None: the shell, or a login that nobody has."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    address: Mapped[str] = mapped_column(String(45), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AccessSeal(Base):
    """What bot.domain.access.Seal says of a stretch of the log."""

    __tablename__ = "access_seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int]
    last: Mapped[int]
    at: Mapped[datetime]
    rows: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
