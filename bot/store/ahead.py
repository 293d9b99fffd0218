"""What a list asks of each of its cases, fetched for all at once (bot.store.remembering)."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.clocks import ClockKind
from bot.models.cases import CaseStation
from bot.models.timing import ClockRow
from bot.store.clocks import CASE
from bot.store.remembering import know


def look_ahead(session: Session, case_ids: Collection[int]) -> None:
    """The answers of clocks.running and cases.stations_of for these cases."""
    _clocks(session, case_ids)
    _stations(session, case_ids)


def _clocks(session: Session, case_ids: Collection[int]) -> None:
    found: dict[int, dict[ClockKind, ClockRow]] = {case_id: {} for case_id in case_ids}
    query = select(ClockRow).where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id.in_(case_ids),
        ClockRow.ended_at.is_(None),
    )  # fmt: skip
    for row in session.scalars(query):
        found[row.subject_id][ClockKind(row.kind)] = row
    know(session, {("running", case_id): clocks for case_id, clocks in found.items()})


def _stations(session: Session, case_ids: Collection[int]) -> None:
    found: dict[tuple[int, str], list[int]] = {(case_id, "assist"): [] for case_id in case_ids}
    query = select(CaseStation).where(CaseStation.case_id.in_(case_ids))
    for row in session.scalars(query.order_by(CaseStation.unit_id)):
        found.setdefault((row.case_id, row.part), []).append(row.unit_id)
    know(session, {("stations", *key): unit_ids for key, unit_ids in found.items()})
