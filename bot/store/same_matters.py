"""Same matter: what cases are found by, which of them may be of one matter, and what waits to be
compared."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.domain.cases import OPEN, State
from bot.domain.same_matter import Likeness, Verdict
from bot.models.cases import Case
from bot.models.same_matter import CaseLikeness, CaseTerm, CaseToCompare
from bot.store.prepared import dialect_name, run, table

NEWEST = 40
"""Of each term so many of the newest cases are looked at: what many say is no longer rare."""

_T, _W = table(CaseTerm), table(CaseToCompare)
_WITH = (
    select(_T.c.case_id)
    .where(_T.c.term == bindparam("term"), _T.c.case_id != bindparam("but"))
    .order_by(_T.c.case_id.desc())
    .limit(NEWEST)
)
_ADD = insert(_T)
_WAITS = {
    "sqlite": sqlite.insert(_W).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_W).on_conflict_do_nothing(),
}


def put_waiting(session: Session, case_id: int) -> None:
    """Have a case compared, once more if it was before."""
    run(session, _WAITS[dialect_name(session)], case_id=case_id)


def waiting(session: Session, limit: int) -> list[int]:
    """Ids of cases to be compared, oldest first."""
    query = select(CaseToCompare.case_id).order_by(CaseToCompare.case_id).limit(limit)
    return list(session.scalars(query))


def done(session: Session, case_id: int, version: int) -> None:
    """It was compared as it stood in this version; if it has changed since, it waits on."""
    same = exists().where(Case.id == case_id, Case.version == version)
    session.execute(delete(CaseToCompare).where(CaseToCompare.case_id == case_id, same))


def is_plain(case: type[Case] = Case) -> ColumnElement[bool]:
    """Cases that everybody of the office sees: none for named people, no emergency."""
    return and_(
        case.handling == "normal", case.urgency != "emergency", case.erased_at.is_(None),
        or_(case.queue.is_(None), case.queue == "staff"),
    )  # fmt: skip


def comparable() -> ColumnElement[bool]:
    """What is compared with others: plain, open, and no part of another case."""
    return and_(is_plain(), Case.state.in_(OPEN), Case.merged_into.is_(None))


@dataclass(frozen=True, slots=True)
class Words:
    """What a case is compared by; the columns of the same names, and no others: twenty whole cases
    cost as much as comparing them."""

    id: int
    masked: str
    place: str | None
    district: str | None
    category: str | None
    reading: dict[str, Any]
    reported_at: datetime | None
    created_at: datetime


def to_compare(session: Session, ids: Collection[int]) -> list[Words]:
    """Those of these cases that are compared with others, oldest first."""
    query = select(*(getattr(Case, each) for each in Words.__slots__))
    query = query.where(Case.id.in_(ids), comparable()).order_by(Case.id)
    return [Words(*row) for row in session.execute(query)] if ids else []


def versions(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The version in which each of these cases stands."""
    rows = session.execute(select(Case.id, Case.version).where(Case.id.in_(ids)))
    return {row.id: row.version for row in rows}


def put_terms(session: Session, case_id: int, terms: Iterable[str]) -> None:
    """Have a case found by these, and by no others."""
    session.execute(delete(CaseTerm).where(CaseTerm.case_id == case_id))
    for term in terms:
        run(session, _ADD, term=term, case_id=case_id)


def with_term(session: Session, term: str, but: int) -> list[int]:
    """The newest cases that have a term, but for one."""
    return [row[0] for row in run(session, _WITH, term=term, but=but)]


def put_likenesses(
    session: Session, case_id: int, found: Iterable[tuple[int, Likeness]], now: datetime
) -> None:
    """What a case was found to be like, for what was thought before; what a person said holds."""
    ours = or_(CaseLikeness.case_id == case_id, CaseLikeness.other_id == case_id)
    session.execute(delete(CaseLikeness).where(ours, CaseLikeness.verdict == Verdict.OPEN))
    said = {frozenset((row.case_id, row.other_id)) for row in session.scalars(
        select(CaseLikeness).where(ours))}  # fmt: skip
    for other, likeness in found:
        if frozenset((case_id, other)) in said:
            continue
        newer, older = max(case_id, other), min(case_id, other)
        reasons = [[reason.why.value, reason.said] for reason in likeness.reasons]
        session.add(
            CaseLikeness(
                case_id=newer, other_id=older, score=round(1000 * likeness.score),
                sure=likeness.sure, reasons=reasons, verdict=Verdict.OPEN, found_at=now,
            )
        )  # fmt: skip


