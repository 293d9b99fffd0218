"""What somebody of the office looks for again and again, kept under a name."""

from dataclasses import dataclass

from bot.domain.clean import clean
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.searching import SearchForm
from bot.store import own_filters

MOST, LONGEST = 12, 20
"""Filters of one person; characters of a name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One filter. `asked`: fields of the search, as its address has them."""

    name: str
    asked: dict[str, str]


def mine(deps: Deps, visit: ConsoleVisit) -> tuple[Kept, ...]:
    """This person's own ones."""
    with deps.database.read() as session:
        rows = own_filters.of_account(session, visit.account_id)
        return tuple(Kept(row.name, dict(row.asked)) for row in rows)


def keep(deps: Deps, visit: ConsoleVisit, name: str, form: SearchForm) -> None:
    """Keep it; one of the same name is replaced. Raises Refused for a name that is missing or too
    long, for a filter of nothing, and for more than MOST."""
    name, asked = clean(name).strip(), form.given()
    if not name or len(name) > LONGEST:
        raise Refused("console.filter_name", most=LONGEST)
    if not asked:
        raise Refused("console.filter_empty")
    with deps.database.write() as session:
        own_filters.drop(session, visit.account_id, name)
        if own_filters.count(session, visit.account_id) >= MOST:
            raise Refused("console.filter_most", most=MOST)
        own_filters.keep(session, visit.account_id, name, dict(asked))


def drop(deps: Deps, visit: ConsoleVisit, name: str) -> None:
    """Keep it no more."""
    with deps.database.write() as session:
        own_filters.drop(session, visit.account_id, name)
