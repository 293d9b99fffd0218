"""The list of common questions, and who was answered from it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class CommonQuestion(Base):
    """A question with its answer, as the office keeps it (bot.domain.common_questions)."""

    __tablename__ = "common_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    question: Mapped[str] = mapped_column(String(100))
    wordings: Mapped[list[Any]] = mapped_column(default=list)
    answer: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200))
    category: Mapped[str | None] = mapped_column(String(20))
    district: Mapped[str | None] = mapped_column(String(40))
    street: Mapped[str | None] = mapped_column(String(60))
    valid_until: Mapped[date]
    """The last day, in Beijing."""
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class Inquiry(Base):
    """A case that is a question (咨询), and what the list had for it."""

    __tablename__ = "inquiries"
    __table_args__ = (
        Index("ix_inquiries_at", "at"),
        Index(
            "ix_inquiries_question",
            *("question_id", "said"),
            sqlite_where=text("question_id IS NOT NULL"),
            postgresql_where=text("question_id IS NOT NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("common_questions.id"))
    """Whose answer went out; none: the list has no answer."""
    version: Mapped[int | None]
    """Of the entry, as it went out."""
    answer: Mapped[str] = mapped_column(Text, default="")
    """Its words, as they went out."""
    at: Mapped[datetime]
    said: Mapped[str | None] = mapped_column(String(10))
    """What came of the answer (bot.domain.common_questions.Said); none while it is waited for."""
    ended_at: Mapped[datetime | None]