def drop(session: Session, case_id: int) -> None:
    """Nothing is left of its words here."""
    ours = or_(CaseLikeness.case_id == case_id, CaseLikeness.other_id == case_id)
    for gone in (
        delete(CaseTerm).where(CaseTerm.case_id == case_id),
        delete(CaseToCompare).where(CaseToCompare.case_id == case_id),
        delete(CaseLikeness).where(ours),
    ):
        session.execute(gone.execution_options(synchronize_session=False))


def over_with_terms(session: Session, limit: int) -> list[int]:
    """Cases that are over and would still be found."""
    query = (
        select(CaseTerm.case_id)
        .join(Case, Case.id == CaseTerm.case_id)
        .where(Case.closed_at.is_not(None))
    )
    return list(session.scalars(query.distinct().limit(limit)))


def drop_terms(session: Session, ids: Collection[int]) -> None:
    """They are found no more; what was said of them stays."""
    session.execute(delete(CaseTerm).where(CaseTerm.case_id.in_(ids)))


def suggested(
    session: Session, case_id: int, seen: ColumnElement[bool]
) -> list[tuple[CaseLikeness, Case]]:
    """Open cases that may be of the same matter and that may be seen, of which nobody has said
    anything yet; the likeliest first."""
    found: list[tuple[CaseLikeness, Case]] = []
    for ours, theirs in _ENDS:
        query = (
            select(CaseLikeness, Case)
            .join(Case, Case.id == theirs)
            .where(ours == case_id, CaseLikeness.verdict == Verdict.OPEN, comparable(), seen)
        )
        found += [(row[0], row[1]) for row in session.execute(query)]
    return sorted(found, key=lambda pair: (-pair[0].score, -pair[1].id))


_ENDS = (
    (CaseLikeness.case_id, CaseLikeness.other_id),
    (CaseLikeness.other_id, CaseLikeness.case_id),
)


def counts(session: Session, ids: Collection[int], seen: ColumnElement[bool]) -> dict[int, int]:
    """How many such cases each of these has, by id."""
    halves = [
        select(ours.label("id"))
        .join(Case, Case.id == theirs)
        .where(ours.in_(ids), CaseLikeness.verdict == Verdict.OPEN, comparable(), seen)
        for ours, theirs in _ENDS
    ]
    both = union_all(*halves).subquery()
    query = select(both.c.id, func.count()).group_by(both.c.id)
    return {row[0]: row[1] for row in session.execute(query)} if ids else {}


def judge(
    session: Session, one: int, other: int, verdict: Verdict, post_id: int | None
) -> CaseLikeness | None:
    """Keep what a person said of two cases; None when nobody had suggested them."""
    row = session.get(CaseLikeness, (max(one, other), min(one, other)))
    if row is not None:
        row.verdict, row.post_id = verdict, post_id
    return row


def others_who_said_it(session: Session, case: Case) -> int:
    """How many other residents surely said the same: by cases that go on together with this one,
    and by those that are surely alike. None that named people see counts, no emergency, and none
    that was taken back."""
    root = case.merged_into or case.id
    group = [root, *session.scalars(select(Case.id).where(Case.merged_into == root))]
    sure = and_(CaseLikeness.sure, CaseLikeness.verdict != Verdict.REFUSED)
    linked = [select(theirs).where(ours.in_(group), sure) for ours, theirs in _ENDS]
    alike = session.scalars(union_all(*linked))  # one by one: both databases go by the index then
    query = select(func.count(func.distinct(Case.contact_id))).where(
        Case.id.in_({*group, *alike}), Case.contact_id != case.contact_id, is_plain(),
        Case.state.not_in(_NEVER),
    )  # fmt: skip
    return session.execute(query).scalar_one()


_NEVER = (State.WITHDRAWN, State.REJECTED)


def judged(session: Session) -> Iterator[tuple[CaseLikeness, str, str]]:
    """Every pair of which a person said something, with both numbers, in the order of the cases."""
    one, other = aliased(Case), aliased(Case)
    query = (
        select(CaseLikeness, one.number, other.number)
        .join(one, one.id == CaseLikeness.case_id)
        .join(other, other.id == CaseLikeness.other_id)
        .where(CaseLikeness.verdict != Verdict.OPEN)
        .order_by(CaseLikeness.case_id, CaseLikeness.other_id)
    )
    for row in session.execute(query.execution_options(yield_per=500)):
        yield row[0], row[1], row[2]
