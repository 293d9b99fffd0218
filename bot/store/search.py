"""Search: what each case is found by, and the cases that are found, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.domain.cases import OPEN
from bot.models.cases import Case, CaseStation, CaseTokens
from bot.models.organisation import Person, Post
from bot.models.timing import ClockRow
from bot.store import counters
from bot.store.clocks import CASE
from bot.store.prepared import dialect_name, run, table
from bot.store.worklists import PAGE

LOOKED = 1000
"""So many cases that have the tokens are looked at for one page: whoever may see few of them waits
no longer than whoever sees all."""
DONE, ERASED = "search", "search_erased"
"""Counters: the last case that was looked at for good, and how often something was taken out."""
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


def looked_until(session: Session) -> int:
    """The id up to which all cases have their tokens."""
    return counters.current_value(session, DONE)


def without_tokens(session: Session, after: int, limit: int) -> Sequence[Case]:
    """The next cases that nothing finds yet."""
    has = exists().where(CaseTokens.case_id == Case.id)
    query = select(Case).where(Case.id > after, ~has, Case.erased_at.is_(None))
    return session.scalars(query.order_by(Case.id).limit(limit)).all()


def newest_before(session: Session, moment: datetime) -> int:
    """The newest case that was made before, 0 when there is none."""
    query = select(Case.id).where(Case.created_at < moment).order_by(Case.id.desc()).limit(1)
    return session.scalar(query) or 0


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
    query = (
        select(Case).where(seen, *_filters(only, asked)).order_by(Case.id.desc()).limit(PAGE + 1)
    )
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
    ids, more = _hits(session, asked, before)
    rows = session.scalars(query.where(Case.id.in_(ids))).all() if ids else ()
    if len(rows) > PAGE:
        return rows[:PAGE], rows[PAGE - 1].id
    return rows, ids[-1] if more else None


def open_with(session: Session, phone: str, limit: int) -> Sequence[Case]:
    """The newest open cases in which this phone's token stands; none that only named people see."""
    asked, only = Asked(phones=(phone,)), Only(states=tuple(state.value for state in OPEN))
    return page(session, asked, only, Case.handling == "normal")[0][:limit]


def _hits(session: Session, asked: Asked, before: int | None) -> tuple[list[int], bool]:
    """The newest cases that have all the tokens, and whether others may follow."""
    words = (*asked.words, *asked.phones)
    given: dict[str, int | str] = {"before": FIRST if before is None else before, "most": LOOKED}
    if dialect_name(session) == "sqlite":
        parts = (*(f'"{each}"' for each in words), *(f'"{each}" *' for each in asked.starts))
        found = list(session.scalars(_SQLITE, given | {"match": " AND ".join(parts)}))
        return found, len(found) == LOOKED
    parts = (*(f"'{each}'" for each in words), *(f"'{each}':*" for each in asked.starts))
    given |= {"match": " & ".join(parts)}
    near = list(session.scalars(_NEAR, given | {"near": NEAR}))
    if len(near) > PAGE:
        return near, True
    found = list(session.scalars(_ALL, given))
    return found, len(found) == LOOKED


FIRST = 2**31 - 1
"""Before the first page."""
NEAR = 10_000
"""PostgreSQL looks at so many of the newest cases one by one first. What many say is among them;
what is not is said by few, and its index finds that quickly. Left to choose, it takes words that
often stand together for rare, and gathers all that have them."""
_SQLITE = text(
    "SELECT rowid FROM case_tokens_index WHERE case_tokens_index MATCH :match "
    "AND rowid < :before ORDER BY rowid DESC LIMIT :most"
)
_ALL = text(
    "SELECT case_id FROM case_tokens WHERE vector @@ CAST(:match AS tsquery) "
    "AND case_id < :before ORDER BY case_id DESC LIMIT :most"
)
_NEAR = text(  # as an expression that no index has
    "SELECT case_id FROM case_tokens WHERE coalesce(vector @@ CAST(:match AS tsquery), false) "
    "AND case_id < :before AND case_id >= "
    "least(:before, (SELECT max(case_id) + 1 FROM case_tokens)) - :near "
    "ORDER BY case_id DESC LIMIT :most"
)


def _before(session: Session, only: Only, after: int | None) -> int | None:
    """Where to begin: not with this year's cases when last year's are asked for. Numbers and ids
    are given in the same order, but for writers that overtake each other at midnight."""
    if after is not None or only.until is None:
        return after
    end = f"{only.until + timedelta(days=1):%y%m%d}"
    newest = select(Case.id).where(Case.number >= end).order_by(Case.number).limit(1)
    first = session.scalar(newest)
    return None if first is None else first + 100


def _assists(unit_id: int) -> ColumnElement[bool]:
    return exists().where(
        CaseStation.case_id == Case.id, CaseStation.unit_id == unit_id,
        CaseStation.part == "assist",
    )  # fmt: skip


def _of_station(unit_id: int) -> ColumnElement[bool]:
    """Cases that it owns or assists, each half by an index of its own."""
    assists = select(CaseStation.case_id).where(
        CaseStation.unit_id == unit_id, CaseStation.part == "assist"
    )
    own = select(Case.id).where(Case.owner_unit_id == unit_id)
    return Case.id.in_(own.union_all(assists))


def _filters(only: Only, asked: Asked) -> list[ColumnElement[bool]]:
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
        own = Case.owner_unit_id == only.station
        few = asked.words or asked.starts or asked.phones
        found.append(or_(own, _assists(only.station)) if few else _of_station(only.station))
    if only.posts is not None:
        theirs = (Case.holder_post_id, Case.assigned_post_id, Case.co_owner_post_id)
        waits = exists().where(
            ClockRow.subject_kind == CASE, ClockRow.subject_id == Case.id,
            ClockRow.ended_at.is_(None), ClockRow.holder_post_id.in_(only.posts),
        )  # fmt: skip
        found.append(or_(*(each.in_(only.posts) for each in theirs), waits))
        # Who has a case is of its station, and by its station it is found quickly.
        units = select(Post.unit_id).where(Post.id.in_(only.posts))
        found.append(Case.owner_unit_id.in_(units))
    # A number begins with its day in Beijing, and numbers have an index.
    if only.since is not None:
        found.append(Case.number >= f"{only.since:%y%m%d}")
    if only.until is not None:
        found.append(Case.number < f"{only.until + timedelta(days=1):%y%m%d}")
    return found
