"""Words by which categories are told, at the console: the product's own and the office's over them;
what a change would do, by the cases of the last ninety days read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.lexicon import ENDED, LONGEST, Word, fault
from bot.domain.understanding import Weighed
from bot.nlp.fold import fold
from bot.nlp.words import WordFinder
from bot.services import master_history, roster
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.master_desk import author_of
from bot.services.master_history import Author, Change
from bot.services.office_understander import with_words
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.what_if import LOOK_BACK, Differences, Ways, compare
from bot.store import events, office_words, worklists

SEARCHED = 20_000
"""Cases in which a word is looked for, the newest: ten microseconds each."""
MOST = 1000
"""Cases with the word that are read again, the newest: some milliseconds each."""
SHOWN = 300
BACK = "back"
"""In the place of a weight: as the product has it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a word counts for. No category: it only keeps shorter words from counting; weight 0: it
    counts no more."""

    category: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Line:
    """A word. `shipped`: as the product has it; `own`: as the office wrote it, since when."""

    word: str
    shipped: Counts | None
    own: Counts | None
    since: datetime | None

    @property
    def counts(self) -> Counts | None:
        """What it counts for; None for a word that there is not."""
        return self.own or self.shipped

    @property
    def now(self) -> Counts:
        """The same; such a word counts for nothing."""
        return self.counts or Counts("", "", 0)


@dataclass(frozen=True, slots=True)
class Lines:
    """The first SHOWN of `count` words."""

    count: int
    first: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A word as a form has it: `weight` in digits, 0 to end it, or BACK."""

    word: str
    category: str
    weight: str


def folded(word: str) -> str:
    """As it is kept, and looked for."""
    return fold(word).text.strip()


def categories(deps: Deps) -> dict[str, str]:
    """Names of all by code."""
    return {code: info.name for code, info in deps.understander().categories.items()}


def listed(deps: Deps, words: str = "", category: str = "") -> Lines:
    """Words with these characters, or of this category; without either those of the office."""
    wanted = folded(words)
    order = list(categories(deps))
    found = [
        line
        for line in lines(deps).values()
        if (wanted in line.word and category in ("", line.now.category))
        and (wanted or category or line.own)
    ]
    found.sort(key=lambda each: (_place(order, each.now.category), -each.now.weight, each.word))
    return Lines(len(found), tuple(found[:SHOWN]))


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def lines(deps: Deps) -> dict[str, Line]:
    """All words, the product's and the office's, by themselves."""
    names, shipped = categories(deps), deps.understander().words
    with deps.database.read() as session:
        own = {each.word: each for each in office_words.words(session)}
        since = office_words.saved_at(session)
    return {
        word: Line(
            word,
            _shipped(names, shipped[word]) if word in shipped else None,
            _own(names, own[word]) if word in own else None,
            since.get(word),
        )
        for word in {**shipped, **own}
    }  # fmt: skip


def _shipped(names: Mapping[str, str], counts: Weighed) -> Counts:
    code, weight = counts[0] if counts else ("", 0.0)
    return Counts(code, names.get(code, ""), weight)


def _own(names: Mapping[str, str], word: Word) -> Counts:
    return Counts(word.category, names.get(word.category, word.category), word.weight)


def look(deps: Deps, word: str) -> tuple[Line, tuple[Change, ...]]:
    """One word and its past; one that was never written, too, for its form. Raises NotFound for
    what can be no word."""
    if not word or len(word) > LONGEST:
        raise NotFound("console.no_view")
    line = lines(deps).get(word) or Line(word, None, None, None)
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        return line, master_history.of_rows(turn, {f"words:{word}"})


def known(line: Line, history: tuple[Change, ...]) -> bool:
    """Whether anybody ever wrote it."""
    return bool(line.shipped or line.own or history)


def checked(deps: Deps, wish: Wish) -> Word | None:
    """The word to keep; None: it is to be as the product has it. Raises Refused."""
    understander = deps.understander()
    word = folded(wish.word)
    shipped = understander.words.get(word)
    if wish.weight == BACK:
        return None
    weight = int(wish.weight) if wish.weight.isascii() and wish.weight.isdigit() else -1
    counted = shipped[0][0] if shipped else ""
    given = Word(word, counted if weight == ENDED else wish.category, weight)
    if found := fault(given, understander.words, understander.categories):
        raise Refused(found.key, **found.values)
    if understander.read(word).pii:
        raise Refused("master.word_personal")
    return None if given.weighed == shipped and weight != ENDED else given


def what_would_change(
    deps: Deps, visit: ConsoleVisit, changes: Mapping[str, Word | None]
) -> Differences:
    """The last ninety days' cases with one of these words, read and routed with the change and
    without. Of what this person may see."""
    base = deps.understander()
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        before = {each.word: each for each in office_words.words(session)}
        stations = roster.directory_within(deps, session, turn.today)
        seen = worklists.seen_by(visit.actor)
        texts = office_words.texts(session, turn.now - LOOK_BACK, seen, SEARCHED)
        finder = WordFinder(changes)
        mention = [each for each, text in texts if finder.first(fold(text).text)]
        rows = worklists.of_ids(session, mention[:MOST], seen)
        ways = (
            Ways(with_words(base, each.values()), stations)
            for each in (before, _after(before, changes))
        )
        was = {word: before.get(word) for word in changes}
        return compare(turn, reversed(rows), *ways, was, dict(changes))


def _after(before: Mapping[str, Word], changes: Mapping[str, Word | None]) -> dict[str, Word]:
    found = {**before, **changes}
    return {word: each for word, each in found.items() if each is not None}


def keep(
    deps: Deps, visit: ConsoleVisit, wish: Wish, *, reason: str, sure: str
) -> str | Differences:
    """Keep the word, if just these differences were shown; else what would change. Raises
    Refused."""
    author = author_of(visit, reason)
    given = checked(deps, wish)
    word = folded(wish.word)
    if is_same(lines(deps).get(word) or Line(word, None, None, None), given):
        raise Refused("console.nothing_changed")
    shown = what_would_change(deps, visit, {word: given})
    if sure != shown.sure:
        return shown
    write(deps, {word: given}, author)
    return deps.texts.say("master.done_word", word=word)


def is_same(line: Line, given: Word | None) -> bool:
    """Whether the word is kept just so already."""
    if line.own is None or given is None:
        return line.own is None and given is None
    return (line.own.category, line.own.weight) == (given.category, given.weight)


def after(deps: Deps, line: Line, given: Word | None) -> Counts | None:
    """What a word would count for."""
    return _own(categories(deps), given) if given else line.shipped


def write(deps: Deps, changes: Mapping[str, Word | None], author: Author) -> None:
    """Keep words in a write unit of its own, each with its past."""
    before = lines(deps)
    with deps.database.write() as session:
        now = deps.clock.now()
        kept = [each for each in changes.values() if each is not None]
        office_words.replace(session, kept, changes, now)
        for word, each in changes.items():
            line = before.get(word) or Line(word, None, None, None)
            pair = [said(deps, counts) for counts in (line.counts, after(deps, line, each))]
            events.record(
                session, now, "master_changed", by=author.by, reason=author.reason,
                about=f"words:{word}", fields={"counts": pair},
            )  # fmt: skip


def said(deps: Deps, counts: Counts | None) -> str:
    """What a word counts for, in words."""
    if counts is None:
        return ""
    key = "master.word_counts" if counts.weight else "master.word_rests"
    return deps.texts.say(key, category=counts.name, weight=f"{counts.weight:g}")
