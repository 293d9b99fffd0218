"""What a case is found by is written with the case itself, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.models.organisation import Person
from bot.nlp.pairs import tokens
from bot.services import secrets
from bot.services.nightly import once_a_night
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.turn import Turn
from bot.store import search

BATCH = 100
"""Old cases in one write unit: each is read again, and residents wait behind it."""
AT_ONCE = 100
"""Batches in one run of the job."""


def phone_token(deps: Deps, digits: str) -> str:
    """What stands for a phone: nobody can tell it from the token, nor write the token in words."""
    return f"t{secrets.keyed(deps, 'phone', digits)[:24]}"


def index_new(turn: Turn, case: Case, reading: Reading, contact: Contact) -> None:
    """A case that says just what this reading read."""
    search.put(turn.session, case.id, reading.tokens, _phones(turn, reading, contact))


def index(turn: Turn, case: Case, reading: Reading | None = None) -> None:
    """A case whose words, place or answer have changed. `reading`: of its words, if at hand. Names
    and phones in an answer are covered, as in the resident's own words."""
    read = reading or read_safely(turn.deps, case.text)
    answer = read_safely(turn.deps, case.answer).masked if case.answer else ""
    found_by = tokens("\n".join((case.masked, case.place or "", answer)))
    contact = turn.session.get_one(Contact, case.contact_id)
    search.put(turn.session, case.id, found_by, _phones(turn, read, contact))


def _phones(turn: Turn, reading: Reading, contact: Contact) -> str:
    numbers = list(reading.phones)
    if contact.person_id is not None:
        person = turn.session.get_one(Person, contact.person_id)
        numbers += read_safely(turn.deps, person.phone).phones
    return " ".join(phone_token(turn.deps, each) for each in dict.fromkeys(numbers))


@dataclass(frozen=True, slots=True)
class Indexed:
    """How many old cases can be found from now on; `tidied`: what was erased has left the index's
    file, too."""

    cases: int
    tidied: bool = False


def index_old(deps: Deps) -> Sequence[Indexed]:
    """Cases from before there was a search; goes on where it stopped. And once a night what was
    erased is cleared out of the index. The job of this name."""
    found = sum(_batches(deps))
    done = [Indexed(found)] if found else []
    return [*done, *once_a_night(deps, "search", lambda: _tidy(deps))]


def _batches(deps: Deps) -> list[int]:
    counts: list[int] = []
    while len(counts) < AT_ONCE:
        with deps.database.read() as session:
            if not search.without_tokens(session, BATCH)[1]:
                break
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            rows, last = search.without_tokens(session, BATCH)
            for case in rows:
                index(turn, case)
            if last:
                search.looked_at(session, last)
            counts.append(len(rows))
    return counts


def _tidy(deps: Deps) -> list[Indexed]:
    with deps.database.write() as session:
        return [Indexed(0, tidied=True)] if search.tidy(session) else []
