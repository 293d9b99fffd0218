"""The understander of now: the product's, with what the office wrote over its data."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.lexicon import ENDED, Word
from bot.domain.office_places import NamedPlace
from bot.domain.understanding import CategoryInfo, Rewritten, Understander, Weighed, Where
from bot.services.stations import fingerprint
from bot.store import office_categories, office_places, office_words
from bot.store.unit_of_work import Database

FRESH_SECONDS = 30


class Rewriting:
    """An understander whose categories have other names, days and orders of sectors. What is read
    is the same. `mark`: what its version adds."""

    def __init__(self, base: Understander, mark: str, categories: dict[str, CategoryInfo]) -> None:
        self.version, self.categories = f"{base.version}+{mark}", categories
        self.emergencies, self.words = base.emergencies, base.words
        self.read, self.unlisted = base.read, base.unlisted
        self._base, self._mark = base, mark

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """The same categories with these places."""
        return Rewriting(self._base.with_places(office), self._mark, self.categories)

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """The same categories with these words."""
        return Rewriting(self._base.with_words(office), self._mark, self.categories)


def with_categories(base: Understander, written: Mapping[str, Rewritten]) -> Understander:
    """The same with this over its categories; a new version when there is any."""
    if not written:
        return base
    categories = {
        code: written[code].over(info) if code in written else info
        for code, info in base.categories.items()
    }
    return Rewriting(base, fingerprint(sorted(written.items(), key=itemgetter(0))), categories)


def with_words(base: Understander, words: Iterable[Word]) -> Understander:
    """The same with just these words of the office. One for a category that there is no more, after
    an update, is passed over."""
    known = (each for each in words if each.weight == ENDED or each.category in base.categories)
    return base.with_words({each.word: each.weighed for each in known})


def with_places(base: Understander, places: Iterable[NamedPlace]) -> Understander:
    """The same with just these places of the office."""
    return base.with_places({each.name: each.where for each in places})


@dataclass(frozen=True, slots=True)
class Written:
    """What the office wrote over the product's data: categories by their codes, words of
    categories, places."""

    categories: Mapping[str, Rewritten] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    places: tuple[NamedPlace, ...] = ()


class OfficeUnderstander:
    """Call it for the understander of now, over what the office wrote as of FRESH_SECONDS ago.
    `monotonic`: seconds that only grow."""

    def __init__(
        self,
        load: Callable[[], Understander],
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load, self._database, self._monotonic = load, database, monotonic
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._written = Written()
        self._made: Understander | None = None

    def __call__(self) -> Understander:
        """The product's own, or one over it."""
        base = self._load()
        with self._lock:
            now = self._monotonic()
            if self._made is None or self._read_at is None or now - self._read_at >= FRESH_SECONDS:
                self._read_at, written = now, self._look()
                if self._made is None or written != self._written:
                    self._written = written
                    self._made = _over(base, written)
            return self._made

    def _look(self) -> Written:
        if not self._database.is_there():
            return self._written
        try:
            with self._database.read() as session:
                return Written(
                    office_categories.written(session),
                    office_words.words(session),
                    office_places.adopted(session),
                )
        except (SQLAlchemyError, WaitedTooLong):
            return self._written


def _over(base: Understander, written: Written) -> Understander:
    worded = with_words(with_places(base, written.places), written.words)
    return with_categories(worded, written.categories)
