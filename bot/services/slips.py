"""基层开单: somebody of a station writes a demand down for a person who came by or called."""

from bot.domain.cases import Handling, Queue, show_number
from bot.domain.clean import clean
from bot.domain.roles import HANDLERS, Role
from bot.domain.rule import Rule
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import dispatch, timing, wording
from bot.services.errors import Refused
from bot.services.reading import read_safely
from bot.services.register import register
from bot.services.roster import directory_within
from bot.services.turn import Turn
from bot.store import cases, conversation, organisation
from bot.store.events import By
from bot.store.organisation import PostView

SOURCE = "walk_in"
SOURCES = (SOURCE, "phone", "letter")
"""How the demand came to who writes it down: somebody came by, called or wrote."""
MAY_OPEN = HANDLERS | {Role.SECRETARY, Role.INTAKE_STAFF, Role.ADMIN}
ALIKE = 3
"""Open cases of the same place and matter that are named."""


def open_slip(turn: Turn, person_id: int, text: str, key: str) -> tuple[Case, str]:
    """Register `text` for somebody who does not write to us themselves; the opener hears the
    answer. `key` makes the slip's sender one of its own (a message's id, a form's token). Returns
    the case and the sentence for the opener. Raises Refused."""
    post = opener(turn, person_id)
    if not text.strip():
        raise Refused("member.slip_text")
    contact = conversation.contact_for(turn.session, SOURCE, f"slip:{key}", turn.now)
    return open_for(turn, post, contact, text)


def open_for(
    turn: Turn,
    post: PostView,
    contact: Contact,
    text: str,
    *,
    keep: bool = False,
    source: str = SOURCE,
) -> tuple[Case, str]:
    """The same for a sender that is there already, by somebody who may. `keep`: at the station of
    this post, whatever routing says; what is urgent or only for named people goes its way.
    `source`: one of SOURCES."""
    reading = read_safely(turn.deps, text.strip())
    case = register(
        turn, contact, reading, directory_within(turn.deps, turn.session, turn.today),
        source=source, settling=False, intent=_intent(reading),
    )  # fmt: skip
    case.opened_by_post_id = post.id
    if keep and case.handling == "normal" and case.queue in (None, Queue.STAFF):
        _keep(turn, case, post)
    elif case.queue is None and case.proposed_unit_id is None:
        dispatch.to_staff(turn, case, "no station is known for it")
    elif case.queue is None and case.proposed_unit_id is not None:
        dispatch.dispatch(turn, case, case.proposed_unit_id)
    return case, _sentence(turn, case)


def _keep(turn: Turn, case: Case, post: PostView) -> None:
    """What routing chose stands in the history (registered); the person's word comes after it."""
    assist = cases.stations_of(turn.session, case.id, "assist")
    cases.set_assist(turn.session, case.id, [unit for unit in assist if unit != post.unit_id])
    case.rule = Rule.KEPT_BY_OPENER.value
    dispatch.dispatch(turn, case, post.unit_id, by=By("post", post.id))


def with_whose(turn: Turn, words: str, whose: str) -> str:
    """The words of a case with a last line that says whose it is. Kept with the words, never among
    the masked ones: a name has no pattern."""
    line = " ".join(clean(whose).split())
    return f"{words}\n{turn.say('page.slip_whose', whose=line)}" if line else words


def apart(turn: Turn, text: str) -> tuple[str, str]:
    """The words of a case, and whose it is; empty if nobody wrote that down."""
    words, mark, whose = text.rpartition("\n" + turn.say("page.slip_whose", whose=""))
    return (words, whose) if mark and "\n" not in whose else (text, "")


def may_keep(turn: Turn, person_id: int) -> list[PostView]:
    """The posts under which this person may keep a slip, one a station that receives."""
    stations = directory_within(turn.deps, turn.session, turn.today).by_id
    found: dict[int, PostView] = {}
    for post in organisation.posts_of_person(turn.session, person_id, turn.today):
        station = stations.get(post.unit_id)
        if station is not None and station.receives and Role(post.role) in MAY_OPEN:
            found.setdefault(post.unit_id, post)
    return list(found.values())


def opener(turn: Turn, person_id: int) -> PostView:
    """The post under which this person opens slips. Raises Refused."""
    posts = organisation.posts_of_person(turn.session, person_id, turn.today)
    post = next((p for p in posts if Role(p.role) in MAY_OPEN), None)
    if post is None:
        raise Refused("member.slip_not_yours")
    return post


def _intent(reading: Reading) -> str:
    """Somebody took the trouble to write it down: it is no small talk."""
    return reading.intent if reading.intent in ("demand", "suggestion") else "demand"


def _sentence(turn: Turn, case: Case) -> str:
    number, what = show_number(case.number), wording.what(turn, case)
    if case.queue == "emergency":
        return turn.say("member.slip_emergency", number=number, what=what)
    if case.queue == Queue.RESTRICTED:
        at = wording.at(turn, timing.triage_due(turn.deps, turn.now))
        return turn.say("member.slip_restricted", number=number, due=at)
    if case.handling != Handling.NORMAL:
        at = wording.at(turn, timing.accept_due(turn.deps, case, turn.now))
        station = wording.station_name(turn, case)
        return turn.say("member.slip_named", number=number, station=station, due=at)
    if case.queue is not None:
        due = timing.triage_due(turn.deps, turn.now)
        said = turn.say("member.slip_staff", number=number, what=what, due=wording.at(turn, due))
    else:
        due = timing.accept_due(turn.deps, case, turn.now)
        said = turn.say(
            "member.slip_opened", number=number, what=what,
            station=wording.station_name(turn, case), due=wording.at(turn, due),
        )  # fmt: skip
    alike = cases.alike(turn.session, case, ALIKE)
    if not alike:
        return said
    numbers = "、".join(show_number(other.number) for other in alike)
    return f"{said}\n{turn.say('member.slip_alike', numbers=numbers)}"
