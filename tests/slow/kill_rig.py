"""Processes that are killed: the real services on a real database, dying at a labelled point.

A warmed process is forked, does its tasks and kills itself with SIGKILL the n-th time that it
comes to the label (bench.fuse).
"""

import json
import multiprocessing
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql

from bench.fuse import Fuse, light
from bot.domain.inbound import Choice, Inbound, Reply
from bot.domain.messages import Sent
from bot.domain.understanding import Understander
from bot.services.deliver import deliver
from bot.services.intake import receive
from bot.services.ports import Deps
from bot.services.sweep import sweep
from bot.settings import Settings
from bot.store.unit_of_work import Database
from bot.wiring import build
from tests.conversation_rig import LAMP
from tests.factories import bind_phone, write_network
from tests.fakes import MONDAY_MORNING, FakeClock


@dataclass
class FileChannel:
    """Carries messages into a file that outlives the process, one line each."""

    path: Path
    fuse: Fuse

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Carry a text."""
        return self._carry(openid, text)

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Carry a notice."""
        return self._carry(openid, " ".join(fields.values()))

    def _carry(self, openid: str, words: str) -> Sent:
        self.fuse.at("before send")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{openid} {' '.join(words.split())}\n")
        self.fuse.at("after send")
        return Sent("custom")


@dataclass
class Victims:
    """One database, and the processes that die on it."""

    folder: Path
    url: str
    understander: Understander

    def set_up(self) -> None:
        """The small network; the phones of those who get notices are bound."""
        database = Database(self.url)
        write_network(database)
        for person in ("first", "second", "head", "staff"):
            bind_phone(database, person, f"oTEST_{person}", MONDAY_MORNING)
        database.dispose()

    def run(self, *tasks: str, label: str = "", nth: int = 1, last: bool = False) -> int:
        """Do the tasks in a process of their own; its exit code. Tasks: `say N` (the n-th
        resident), `type PERSON KEY WORDS`, `at MINUTES` (of demo time since Monday 10:00), `sweep`,
        `deliver`. `last`: the fuse is lit for the last
        task only."""
        fork = multiprocessing.get_context("fork")
        lit = len(tasks) - 1 if last else 0
        child = fork.Process(target=self._live, args=(tasks, Fuse(left=nth), label, lit))
        child.start()
        child.join(timeout=60)
        assert child.exitcode is not None
        return child.exitcode

    def _live(self, tasks: Sequence[str], fuse: Fuse, label: str, lit: int) -> None:
        clock = FakeClock()
        settings = Settings(mode="demo", database_url=self.url, var_dir=self.folder, _env_file=None)
        deps = replace(
            build(settings), clock=clock, channel=FileChannel(self.folder / "sent.txt", fuse),
            understander=lambda: self.understander,
        )  # fmt: skip
        light(deps.database, fuse)
        for number, task in enumerate(tasks):
            fuse.label = label if number >= lit else ""
            self._do(deps, clock, task)

    def _do(self, deps: Deps, clock: FakeClock, task: str) -> None:
        name, _, argument = task.partition(" ")
        if name == "say":
            self._answered(argument, receive(deps, message(int(argument))))
        elif name == "type":
            person, key, words = argument.split(" ", 2)
            typed = replace(message(0), key=key, openid=f"oTEST_{person}", text=words)
            self._answered(key, receive(deps, typed))
        elif name == "at":
            clock.set(MONDAY_MORNING + timedelta(minutes=float(argument)))
        else:
            work: Any = {"sweep": sweep, "deliver": deliver}[name]
            while work(deps):
                pass

    def _answered(self, key: str, reply: Reply) -> None:
        """The reply reached its sender."""
        with (self.folder / "replies.txt").open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, reply.text], ensure_ascii=False) + "\n")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        database = Database(self.url)
        with database.engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(sql(statement))]
        database.dispose()
        return found

    def sent(self) -> Counter[str]:
        """How often each line went out."""
        path = self.folder / "sent.txt"
        return Counter(path.read_text(encoding="utf-8").splitlines() if path.exists() else [])

    def replies(self) -> list[str]:
        """Replies that reached their sender."""
        path = self.folder / "replies.txt"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line)[1] for line in lines]


def message(n: int) -> Inbound:
    """The n-th resident's message; a retry of it is the same."""
    return Inbound(
        key=f"m{n}", openid=f"oTEST_resident{n}", account="gh_test", kind="text",
        sent_at=MONDAY_MORNING, text=LAMP,
    )  # fmt: skip
