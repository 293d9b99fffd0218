"""Names of places that no list knows, at the console: counted or written down, made another name
of a listed place or a new one, or set aside; and what that would change, by the last ninety days'
cases read again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy.orm import Session

from bot.domain.cases import show_number
from bot.domain.office_places import NamedPlace
from bot.domain.understanding import PlaceHit, Understander
from bot.models.cases import Case
from bot.nlp.fold import fold
from bot.nlp.words import WordFinder
from bot.services import master_history, roster, wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author, Change
from bot.services.office_understander import with_places
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.what_if import LOOK_BACK, Differences, Ways, compare
from bot.store import events, office_places, office_words, worklists

SHOWN = 200
SEARCHED = 20_000
"""Cases in which a name is looked for, the newest: ten microseconds each."""
MOST = 1000
"""Cases with the name that are read again, the newest."""
LEAST, LONGEST = 2, 20
HOLDING = 10
"""Cases of a name on its page."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A case that holds a name."""

    number: str
    shown: str
    what: str


@dataclass(frozen=True, slots=True)
class Line:
    """A name that no list knows. `districts`: what was said with it; `first`, `last`: its cases."""

    name: str
    count: int
    districts: tuple[str, ...]
    first: Holder
    last: Holder


@dataclass(frozen=True, slots=True)
class Listing:
    """Names that wait, those that became places, and those that are none."""

    waiting: tuple[Line, ...]
    places: tuple[NamedPlace, ...]
    set_aside: tuple[NamedPlace, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to make of a name: it lies at `where` (a listed place, a street, a district); or `act`
    is ASIDE (no place) or BACK (as if nothing had been made of it)."""

    name: str
    where: str = ""
    act: str = ""


ASIDE, BACK = "aside", "back"


def listed(deps: Deps, visit: ConsoleVisit) -> Listing:
    """All names, of cases that this person may see."""
    with deps.database.read() as session:
        turn, seen = Turn(deps, session, deps.clock.now()), worklists.seen_by(visit.actor)
        found = office_places.unknown(session, seen, SHOWN)
        said = office_places.districts(session, [each.name for each in found], seen)
        ids = {each.first for each in found} | {each.last for each in found}
        cases = {case.id: _holder(turn, case) for case in worklists.of_ids(session, ids, seen)}
        made = office_places.all_of(session)
    waiting = tuple(
        Line(each.name, each.count, tuple(said.get(each.name, ())), cases[each.first],
             cases[each.last])
        for each in found
    )  # fmt: skip
    return Listing(
        waiting,
        tuple(each for each in made if each.is_place),
        tuple(each for each in made if not each.is_place),
    )


def _holder(turn: Turn, case: Case) -> Holder:
    return Holder(case.number, show_number(case.number), wording.what(turn, case))


def look(
    deps: Deps, visit: ConsoleVisit, name: str
) -> tuple[NamedPlace | None, tuple[Holder, ...], tuple[Change, ...]]:
    """What was made of a name, the newest cases that hold it, and its past: all empty for a name
    that nobody said and nobody wrote."""
    with deps.database.read() as session:
        turn, seen = Turn(deps, session, deps.clock.now()), worklists.seen_by(visit.actor)
        made = _made(session).get(name)
        rows = office_places.holding(session, name, seen, HOLDING)
        history = master_history.of_rows(turn, {f"places:{name}"})
        return made, tuple(_holder(turn, case) for case in rows), history


def _made(session: Session) -> dict[str, NamedPlace]:
    return {each.name: each for each in office_places.all_of(session)}


def checked(deps: Deps, wish: Wish) -> NamedPlace | None:
    """What to keep of a name; None: nothing. Raises Refused."""
    if wish.act == BACK:
        return None
    if not LEAST <= len(wish.name) <= LONGEST or not _NAME.fullmatch(wish.name):
        raise Refused("master.place_length", least=LEAST, most=LONGEST)
    if wish.act == ASIDE:
        return NamedPlace(wish.name)
    base = deps.understander()
    if not wish.where:
        raise Refused("master.place_where")
    only_a_word = wish.name in base.words and not base.read(wish.name).places
    if only_a_word or wish.name in _EVERYDAY:
        raise Refused("master.place_is_word", name=wish.name)
    if _is_official(base, wish.name):
        raise Refused("master.place_official", name=wish.name)
    hit = _meant(base.read(wish.where).places, wish.where)
    area = hit.name in (hit.unit, hit.district)
    return NamedPlace(wish.name, "" if area else hit.name, hit.unit, hit.district)


_NAME = re.compile(r"[\w·\-]+")
_EVERYDAY = frozenset(
    {
        "今天", "明天", "昨天", "现在", "附近", "我家", "家里", "门口", "楼下", "对面", "旁边",
        "小区", "村里", "单位", "学校", "医院", "公园", "师傅", "老人", "孩子", "邻居", "物业",
        "社区", "街道", "领导", "你好", "您好", "谢谢", "请问", "希望", "我们", "你们", "他们",
        "这里", "那里", "这边", "那边",
    }
)  # fmt: skip
"""Words that would send every other message there."""
_CITY = ("呼和浩特", "呼和浩特市", "呼市", "内蒙古", "青城")


def _is_official(base: Understander, name: str) -> bool:
    """A district or street of the product's list, under any of its names: they are no office's to
    move."""
    own = base.with_places({}).read(name).places
    official = (hit.name for hit in own if hit.name in (hit.unit, hit.district))
    return name in _CITY or any(each.startswith(name) for each in official)


def _meant(hits: tuple[PlaceHit, ...], words: str) -> PlaceHit:
    """The most exact place of some words. Raises Refused when there is none, or several are."""
    several = next((hit for hit in hits if hit.options), None)
    if several is not None:
        raise Refused("master.place_several", place=several.name)
    exact = [hit for hit in hits if hit.unit] or [hit for hit in hits if hit.district]
    if not exact:
        raise Refused("master.no_place", words=words)
    districts = {hit.district for hit in hits if hit.district}
    if len({hit.unit for hit in exact}) > 1 or len(districts) > 1:
        raise Refused("master.place_several", place=words)
    return exact[0]


Changes = Mapping[str, NamedPlace | None]
"""What to keep of names; None: nothing."""


def what_would_change(deps: Deps, visit: ConsoleVisit, changes: Changes) -> Differences:
    """The last ninety days' cases with one of these names, read and routed with them and without.
    Of what this person may see."""
    base = deps.understander()
    with deps.database.read() as session:
        turn, seen = Turn(deps, session, deps.clock.now()), worklists.seen_by(visit.actor)
        before = _made(session)
        texts = office_words.texts(session, turn.now - LOOK_BACK, seen, SEARCHED)
        finder = WordFinder(changes)
        mention = [each for each, text in texts if finder.first(fold(text).text)]
        rows = worklists.of_ids(session, mention[:MOST], seen)
        stations = roster.directory_within(deps, session, turn.today)
        ways = (
            Ways(with_places(base, [each for each in made.values() if each.is_place]), stations)
            for made in (before, _after(before, changes))
        )
        was = [before.get(name) for name in changes]
        return compare(turn, rows, *ways, was, sorted(changes.items(), key=itemgetter(0)))


def _after(before: Mapping[str, NamedPlace], changes: Changes) -> dict[str, NamedPlace]:
    kept = {**before, **changes}
    return {name: made for name, made in kept.items() if made is not None}


def keep(
    deps: Deps, visit: ConsoleVisit, wish: Wish, *, reason: str, sure: str
) -> str | Differences:
    """Keep it, if just these differences were shown or there are none; else what would change.
    Raises Refused."""
    author = author_of(visit, reason)
    given = checked(deps, wish)
    if made_of(deps).get(wish.name) == given:
        raise Refused("console.nothing_changed")
    changes = {wish.name: given}
    shown = what_would_change(deps, visit, changes)
    if shown.count and sure != shown.sure:
        return shown
    write(deps, changes, author)
    return deps.texts.say("master.done_place", name=wish.name, made=said(deps, given))


def made_of(deps: Deps) -> dict[str, NamedPlace]:
    """What the office made of names so far."""
    with deps.database.read() as session:
        return _made(session)


def write(deps: Deps, changes: Changes, author: Author) -> None:
    """Keep names in a write unit of its own, each with its past."""
    with deps.database.write() as session:
        now, before = deps.clock.now(), _made(session)
        for name, given in changes.items():
            office_places.replace(session, name, given, now)
            pair = [said(deps, each) for each in (before.get(name), given)]
            events.record(
                session, now, "master_changed", by=author.by, reason=author.reason,
                about=f"places:{name}", fields={"place": pair},
            )  # fmt: skip


def said(deps: Deps, made: NamedPlace | None) -> str:
    """What was made of a name, in words."""
    if made is None:
        return deps.texts.say("master.place_waits")
    if not made.is_place:
        return deps.texts.say("master.place_aside")
    where = "".join(dict.fromkeys(filter(None, (made.district, made.street))))
    key = "master.place_same" if made.same_as else "master.place_in"
    return deps.texts.say(key, where=where, same=made.same_as)
