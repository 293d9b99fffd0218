"""The understander of now: the product's, with what the office wrote over its data."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.lexicon import ENDED, Word
from bot.domain.office_places import NamedPlace
from bot.domain.understanding import CategoryInfo, Understander, Weighed, Where
from bot.services.stations import fingerprint
from bot.store import office_places, office_sectors, office_words
from bot.store.unit_of_work import Database

FRESH_SECONDS = 30


class Ordered:
    """An understander whose categories have other orders of sectors. What is read is the same:
    they are for routing. `mark`: what its version adds."""

    def __init__(self, base: Understander, mark: str, categories: dict[str, CategoryInfo]) -> None:
        self.version, self.categories = f"{base.version}+{mark}", categories
        self.emergencies, self.words = base.emergencies, base.words
        self.read, self.unlisted = base.read, base.unlisted
        self._base, self._mark = base, mark

    def with_places(self, office: Mapping[str, Where]) -> Understander:
        """The same orders with these places."""
        return Ordered(self._base.with_places(office), self._mark, self.categories)

    def with_words(self, office: Mapping[str, Weighed]) -> Understander:
        """The same orders with these words."""
        return Ordered(self._base.with_words(office), self._mark, self.categories)


def with_orders(base: Understander, orders: Mapping[str, tuple[str, ...]]) -> Understander:
    """The same with these orders over its own; a new version when there are any."""
    if not orders:
        return base
    categories = {
        code: replace(info, sector_units=orders.get(code, info.sector_units))
        for code, info in base.categories.items()
    }
    return Ordered(base, fingerprint(sorted(orders.items())), categories)


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
    """What the office wrote over the product's data: orders of sectors by category, words of
    categories, places."""

    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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
                    office_sectors.orders(session),
                    office_words.words(session),
                    office_places.adopted(session),
                )
        except (SQLAlchemyError, WaitedTooLong):
            return self._written


def _over(base: Understander, written: Written) -> Understander:
    return with_orders(with_words(with_places(base, written.places), written.words), written.orders)
