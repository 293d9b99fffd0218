"""Search: what each case is found by, and the cases that are found, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Subquery

from bot.domain.cases import OPEN
from bot.models.cases import Case, CaseStation, CaseTokens
from bot.models.organisation import Person, Post
from bot.store import counters
from bot.store.prepared import dialect_name, run, table
from bot.store.worklists import PAGE

LOOKED = 1000
"""So many cases that have the tokens are looked at for one page: whoever may see few of them waits
no longer than whoever sees all."""
DONE, ERASED = "search", "search_erased"
"""Counters: the last old case that was looked at, and how often something was taken out."""
_T = table(CaseTokens)


def _upsert(insert: type[postgresql.Insert] | type[sqlite.Insert]) -> sqlite.Insert:
    made = insert(_T)
    given = {"words": made.excluded.words, "phones": made.excluded.phones}
    return made.on_conflict_do_update(index_elements=["case_id"], set_=given)  # type: ignore[return-value]


_PUT = {"sqlite": _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}
_DROP = delete(_T).where(_T.c.case_id == bindparam("of_case"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the box says. `words`, `phones`: tokens that all must be there; `starts`: single
    characters; `numbers`: case numbers that were meant, any of them."""

    words: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Only:
    """Filters. None and empty: any. Days of Beijing, both counted; `posts`: who has it."""

    states: tuple[str, ...] = ()
    category: str = ""
    urgency: str = ""
    station: int | None = None
    posts: tuple[int, ...] | None = None
    since: date | None = None
    until: date | None = None


def put(session: Session, case_id: int, words: str, phones: str) -> None:
    """Have a case found by these tokens, apart by spaces, and by no others."""
    run(session, _PUT[dialect_name(session)], case_id=case_id, words=words, phones=phones)


def drop(session: Session, case_id: int) -> None:
    """It is found by its words no more."""
    run(session, _DROP, of_case=case_id)
    counters.next_value(session, ERASED)


def forget_phones(session: Session, case_ids: Collection[int]) -> None:
    """These are found by their words alone."""
    gone = update(CaseTokens).where(CaseTokens.case_id.in_(case_ids)).values(phones="")
    session.execute(gone.execution_options(synchronize_session=False))
    counters.next_value(session, ERASED)


def tidy(session: Session) -> bool:
    """Have what was taken out leave SQLite's index file as well, which keeps it until it rewrites
    itself; whether there was anything. PostgreSQL's own vacuum does it."""
    if not counters.current_value(session, ERASED):
        return False
    counters.set_value(session, ERASED, 0)
    if dialect_name(session) == "sqlite":
        session.execute(
            text("INSERT INTO case_tokens_index(case_tokens_index) VALUES ('optimize')")
        )
    return True


def without_tokens(session: Session, limit: int) -> tuple[list[Case], int]:
    """Of the next so many old cases those that nothing finds yet; and the last id of them all,
    0 when there is none left."""
    after = counters.current_value(session, DONE)
    some = select(Case.id).where(Case.id > after).order_by(Case.id).limit(limit)
    ids = list(session.scalars(some))
    if not ids:
        return [], 0
    has = exists().where(CaseTokens.case_id == Case.id)
    query = select(Case).where(Case.id.in_(ids), ~has, Case.erased_at.is_(None))
    return list(session.scalars(query.order_by(Case.id))), ids[-1]


def looked_at(session: Session, last: int) -> None:
    """Up to this one all have their tokens."""
    counters.set_value(session, DONE, last)


def posts_of(session: Session, person: str) -> list[int]:
    """All posts, also past ones, of whoever has this name."""
    query = select(Post.id).join(Person, Person.id == Post.person_id).where(Person.name == person)
    return list(session.scalars(query))


