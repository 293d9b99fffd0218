"""What each step of one message costs: `python -m bench.steps`, medians in microseconds.

In one process, on an idle database with the demo network. The write unit is measured whole, and
its statements one by one inside the driver; the difference is Python's.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app import create_app
from bench import messages, serving
from bot.domain.inbound import Reply
from bot.handlers.crypto import signature
from bot.handlers.replies import render
from bot.handlers.translate import translate
from bot.services.ports import Deps
from bot.services.roster import directory
from bot.settings import Settings
from bot.store.unit_of_work import Database
from bot.wiring import build

TIMES = 400
REPLY = "收到了，编号 需261123-0001。昭乌达路街道委员工作站会在 明天 10:00 前接手。" * 2

Costs = dict[str, list[float]]


class Watch:
    """Collects how long named pieces of work take, in microseconds."""

    def __init__(self) -> None:
        self.costs: Costs = defaultdict(list)

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        begun = time.perf_counter()
        yield
        self.costs[name].append((time.perf_counter() - begun) * 1e6)

    def lines(self) -> Iterator[str]:
        """Median of each, and how often it happened for one message."""
        for name, found in self.costs.items():
            often = len(found) / TIMES
            yield f"{name:<42} {statistics.median(found):8.0f} µs  × {often:.2f}"


class TimedDatabase(Database):
    """Measures whole write units; nobody competes for the lock."""

    watch: Watch

    @contextmanager
    def write(self) -> Iterator[Any]:
        """The write unit, timed."""
        with self.watch.timing("write unit, with its sync"), super().write() as session:
            yield session


def _statements(database: Database, watch: Watch) -> None:
    begun = [0.0]

    def before(*_: object) -> None:
        begun[0] = time.perf_counter()

    def after(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        words = " ".join(sql.split()).replace("SELECT ", "").split(" FROM ")[-1]
        verb = sql.split(maxsplit=1)[0]
        short = " ".join(words.split()[:3] if verb != "SELECT" else [verb, words.split()[0]])
        watch.costs[f"  sql {short}"].append((time.perf_counter() - begun[0]) * 1e6)

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "after_cursor_execute", after)


def _edge(deps: Deps, watch: Watch, words: str) -> None:
    """The steps outside the write unit, each on its own."""
    stamp, clear = str(int(time.time())), messages.xml(words, "oBENCH_steps")
    cipher = messages.CRYPTO.encrypt(clear)
    signed = signature(messages.TOKEN, stamp, "n", cipher)
    with watch.timing("verify the signature"):
        messages.CRYPTO.check(signed, stamp, "n", cipher)
    with watch.timing("decrypt"):
        xml = messages.CRYPTO.decrypt(cipher)
    with watch.timing("parse and translate"):
        inbound = translate(xml)
    with watch.timing("understand"):
        deps.understander().read(inbound.text)
    with watch.timing("directory (roster version)"):
        directory(deps)
    now = datetime.now(UTC)
    with watch.timing("render the reply"):
        reply = render(Reply(REPLY), inbound, now, deps.texts)
    with watch.timing("encrypt the reply"):
        messages.CRYPTO.envelope(reply, stamp, "n")


def _whole(post: Callable[..., Any], watch: Watch, words: str, person: str) -> None:
    query, body = messages.sealed(words, person)
    with watch.timing("one message, with the test client"):
        answer = post(f"/wechat?{query}", data=body, content_type="text/xml")
    if b"<Encrypt>" not in answer.data:
        raise RuntimeError("a push got no reply")


def measure(folder: Path) -> list[str]:
    """The table, line by line."""
    deps = build(Settings(mode="demo", var_dir=folder))
    deps.understander()
    watch, source = Watch(), messages.texts()
    database = TimedDatabase(deps.settings.sqlalchemy_url)
    database.watch = Watch()
    app = create_app(deps=replace(deps, database=database))
    for number in range(TIMES + 50):
        if number == 50:  # warm by now
            watch, database.watch = Watch(), Watch()
            _statements(database, database.watch)
        words = next(source)
        _whole(app.test_client().post, watch, words, f"oBENCH_{number}")
        _edge(deps, watch, words)
    database.dispose()
    deps.database.dispose()
    return [*watch.lines(), *database.watch.lines()]


if __name__ == "__main__":
    with serving.world() as data:
        print("\n".join(measure(data)))
