"""Cases: making, finding, listing. No rules here."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from bot.domain.cases import OPEN, format_number
from bot.domain.deadlines import BEIJING
from bot.domain.dialog import OwnCase
from bot.domain.inbound import Inbound
from bot.domain.media import MediaState, first_state
from bot.models.cases import Attachment, Case, CaseOutcome, CaseStation
from bot.models.conversation import Contact, Message
from bot.store import media, office_places, same_matters, search
from bot.store.counters import next_value
from bot.store.prepared import adopt, run, table
from bot.store.remembering import once

OWN = 5
"""Open cases of one contact that a dialog looks at: the settling one, and the newest."""

_C, _S = table(Case), table(CaseStation)


def own_open_query() -> Select[Any]:
    """The open cases of `:contact` that a dialog looks at, as OwnCase takes them."""
    return (
        select(
            *(_C.c.id, _C.c.number, _C.c.state, _C.c.category),
            *(_C.c.settling, _C.c.queue, _C.c.created_at, _C.c.place, _C.c.spoken_at),
        )
        .where(_C.c.contact_id == bindparam("contact"), _C.c.closed_at.is_(None))
        .order_by(_C.c.settling.desc(), _C.c.id.desc())
        .limit(OWN)
    )


_OWN_OPEN = own_open_query()
_DROP_STATIONS = delete(_S).where(_S.c.case_id == bindparam("of_case"))
_ADD_STATION = insert(_S)
_ADD_CASE = insert(_C).returning(_C.c.id)
_EMPTY_CASE = {column.name: None for column in _C.columns if column.name != "id"} | {
    column.name: column.default.arg
    for column in _C.columns
    if isinstance(column.default, ScalarElementColumnDefault)
}


def add_case(session: Session, now: datetime, **values: Any) -> Case:
    """A new case with the next number of its Beijing day."""
    day = now.astimezone(BEIJING)
    number = format_number(day, next_value(session, f"case:{day:%y%m%d}"))
    # Every column is given, so that none has to be loaded again.
    own: dict[str, Any] = {"number": number, "created_at": now, "reading": {}, "words": []}
    values = _EMPTY_CASE | own | values
    case_id = run(session, _ADD_CASE, **values).scalar()
    return adopt(session, Case, {"id": case_id} | values)


def get(session: Session, case_id: int) -> Case:
    """The case, locked for this write unit. NoResultFound if it does not exist."""
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    ).one()


def main(session: Session, case: Case) -> Case:
    """The case that is worked on: the one that this is merged into, else itself."""
    return session.get_one(Case, case.merged_into) if case.merged_into is not None else case


def merged_in(session: Session, case_id: int, *, lock: bool = False) -> Sequence[Case]:
    """The cases that were merged into this one, oldest first."""
    query = select(Case).where(Case.merged_into == case_id).order_by(Case.id)
    return session.scalars(query.with_for_update(key_share=True) if lock else query).all()


def lock_all(session: Session, numbers: Collection[str]) -> None:
    """Lock these cases, always in the same order."""
    query = select(Case.id).where(Case.number.in_(numbers)).order_by(Case.id)
    session.execute(query.with_for_update(key_share=True))


def by_number(session: Session, number: str) -> Case | None:
    """The case with this number (YYMMDD-NNNN)."""
    query = select(Case).where(Case.number == number).with_for_update(key_share=True)
    return session.scalar(query)


def newest_of(session: Session, numbers: Collection[str]) -> Case | None:
    """The newest case that has one of these numbers."""
    query = select(Case).where(Case.number.in_(numbers)).order_by(Case.number.desc()).limit(1)
    return session.scalar(query.with_for_update(key_share=True))


def own_open(session: Session, contact_id: int) -> tuple[OwnCase, ...]:
    """The contact's open cases, newest first, at most OWN of them."""
    return newest_first(run(session, _OWN_OPEN, contact=contact_id))


def newest_first(rows: Iterable[tuple[Any, ...]]) -> tuple[OwnCase, ...]:
    """Rows of own_open_query."""
    return tuple(sorted((OwnCase(*row) for row in rows), key=lambda case: -case.id))


def of_contact(session: Session, contact_id: int) -> Sequence[Case]:
    """All cases of a contact, newest first."""
    query = select(Case).where(Case.contact_id == contact_id).order_by(Case.id.desc())
    return session.scalars(query).all()


def queued(queue: str | None = None) -> Select[Case]:
    """Cases that wait for staff; emergencies first, then urgent ones, then the oldest."""
    query = select(Case).where(Case.state == "new", Case.queue.is_not(None))
    if queue is not None:
        query = query.where(Case.queue == queue)
    return query.order_by((Case.queue != "emergency"), (Case.urgency == "normal"), Case.id)


def set_assist(session: Session, case_id: int, unit_ids: Sequence[int]) -> None:
    """Replace the assisting stations of a case."""
    run(session, _DROP_STATIONS, of_case=case_id)
    add_assist(session, case_id, unit_ids)