def page(
    session: Session, asked: Asked, only: Only, seen: ColumnElement[bool], after: int | None = None
) -> tuple[Sequence[Case], int | None]:
    """The cases of one page, and after which the next one begins; None when that was all. A page
    may have few cases, even none, and others may still follow: see LOOKED."""
    query = select(Case).where(seen, *_filters(only)).order_by(Case.id.desc()).limit(PAGE + 1)
    if asked.numbers:
        return session.scalars(query.where(Case.number.in_(asked.numbers))).all(), None
    before = _before(session, only, after)
    if not (asked.words or asked.starts or asked.phones):
        newest = query if before is None else query.where(Case.id < before)
        rows = session.scalars(newest).all()
        return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
    if asked.words or asked.starts:
        query = query.where(or_(Case.queue.is_(None), Case.queue != "restricted"))
        query = query.where(Case.handling != "named_staff")  # its words stand in no list
    hits = _hits(dialect_name(session), asked, before)
    found = query.join(hits, hits.c.id == Case.id).order_by(None).order_by(hits.c.id.desc())
    rows = session.scalars(found).all()
    if len(rows) > PAGE:
        return rows[:PAGE], rows[PAGE - 1].id
    return rows, _last(session, hits)


def open_with(session: Session, phone: str, limit: int) -> Sequence[Case]:
    """The newest open cases in which this phone's token stands; none that only named people see."""
    asked, only = Asked(phones=(phone,)), Only(states=tuple(state.value for state in OPEN))
    return page(session, asked, only, Case.handling == "normal")[0][:limit]


def _last(session: Session, hits: Subquery) -> int | None:
    """The last case that was looked at, if there may be others behind it."""
    ids = list(session.scalars(select(hits.c.id)))
    return ids[-1] if len(ids) == LOOKED else None


def _hits(dialect: str, asked: Asked, before: int | None) -> Subquery:
    """Ids of the newest cases that have all the tokens."""
    if dialect == "sqlite":
        words = [f'"{each}"' for each in (*asked.words, *asked.phones)]
        match = " AND ".join((*words, *(f'"{each}" *' for each in asked.starts)))
        id_: ColumnElement[int] = literal_column("case_tokens_index.rowid")
        query = select(id_.label("id")).select_from(text("case_tokens_index"))
        query = query.where(text("case_tokens_index MATCH :match").bindparams(match=match))
    else:
        words = [f"'{each}'" for each in (*asked.words, *asked.phones)]
        match = " & ".join((*words, *(f"'{each}':*" for each in asked.starts)))
        id_ = column("case_id")
        query = select(id_.label("id")).select_from(text("case_tokens"))
        query = query.where(text("vector @@ CAST(:match AS tsquery)").bindparams(match=match))
    if before is not None:
        query = query.where(id_ < before)
    return query.order_by(id_.desc()).limit(LOOKED).subquery("hits")


def _before(session: Session, only: Only, after: int | None) -> int | None:
    """Where to begin: not with this year's cases when last year's are asked for. Numbers and ids
    are given in the same order, but for writers that overtake each other at midnight."""
    if after is not None or only.until is None:
        return after
    end = f"{only.until + timedelta(days=1):%y%m%d}"
    newest = select(Case.id).where(Case.number >= end).order_by(Case.number).limit(1)
    first = session.scalar(newest)
    return None if first is None else first + 100


def _of_station(unit_id: int) -> CompoundSelect[int]:
    """Cases that it owns or assists, each half by an index of its own."""
    assists = select(CaseStation.case_id).where(
        CaseStation.unit_id == unit_id, CaseStation.part == "assist"
    )
    return select(Case.id).where(Case.owner_unit_id == unit_id).union_all(assists)


def _filters(only: Only) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only.states:
        # As an expression, so that SQLite walks back from the newest case, and does not gather all
        # that stand so.
        found.append(func.coalesce(Case.state, Case.state).in_(only.states))
    if only.category:
        found.append(Case.category == only.category)
    if only.urgency:
        found.append(Case.urgency == only.urgency)
    if only.station is not None:
        found.append(Case.id.in_(_of_station(only.station)))
    if only.posts is not None:
        theirs = (Case.holder_post_id, Case.assigned_post_id, Case.co_owner_post_id)
        found.append(or_(*(each.in_(only.posts) for each in theirs)))
        # Who has a case is of its station, and by its station it is found quickly.
        units = select(Post.unit_id).where(Post.id.in_(only.posts))
        found.append(Case.owner_unit_id.in_(units))
    # A number begins with its day in Beijing, and numbers have an index.
    if only.since is not None:
        found.append(Case.number >= f"{only.since:%y%m%d}")
    if only.until is not None:
        found.append(Case.number < f"{only.until + timedelta(days=1):%y%m%d}")
    return found
