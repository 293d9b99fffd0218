"""基层开单 by page: the same slip as in chat, with whose it is apart, photos, and what is alike
shown before it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.cases import OPEN, State, show_number
from bot.domain.clean import clean
from bot.domain.inbound import Inbound
from bot.domain.permissions import Action
from bot.domain.understanding import Reading
from bot.domain.words import joined
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import indexing, photos, slips, wording
from bot.services.acting import can
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.register import place_name, tell_holders
from bot.services.turn import Turn
from bot.store import cases, conversation, events, search
from bot.store.events import By
from bot.store.organisation import PostView

LONGEST = 1000
LONGEST_CONTACT = 60
"""Characters of a name with a phone number."""


@dataclass(frozen=True, slots=True)
class SlipForm:
    """What the form holds. `whose`: name and phone, may be empty; `once`: one form, one slip;
    `choice`: empty at first, then `new` or the number of a case that is the same matter;
    `station`: code of the own station that shall have it, empty for where routing sends it;
    `source`: how it came, one of slips.SOURCES; `sent`: photos as uploaded."""

    words: str
    place: str
    whose: str
    once: str
    choice: str = ""
    station: str = ""
    source: str = slips.SOURCE
    sent: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case of the same place and matter, or with the same phone in it."""

    number: str
    shown: str
    what: str
    status: str


@dataclass(frozen=True, slots=True)
class OwnStation:
    """A station at which this person may keep a slip."""

    code: str
    name: str


def may_open(deps: Deps, person_id: int) -> tuple[OwnStation, ...]:
    """The stations to choose from. Raises Refused for who may not open slips in chat either."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        slips.opener(turn, person_id)
        posts = slips.may_keep(turn, person_id)
        return tuple(OwnStation(post.unit_code, post.unit) for post in posts)


def open_by_page(deps: Deps, person_id: int, form: SlipForm) -> tuple[str, tuple[Alike, ...]]:
    """Open the slip, or add it to the case that was chosen: the sentence for the opener. When
    something is alike and nothing was chosen, nothing is done and that is returned. Raises
    Refused, also for photos."""
    text = _text(form)
    reading = read_safely(deps, text)
    if not form.choice and reading.urgency != "emergency":
        found = _alike(deps, person_id, reading, form.whose)
        if found:
            return "", found
    with photos.kept(deps, form.sent) as kept, deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        post = _post(turn, person_id, form)
        contact = conversation.contact_for(session, slips.SOURCE, _key(person_id, form), turn.now)
        opened = cases.of_contact(session, contact.id)
        if opened:  # the same form, sent twice
            return turn.say("page.slip_again", number=show_number(opened[0].number)), ()
        if form.choice not in ("", "new"):
            return _add(turn, (person_id, post), contact, form, kept), ()
        case, said = slips.open_for(
            turn, post, contact, text, keep=bool(form.station), source=form.source
        )
        case.text = slips.with_whose(turn, case.text, form.whose)
        indexing.index(turn, case)  # by the phone that is in it now
        photos.attach(turn, case, kept, by=post.unit)
        return said, ()


def _post(turn: Turn, person_id: int, form: SlipForm) -> PostView:
    """The post under which it is opened: that of the station that was chosen, if one was."""
    if not form.station:
        return slips.opener(turn, person_id)
    own = slips.may_keep(turn, person_id)
    post = next((p for p in own if p.unit_code == form.station), None)
    if post is None:
        raise Refused("page.slip_station")
    return post


def _key(person_id: int, form: SlipForm) -> str:
    return f"slip:page:{person_id}:{form.once[:64]}"


def _text(form: SlipForm) -> str:
    words, place = clean(form.words).strip(), clean(form.place).strip()
    if not words:
        raise Refused("page.empty")
    if form.source not in slips.SOURCES:
        raise Refused("page.slip_source")
    if len(words) + len(place) > LONGEST or len(form.whose) > LONGEST_CONTACT:
        raise Refused("page.too_long", most=LONGEST)
    return words if place in words else f"{place}，{words}"


def _alike(deps: Deps, person_id: int, reading: Reading, whose: str) -> tuple[Alike, ...]:
    """Open cases of the same place and matter, and of the same phone, that this person may see."""
    phones = (*reading.phones, *read_safely(deps, whose).phones)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        slips.opener(turn, person_id)
        found = {c.id: c for c in (*_same(turn, reading), *_of_phones(turn, phones))}
        return tuple(
            Alike(c.number, show_number(c.number), wording.what(turn, c), wording.status(turn, c))
            for c in found.values() if can(turn, person_id, Action.SEE, c)
        )  # fmt: skip


def _same(turn: Turn, reading: Reading) -> Sequence[Case]:
    place = place_name(reading)
    if place is None or reading.category is None:
        return ()
    return cases.open_about(turn.session, place, reading.category, slips.ALIKE)


def _of_phones(turn: Turn, phones: Sequence[str]) -> Sequence[Case]:
    tokens = (indexing.phone_token(turn.deps, each) for each in phones)
    return [c for each in tokens for c in search.open_with(turn.session, each, slips.ALIKE)]


def _add(
    turn: Turn,
    who: tuple[int, PostView],
    contact: Contact,
    form: SlipForm,
    kept: Sequence[photos.Photo],
) -> str:
    """The words go to the chosen case, masked and without whose they are: it is another person's,
    who reads it."""
    person_id, post = who
    case = cases.by_number(turn.session, form.choice)
    if case is None or not can(turn, person_id, Action.SEE, case):
        raise Refused("page.no_case")
    if State(case.state) not in OPEN:
        raise Refused("page.add_over", number=show_number(case.number))
    masked = read_safely(turn.deps, _added(turn, form)).masked
    if _is_first(turn, contact):
        photos.attach(turn, case, kept, by=post.unit)
        words, whose = slips.apart(turn, case.text)
        case.text = slips.with_whose(turn, joined(words, masked), whose)
        case.masked = joined(case.masked, masked)
        indexing.index(turn, case)
        case.version += 1
        events.record(turn.session, turn.now, "slip_added", case_id=case.id, by=By("post", post.id))
        tell_holders(turn, case, masked, f"v{case.version}")
    return turn.say("page.slip_added", number=show_number(case.number))


def _added(turn: Turn, form: SlipForm) -> str:
    """The words, with the place on a line of its own: it may say more than that of the case."""
    words, place = clean(form.words).strip(), clean(form.place).strip()
    if not place or place in words:
        return words
    return f"{words}\n{turn.say('page.slip_where', place=place)}"


def _is_first(turn: Turn, contact: Contact) -> bool:
    """Whether this form, whose sender the contact stands for, has not been taken yet."""
    key = contact.address
    mark = Inbound(key=key, openid=key, account="page", kind="text", sent_at=turn.now)
    return conversation.add_message(turn.session, contact, mark, turn.now) is not None
