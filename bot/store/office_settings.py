"""Settings that the office changed at the console."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.models.organisation import OfficeSetting


def of(session: Session, key: str) -> tuple[str, datetime] | None:
    """What the office wants, and since when; None: as the installation has it."""
    row = session.get(OfficeSetting, key)
    return (row.value, row.saved_at) if row else None


def replace(session: Session, key: str, value: str | None, now: datetime) -> None:
    """Keep a value; None: as the installation has it."""
    session.execute(delete(OfficeSetting).where(OfficeSetting.key == key))
    if value is not None:
        session.add(OfficeSetting(key=key, value=value, saved_at=now))
    session.flush()
