"""What the first page of a search and of a list costs among few and among many cases."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import text

from bench import messages
from bench.results import Result, paired
from bench.sweep import create, field
from bot.domain.worklists import View
from bot.nlp.pairs import tokens
from bot.services import searching, worklists
from bot.services.console_visits import ConsoleVisit
from bot.services.ports import Deps
from bot.services.searching import SearchForm
from bot.store import organisation
from tools.postgres import postgres_server

FEW = 1_000
MANY = {"sqlite": 100_000, "postgres": 1_000_000}
TEXTS = 5_000
"""Different words; the cases say them in turn."""
ROUNDS = 3
SAMPLES = 280
"""Questions in a round: of fewer the 99th percentile is one bad moment of the machine."""
OFFICE, STATION = "OFFICE:intake_staff", "first_convener"
VIEWS = (View.OPEN, View.ALL, View.RED, View.YELLOW)

Ask = Callable[[Deps], object]


def sqlite() -> list[Result]:
    """search.sqlite and queue.sqlite: p99 of a first page among 100,000 cases, against 1,000."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        files = [f"sqlite:///{folder / size}.sqlite3" for size in ("few", "many")]
        return _among("sqlite", folder, files)


def postgres() -> list[Result]:
    """search.postgres and queue.postgres: the same among 1,000,000."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, postgres_server() as socket:
        return _among("postgres", Path(name), [create(socket, size) for size in ("few", "many")])


def _among(name: str, folder: Path, urls: Sequence[str]) -> list[Result]:
    sizes = (FEW, int(os.environ.get("BENCH_CASES", MANY[name])))
    with ExitStack() as stack:
        both = [
            stack.enter_context(field(url, folder, size)).deps
            for url, size in zip(urls, sizes, strict=True)
        ]
        for deps, size in zip(both, sizes, strict=True):
            _say(deps, size)
        few, many = both
        return [
            paired(f"{what}.{name}", "ms", [_round(asks, few, many) for _ in range(ROUNDS)],
                   at_most=3)
            for what, asks in (("search", _searches(few)), ("queue", _lists(few)))
        ]  # fmt: skip


def _round(asks: Sequence[Ask], few: Deps, many: Deps) -> tuple[float, float]:
    """p99 of all questions among many and among few, asked in turn."""
    waits: tuple[list[float], list[float]] = [], []
    for ask in islice(cycle(asks), SAMPLES):
        for deps, found in zip((many, few), waits, strict=True):
            begun = time.perf_counter()
            ask(deps)
            found.append((time.perf_counter() - begun) * 1000)
    ours, base = (sorted(found)[int(len(found) * 0.99)] for found in waits)
    print(f"  many and few: {ours:.1f} ms {base:.1f} ms  load {os.getloadavg()[0]:.1f}",
          file=sys.stderr)  # fmt: skip
    return ours, base


def _searches(deps: Deps) -> list[Ask]:
    """What nearly all say, what few say, what nobody says; with a station, with days, by a station
    that sees only its own."""
    office, station = _visitor(deps, OFFICE), _visitor(deps, STATION)
    place = messages.places()[7]
    forms = [
        SearchForm(words="怎么"), SearchForm(words="路灯 晚上"), SearchForm(words="水"),
        SearchForm(words=place), SearchForm(words=f"{place} 井盖"), SearchForm(words="潜水艇"),
        SearchForm(words="13812345678"), SearchForm(words="1123-0001"),
        SearchForm(words="停车", station=station.posts[0].unit_code),
        SearchForm(words="公交", state="open", since="2026-11-01"),
        SearchForm(station=station.posts[0].unit_code), SearchForm(state="open"),
    ]  # fmt: skip
    asks = [_search(office, form) for form in forms]
    return [*asks, _search(station, SearchForm(words="路灯")), _search(station, forms[1])]


def _search(visit: ConsoleVisit, form: SearchForm) -> Ask:
    return lambda deps: searching.find(deps, visit, form)


def _lists(deps: Deps) -> list[Ask]:
    """The office's lists that have any cases here."""
    office = _visitor(deps, OFFICE)
    return [_list(office, view) for view in VIEWS]


def _list(visit: ConsoleVisit, view: View) -> Ask:
    return lambda deps: worklists.listed(deps, visit, view)


def _visitor(deps: Deps, ref: str) -> ConsoleVisit:
    """Whoever holds this post, or the first that has this role."""
    with deps.database.read() as session:
        today = deps.clock.now().date()
        if ":" not in ref:
            where = text("SELECT id FROM posts WHERE role = :role ORDER BY id LIMIT 1")
            ref = str(session.execute(where, {"role": ref}).scalar_one())
        post = organisation.post_by_ref(session, ref, today)
    if post is None:
        raise RuntimeError(f"nobody holds {ref}")
    return ConsoleVisit(1, 1, "", post.person_id, "", (post,), (), True, True, True)


def _say(deps: Deps, size: int) -> None:
    """Every case says something: TEXTS different demands in turn."""
    said = list(islice(messages.texts(), TEXTS))
    rows = [{"k": k, "words": tokens(words)} for k, words in enumerate(said)]
    with deps.database.engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE said (k INTEGER PRIMARY KEY, words TEXT)"))
        connection.execute(text("INSERT INTO said VALUES (:k, :words)"), rows)
        connection.execute(text("DELETE FROM case_tokens"))
        connection.execute(
            text("INSERT INTO case_tokens (case_id, words, phones) SELECT c.id, s.words, '' "
                 "FROM cases c JOIN said s ON s.k = c.id % :many"), {"many": TEXTS},
        )  # fmt: skip
    ready = ("ANALYZE",) if deps.database.is_sqlite else ("VACUUM ANALYZE case_tokens", "ANALYZE")
    with deps.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as done:
        for statement in ready:
            done.execute(text(statement))
    print(f"  {size} cases are ready", file=sys.stderr)
