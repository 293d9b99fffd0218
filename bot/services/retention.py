"""`flask retention` and its nightly run: what has been kept long enough goes, and is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.retention import read_rules
from bot.services import media_files
from bot.services.nightly import once_a_night
from bot.services.ports import Deps
from bot.store import retention as store
from bot.store.unit_of_work import SCRUB

BATCH = 500
"""Rows in one write unit: well below a second, for residents wait behind it."""
A_NIGHT = 200
"""Batches of one kind in one night; what is left goes in the next one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the report: `found` of this kind were older than `before`; in a dry run nothing was
    done with them."""

    kind: str
    days: int
    before: datetime
    done: str
    found: int
    dry_run: bool


def nightly(deps: Deps) -> Sequence[Kept]:
    """The run of this night, as far as it goes; only kinds of which something went."""
    return once_a_night(
        deps, "retention", lambda: [line for line in retention(deps, most=A_NIGHT) if line.found]
    )


def retention(deps: Deps, *, dry_run: bool = False, most: int | None = None) -> Iterator[Kept]:
    """Carry out every rule, one line each; `most` batches of each kind. A dry run only counts, by
    the same conditions."""
    now = deps.clock.now()
    for kind, rule in read_rules(deps.settings.retention).items():
        before = now - timedelta(days=rule.days)
        found = _found(deps, kind, before, dry_run=dry_run, most=most)
        yield Kept(kind, rule.days, before, rule.done, found, dry_run)


def _found(deps: Deps, kind: str, before: datetime, *, dry_run: bool, most: int | None) -> int:
    if kind not in store.KINDS:
        return _loose_files(deps, before, dry_run=dry_run)
    if dry_run:
        with deps.database.read() as session:
            return store.count(session, kind, before)
    total = last = batches = 0
    while most is None or batches < most:
        with deps.database.write() as session:
            done, last = store.let_go(session, kind, before, after=last, limit=BATCH)
            session.info[SCRUB] = bool(done)  # words leave the write-ahead log, too
        total += done
        batches += 1
        if done < BATCH:
            break
    return total


def _loose_files(deps: Deps, before: datetime, *, dry_run: bool) -> int:
    """Files that belong to no attachment: of a download that was cut off, or that a restored
    database knows nothing of."""
    root = deps.settings.var_path / "media"
    old = [path for path in root.glob("*/*") if _written(path) < before]
    loose = 0
    for first in range(0, len(old), BATCH):
        some = old[first : first + BATCH]
        hashes = [_hash(path) for path in some]
        with deps.database.read() as session:
            used = store.used_hashes(session, hashes)
        for path, sha256 in zip(some, hashes, strict=True):
            if sha256 not in used:
                loose += 1
                if not dry_run:
                    path.unlink(missing_ok=True)
    return loose


def _written(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # gone meanwhile
        return datetime.max.replace(tzinfo=UTC)


def _hash(path: Path) -> str:
    """The hash that a file's place says."""
    return path.parent.name + path.name.removesuffix(media_files.PLAYABLE)
