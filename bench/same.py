"""What it costs to find the open cases that may be of one new case's matter, among few and many."""

import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, text, update

from bench import messages
from bench.results import Result, paired
from bench.sweep import field
from bot.models.cases import Case
from bot.models.same_matter import CaseTerm
from bot.nlp.matters import terms
from bot.services import register
from bot.services.ports import Deps
from bot.services.same_matters import likenesses, matter_of
from bot.store import same_matters
from bot.store.prepared import table
from bot.store.same_matters import Words

FEW, MANY = 1_000, 100_000
ROUNDS, SAMPLES = 3, 100
TEXTS = 20_000
"""Different demands; the cases say them in turn."""
LIMIT = 10.0
"""Milliseconds a case."""


def sqlite() -> list[Result]:
    """same.sqlite: milliseconds to compare a case with 100,000 open ones, against 1,000: its terms,
    those that share them, the scores of these, with reasons."""
    size = int(os.environ.get("BENCH_CASES", MANY))
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        few, many = (
            stack.enter_context(field(f"sqlite:///{name}/{each}.sqlite3", Path(name), each)).deps
            for each in (FEW, size)
        )
        for deps in (few, many):
            _say(deps)
        rounds = [(_round(many, n), _round(few, n)) for n in range(ROUNDS)]
    return [paired("same.sqlite", "ms", rounds, at_most=3, limit=LIMIT)]


def _say(deps: Deps) -> None:
    """Every case says one of TEXTS demands and is found by it."""
    said = [_said(deps, words) for words in islice(messages.texts(), TEXTS)]
    with deps.database.read() as session:
        ids = list(session.scalars(text("SELECT id FROM cases ORDER BY id")))
    values = [said[each % TEXTS][0] | {"case_id": each} for each in ids]
    found_by = [{"case_id": each, "term": term} for each in ids for term in said[each % TEXTS][1]]
    change = update(table(Case)).where(table(Case).c.id == bindparam("case_id"))
    columns: dict[str, Any] = {name: bindparam(f"of_{name}") for name in _COLUMNS}
    with deps.database.engine.begin() as connection:
        connection.execute(change.values(columns), values)
        connection.execute(insert(table(CaseTerm)), found_by)
        connection.execute(text("ANALYZE"))
    print(f"  {len(ids)} cases are ready", file=sys.stderr)


_COLUMNS = ("masked", "place", "district", "category", "reading")


def _said(deps: Deps, words: str) -> tuple[dict[str, object], list[str]]:
    """The columns of a case of these words, and what it is found by."""
    read = deps.understander().read(words)
    _street, district = register.where(read.places)
    case = Words(
        id=0, masked=read.masked, place=register.place_name(read), district=district,
        category=read.category, created_at=deps.clock.now(), reported_at=None,
        reading={"categories": [{"code": c.code, "p": c.p} for c in read.categories]},
    )  # fmt: skip
    return {f"of_{name}": getattr(case, name) for name in _COLUMNS}, list(terms(matter_of(case)))


def _round(deps: Deps, number: int) -> float:
    """The median of a hundred cases, of all parts of the list. Time of the processor: all of it
    happens in this process, and a busy neighbour says nothing of it."""
    waits, found = [], 0
    with deps.database.read() as session:
        ids = list(session.scalars(text("SELECT id FROM cases ORDER BY id")))
        for case_id in ids[number :: max(1, len(ids) // SAMPLES)]:
            (one,) = same_matters.to_compare(session, [case_id])
            begun = time.process_time()
            found += len(likenesses(session, case_id, matter_of(one)))
            waits.append((time.process_time() - begun) * 1000)
    median, load = statistics.median(waits), os.getloadavg()[0]
    worst, alike = sorted(waits)[-2], found / len(waits)
    told = f"  {median:.1f} ms, {worst:.1f} at most, {alike:.1f} alike, load {load:.1f}"
    print(told, file=sys.stderr)
    return median
