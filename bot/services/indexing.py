"""What a case is found by. Whatever changes a case's words writes it in the same transaction; a new
case is taken up by the job `search` some seconds later, for the resident need not wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.cases import Handling, Queue
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.models.organisation import Person
from bot.nlp.pairs import tokens
from bot.services import secrets
from bot.services.nightly import once_a_night
from bot.services.ports import Deps
from bot.services.reading import cover, read_safely, unlisted_safely
from bot.services.turn import Turn
from bot.store import office_places, same_matters, search

BATCH = 10
"""Cases in one write unit: each is read again, and residents wait behind it."""
LATE = timedelta(minutes=2)
"""A case so young may be followed by one with a smaller id, whose transaction took longer."""


def phone_token(deps: Deps, digits: str) -> str:
    """What stands for a phone: nobody can tell it from the token, nor write the token in words."""
    return f"t{secrets.keyed(deps, 'phone', digits)[:24]}"


def index(turn: Turn, case: Case, reading: Reading | None = None) -> None:
    """A case whose words, place or answer have changed. `reading`: of its words, if at hand. Names
    and phones in an answer are covered, as in the resident's own words."""
    read = reading or read_safely(turn.deps, case.text)
    answer = cover(turn.deps, case.answer)
    found_by = tokens("\n".join((case.masked, case.place or "", answer)))
    contact = turn.session.get_one(Contact, case.contact_id)
    _note_places(turn, case, read)
    search.put(turn.session, case.id, found_by, _phones(turn, read, contact))
    same_matters.put_waiting(turn.session, case.id)


def _note_places(turn: Turn, case: Case, reading: Reading) -> None:
    """Names that no list knows wait for the office; what only named people see gives none."""
    shared = case.handling == Handling.NORMAL and case.queue != Queue.RESTRICTED
    names = unlisted_safely(turn.deps, case.masked) if shared else ()
    district = next((hit.district for hit in reading.places if hit.district), None)
    office_places.mention(turn.session, case.id, names, district)


def _phones(turn: Turn, reading: Reading, contact: Contact) -> str:
    numbers = list(reading.phones)
    if contact.person_id is not None:
        person = turn.session.get_one(Person, contact.person_id)
        numbers += read_safely(turn.deps, person.phone).phones
    return " ".join(phone_token(turn.deps, each) for each in dict.fromkeys(numbers))


@dataclass(frozen=True, slots=True)
class Indexed:
    """How many cases can be found from now on; `tidied`: what was erased has left the index's
    file, too."""

    cases: int
    tidied: bool = False


def index_new(deps: Deps) -> Sequence[Indexed]:
    """The oldest cases that nothing finds yet, a batch a run; goes on where it stopped. And once a
    night what was erased is cleared out of the index. The job `search`."""
    found = _batch(deps)
    done = [Indexed(found)] if found else []
    return [*done, *once_a_night(deps, "search", lambda: _tidy(deps))]


def _batch(deps: Deps) -> int:
    with deps.database.read() as session:
        looked = search.looked_until(session)
        waits = bool(search.without_tokens(session, looked, 1))
    rows: Sequence[Case] = ()
    if waits:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            rows = search.without_tokens(session, looked, BATCH)
            for case in rows:
                index(turn, case)
    _remember(deps, looked, rows[-1].id if rows else None)
    return len(rows)


def _remember(deps: Deps, looked: int, last: int | None) -> None:
    """Where the next run begins. `last`: None when it was all."""
    with deps.database.read() as session:
        newest = search.newest_before(session, deps.clock.now() - LATE)
    until = newest if last is None else min(newest, last)
    if until > looked:
        with deps.database.write() as session:
            search.looked_at(session, until)


def _tidy(deps: Deps) -> list[Indexed]:
    with deps.database.write() as session:
        return [Indexed(0, tidied=True)] if search.tidy(session) else []
