"""Which cases may be of the same matter, and what somebody said of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class CaseTerm(Base):
    """A rare piece of an open case's words, or a place in it (bot.nlp.matters.terms): by it others
    that may be of the same matter are found. None of guarded cases."""

    __tablename__ = "case_terms"
    # The key alone is the table: what it is looked for by is all that it has.
    __table_args__ = (Index("ix_case_terms_case", "case_id"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)


class CaseLikeness(Base):
    """Two cases that may be of the same matter. `other_id`: the older one."""

    __tablename__ = "case_likenesses"
    __table_args__ = (Index("ix_case_likenesses_other", "other_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    score: Mapped[int]
    """Of a thousand."""
    sure: Mapped[bool]
    """So sure that residents are told that others said the same."""
    reasons: Mapped[list[Any]]
    """Pairs of a bot.domain.same_matter.Why and what is said; words are masked ones."""
    verdict: Mapped[str] = mapped_column(String(10))
    """bot.domain.same_matter.Verdict"""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    """Who said so."""
    found_at: Mapped[datetime]


class CaseToCompare(Base):
    """A case whose words or place are new: the job `same` compares it with others."""

    __tablename__ = "cases_to_compare"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
