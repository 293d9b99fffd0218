"""QR codes that the platform made for us, by account and scene."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.domain.scenes import QrTicket
from bot.models.conversation import QrCode


def of_scene(session: Session, account: str, scene: str) -> QrTicket | None:
    """The code that is kept for this scene."""
    row = session.execute(
        select(QrCode.ticket, QrCode.url).where(QrCode.account == account, QrCode.scene == scene)
    ).one_or_none()
    return QrTicket(row.ticket, row.url) if row else None


def keep(session: Session, account: str, scene: str, made: QrTicket, now: datetime) -> QrTicket:
    """Keep a code; the one kept meanwhile by another process wins, so that all print the same."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(QrCode)
        .values(account=account, scene=scene, ticket=made.ticket, url=made.url, created_at=now)
        .on_conflict_do_nothing()
    )
    return of_scene(session, account, scene) or made
