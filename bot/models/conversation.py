"""Who writes to us, what they wrote, what we asked, and what waits to be sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class Contact(Base):
    """One address that writes to us: an openid, or a sender named in an imported file."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    """Set when a person of the network bound this phone."""
    subscribed: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    informed_at: Mapped[datetime | None]
    """When the privacy notice was given."""
    last_message_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When somebody of the network last opened a page with it, to the day."""
    allowance_left: Mapped[int] = mapped_column(default=0)
    """Customer-service messages that the platform still takes for this person …"""
    allowance_until: Mapped[datetime | None]
    """… and until when. Our own count: a refusal (45047, 45015) corrects it."""
    scene_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    """Station whose poster was scanned last."""
    bind_failures: Mapped[int] = mapped_column(default=0)
    bind_failed_at: Mapped[datetime | None]
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    """The code that was given, while the digits of the phone are still asked for."""


class Message(Base):
    """One inbound message or event, with the reply it got. `key` makes repeats harmless."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    reply: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Question(Base):
    """Something we asked a person. The database allows one open question a contact."""

    __tablename__ = "questions"
    __table_args__ = (
        Index(
            "uq_questions_one_open",
            "contact_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(String(300), default="")
    """The words of a question that a person wrote (问)."""
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(200), default="")


class QrCode(Base):
    """A QR code that the platform made for us, so that none is made twice."""

    __tablename__ = "qr_codes"

    scene: Mapped[str] = mapped_column(String(64), primary_key=True)
    ticket: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(300))
    """What the code says; any QR library draws it."""
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    """AppID: another account's code would lead elsewhere."""
    created_at: Mapped[datetime]


class Outbox(Base):
    """A notice to one person, written with what caused it; the text is rendered at sending."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "next_try_at"),
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_message", "message_id"),
        Index(
            "ix_outbox_confirm",
            "confirm_by",
            sqlite_where=text("confirm_by IS NOT NULL"),
            postgresql_where=text("confirm_by IS NOT NULL"),
        ),
        Index(
            "ix_outbox_promised",
            "sent_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe: Mapped[str] = mapped_column(String(120), unique=True)
    """What makes this notice the same one: nothing is sent twice for one cause."""
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    priority: Mapped[int] = mapped_column(default=5)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    """queued, sending, sent, merged (its words went out with `merged_into`), unreachable (a person
    must call), called, dead, skipped"""
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    """An earlier try may have arrived although it was not confirmed."""
    due_at: Mapped[datetime | None]
    """Of a reminder: the moment of its rung, or the end of quiet hours after it."""
    sent_at: Mapped[datetime | None]
    hop: Mapped[str] = mapped_column(String(20), default="")
    message_id: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    confirm_by: Mapped[datetime | None]
    """Until when the platform's word on a notice it accepted is awaited."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))


class DeliveryAttempt(Base):
    """What became of a notice on one hop: sent, refused, delivered, failed after it was accepted,
    unconfirmed, merged, or called by a person."""

    __tablename__ = "delivery_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    at: Mapped[datetime]
    hop: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    code: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")


class Receipt(Base):
    """The platform's word on what it delivered. It may come before we know of the message, twice,
    or never."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("contact_id", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    message_id: Mapped[str] = mapped_column(String(64))
    template_id: Mapped[str] = mapped_column(String(64), default="")
    """Only for subscription notices, whose call may have told us no message id."""
    status: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))


class Consent(Base):
    """Whether a person takes the notices of one subscription template, as last heard."""

    __tablename__ = "consents"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    granted: Mapped[bool]
    at: Mapped[datetime]
