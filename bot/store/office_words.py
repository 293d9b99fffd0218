"""Words of categories that the office wrote over the product's own."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.domain.lexicon import Word
from bot.models.cases import Case
from bot.models.organisation import OfficeWord
from bot.store.prepared import run, table

_W = table(OfficeWord)
_ALL = select(_W.c.word, _W.c.category, _W.c.weight).order_by(_W.c.word)


def words(session: Session) -> tuple[Word, ...]:
    """All of them."""
    return tuple(Word(*row) for row in run(session, _ALL))


def saved_at(session: Session) -> dict[str, datetime]:
    """Since when each counts."""
    return {row.word: row.saved_at for row in session.scalars(select(OfficeWord))}


def replace(session: Session, given: Iterable[Word], gone: Iterable[str], now: datetime) -> None:
    """Keep these words, and let those go as if they had never been written."""
    kept = list(given)
    names = {*(each.word for each in kept), *gone}
    session.execute(delete(OfficeWord).where(OfficeWord.word.in_(names)))
    session.add_all(
        OfficeWord(word=each.word, category=each.category, weight=each.weight, saved_at=now)
        for each in kept
    )
    session.flush()


def texts(
    session: Session, since: datetime, seen: ColumnElement[bool], limit: int
) -> Sequence[tuple[int, str]]:
    """Id and words of the newest cases that are not older, of what somebody may see."""
    query = select(Case.id, Case.text).where(
        Case.number >= f"{since:%y%m%d}", Case.text != "", seen
    )  # fmt: skip
    found = session.execute(query.order_by(Case.number.desc()).limit(limit))
    return [(row.id, row.text) for row in found]