def add_assist(session: Session, case_id: int, unit_ids: Sequence[int]) -> None:
    """Assisting stations of a case that has none yet."""
    for unit_id in unit_ids:
        run(session, _ADD_STATION, case_id=case_id, unit_id=unit_id, part="assist", answer="")


def stations_of(session: Session, case_id: int, part: str) -> list[int]:
    """Unit ids of the assisting (or partner) stations."""
    query = select(CaseStation.unit_id).where(
        CaseStation.case_id == case_id, CaseStation.part == part
    )
    ordered = query.order_by(CaseStation.unit_id)
    key = ("stations", case_id, part)
    return list(once(session, key, lambda: session.scalars(ordered).all()))


def part_of(session: Session, case_id: int, unit_id: int) -> CaseStation | None:
    """The part of a station in a case."""
    return session.get(CaseStation, (case_id, unit_id))


def add_outcome(session: Session, now: datetime, **values: Any) -> None:
    """One thing that came of a case."""
    session.add(CaseOutcome(at=now, **values))


def outcomes_of(session: Session, case_id: int) -> Sequence[CaseOutcome]:
    """What came of a case, oldest first."""
    query = select(CaseOutcome).where(CaseOutcome.case_id == case_id).order_by(CaseOutcome.id)
    return session.scalars(query).all()


def alike(session: Session, case: Case, limit: int) -> Sequence[Case]:
    """Other open cases of the same station about the same matter in the same place."""
    if case.owner_unit_id is None or case.place is None or case.category is None:
        return ()
    query = _open_about(case.place, case.category).where(
        Case.owner_unit_id == case.owner_unit_id, Case.id != case.id
    )
    return session.scalars(query.limit(limit)).all()


def open_about(session: Session, place: str, category: str, limit: int) -> Sequence[Case]:
    """Open cases about this matter in this place, newest first; none that only named people see."""
    query = _open_about(place, category).where(Case.erased_at.is_(None))
    return session.scalars(query.limit(limit)).all()


def _open_about(place: str, category: str) -> Select[Case]:
    return (
        select(Case)
        .where(
            Case.state.in_([s.value for s in OPEN]), Case.place == place,
            Case.category == category, Case.handling == "normal", Case.merged_into.is_(None),
        )
        .order_by(Case.id.desc())
    )  # fmt: skip


def attach(
    session: Session, case_id: int, message_id: int | None, inbound: Inbound, now: datetime
) -> None:
    """Keep a photo, voice, video, location or link with the case, by reference."""
    session.add(
        Attachment(
            case_id=case_id, message_id=message_id, kind=inbound.kind, media_id=inbound.media_id,
            title=inbound.title or inbound.label, url=inbound.url, lat=inbound.lat,
            lon=inbound.lon, created_at=now, next_try_at=now,
            state=first_state(inbound.kind, inbound.media_id),
        )
    )  # fmt: skip


def attachments(session: Session, case_id: int) -> Sequence[Attachment]:
    """All attachments of a case, oldest first."""
    query = (
        select(Attachment)
        .where(Attachment.case_id == case_id, Attachment.state != MediaState.ERASED)
        .order_by(Attachment.id)
    )
    return session.scalars(query).all()


def pieces(session: Session, case_id: int) -> list[str]:
    """The resident's own words that became this case, oldest first."""
    query = select(Message.text).where(Message.case_id == case_id, Message.text != "")
    return list(session.execute(query.order_by(Message.id)).scalars())


def erase_words(session: Session, case: Case, now: datetime) -> None:
    """Take the person's words, and the answer that may repeat them, out of a case; its history
    stays."""
    case.text = case.masked = case.answer = ""
    case.place = case.street = case.district = None
    case.words = []
    case.reading = {}
    case.erased_at = now
    case.held_reason = case.hold_wanted_reason = ""
    media.erase(session, case.id, now)
    search.drop(session, case.id)
    office_places.mention(session, case.id, (), None)
    same_matters.drop(session, case.id)
    for words in (
        update(CaseOutcome).where(CaseOutcome.case_id == case.id).values(text=""),
        update(CaseStation).where(CaseStation.case_id == case.id).values(answer=""),
    ):
        session.execute(words.execution_options(synchronize_session=False))


def supervised_by(session: Session, post_ids: Collection[int]) -> Sequence[Case]:
    """The open cases under these leaders' supervision, oldest first."""
    query = select(Case).where(
        Case.supervised_post_id.in_(post_ids), Case.state.in_([s.value for s in OPEN])
    )
    return session.scalars(query.order_by(Case.id)).all()


def contact(session: Session, case: Case) -> Contact:
    """Who the case is from."""
    return session.get_one(Contact, case.contact_id)


def ids_since(session: Session, since: datetime | None) -> list[int]:
    """Ids of all cases created at or after `since`, oldest first."""
    query = select(Case.id).order_by(Case.id)
    if since is not None:
        query = query.where(Case.created_at >= since)
    return list(session.execute(query).scalars())


def numbers(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The numbers of these cases, by id."""
    rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(ids))) if ids else ()
    return {row.id: row.number for row in rows}
