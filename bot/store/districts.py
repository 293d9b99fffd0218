"""Which district a station belongs to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models.organisation import StationRow, Unit
from bot.store.remembering import once


def district_of(session: Session, station_id: int) -> int | None:
    """The unit of the district in which this station lies."""
    query = select(Unit.id).join(StationRow, StationRow.district == Unit.name)
    query = query.where(StationRow.unit_id == station_id, Unit.kind == "district")
    first = query.order_by(Unit.id).limit(1)
    return once(session, ("district", station_id), lambda: session.scalar(first))
