"""Two digits by which somebody names a case in chat."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models.base import Base


class ItemCode(Base):
    """The two-digit code by which one person names one open case in chat."""

    __tablename__ = "item_codes"
    __table_args__ = (
        Index(
            "uq_item_codes_live",
            "person_id",
            "code",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index("uq_item_codes_case", "person_id", "case_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    code: Mapped[int]
    given_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
