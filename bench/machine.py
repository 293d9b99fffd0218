"""The product in a process that can die at any moment, and is started again as often as it does.

One warmed process is the template; the machine is a fork of it, which costs some milliseconds. It
takes pushes through the webhook, runs `flask` commands and ticks of the scheduler's jobs table, all
by the test client and the command runner of the real application on a real database. What it sends
leaves it at once, so the outside knows of a message whose sender died.
"""

import multiprocessing
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

import requests

from app import create_app
from bench.fuse import KILLED, Fuse, light
from bot.channels.errors import broken_transport
from bot.domain.inbound import Choice
from bot.domain.messages import Sent
from bot.services.ahead import next_due
from bot.services.ports import Deps
from bot.services.watch import THOROUGH, look
from bot.settings import Settings
from bot.wiring import build, warm_up
from scheduler.jobs import JOBS
from scheduler.tick import tick

QUICK_JOBS = tuple(job for job in JOBS if job.every <= 2)
"""Those that the engine runs each second or two: the others come with a whole tick."""


class Died(Exception):
    """The machine was killed before it answered."""


@dataclass(frozen=True, slots=True)
class Message:
    """What arrived on a phone. `receipt`: number under which the platform confirms a template."""

    openid: str
    words: str
    receipt: str = ""


@dataclass
class StandingClock:
    """Stands still between two requests, so that the same seed makes the same year."""

    at: datetime

    def now(self) -> datetime:
        """The present, in UTC."""
        return self.at.astimezone(UTC)


@dataclass
class Pigeons:
    """A channel whose messages leave the process before it is told that they were taken."""

    pipe: Connection
    fuse: Fuse
    silent: bool = False
    """The platform does not answer."""
    _lock: Lock = field(default_factory=Lock)

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Carry a text."""
        return self._carry(openid, text, "custom")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Carry a notice."""
        return self._carry(openid, " ".join(fields.values()), "template", secrets.token_hex(8))

    def _carry(self, openid: str, words: str, hop: str, receipt: str = "") -> Sent:
        if self.silent:
            raise broken_transport(requests.ConnectTimeout())
        self.fuse.at("before send")
        with self._lock:
            self.pipe.send(Message(openid, words, receipt))
        self.fuse.at("after send")
        return Sent(hop, receipt)


@dataclass(frozen=True, slots=True)
class Request:
    """What the machine is to do at a moment. `name`: push, command, tick or look."""

    name: str
    at: datetime
    arguments: tuple[Any, ...] = ()
    fuse: tuple[str, int] = ("", 1)
    silent: bool = False


class Machine:
    """Starts and restarts the process; counts how often it was killed."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings = settings
        self.deaths = 0
        self.messages: list[Message] = []
        """Arrived and not yet taken by `collect`."""
        self._log = log
        self._deps = build(settings)
        warm_up(self._deps)  # also lets go of its connections: a fork inherits none
        self._process: Any = None
        self._pipe: Connection | None = None

    def ask(self, request: Request) -> Any:
        """Have something done. Raises Died; the next request starts another process."""
        pipe = self._running()
        try:
            pipe.send(request)
            while isinstance(said := pipe.recv(), Message):
                self.messages.append(said)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._bury()
            raise Died from None
        if isinstance(said, BaseException):
            raise said
        return said

    def collect(self) -> list[Message]:
        """The messages that arrived since the last call, in an order that does not depend on which
        of the sender's threads was first."""
        found = sorted(self.messages, key=lambda each: (each.openid, each.words))
        self.messages = []
        return found

    def stop(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._process.join(timeout=30)
        self._pipe = None
        self._deps.database.dispose()

    def _running(self) -> Connection:
        if self._pipe is None:
            ours, theirs = multiprocessing.Pipe()
            fork = multiprocessing.get_context("fork")
            self._process = fork.Process(target=_live, args=(theirs, ours, self._deps, self._log))
            self._process.start()
            theirs.close()
            self._pipe = ours
        return self._pipe

    def _bury(self) -> None:
        self._process.join(timeout=30)
        code = self._process.exitcode
        self._pipe = None
        if code != KILLED:
            raise RuntimeError(f"the machine ended by itself ({code}); see {self._log}")
        self.deaths += 1


def _live(pipe: Connection, parents_end: Connection, deps: Deps, log: Path) -> None:
    parents_end.close()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    fuse = Fuse()
    clock, channel = StandingClock(datetime.now(UTC)), Pigeons(pipe, fuse)
    deps = replace(deps, clock=clock, channel=channel)
    light(deps.database, fuse)
    office = Office(deps)
    while True:
        try:
            request: Request = pipe.recv()
        except EOFError:
            deps.database.dispose()
            return
        clock.at, channel.silent = request.at, request.silent
        fuse.label, fuse.left = request.fuse
        try:
            done = office.do(request)
        except Exception as error:  # is told to the simulation, which ends with it
            done = RuntimeError(f"{request.name}: {type(error).__name__}: {error}")
        fuse.label = ""
        pipe.send(done)


class Office:
    """What a request becomes inside the process."""

    def __init__(self, deps: Deps) -> None:
        app = create_app(deps=deps)
        self._deps = deps
        self._post = app.test_client().post
        self._run = app.test_cli_runner().invoke
        self._tasks: dict[str, Callable[..., Any]] = {
            "push": self._push, "command": self._command, "tick": self._tick, "look": self._look,
        }  # fmt: skip

    def do(self, request: Request) -> Any:
        """Carry it out."""
        return self._tasks[request.name](*request.arguments)

    def _push(self, query: str, body: bytes) -> tuple[int, bytes]:
        """The platform's POST; status and body of the answer."""
        answer = self._post(f"/wechat?{query}", data=body, content_type="text/xml")
        return answer.status_code, answer.data

    def _command(self, arguments: Sequence[str]) -> tuple[int, str, str]:
        """`flask ARGUMENTS`; exit code, stdout and stderr."""
        done = self._run(args=list(arguments))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def _tick(self, whole: bool) -> tuple[int, datetime | None]:
        """One tick: the quick jobs, or the whole table. How much was done, and when the
        next thing is due."""
        did = sum(1 for _ in tick(self._deps, JOBS if whole else QUICK_JOBS))
        return did, next_due(self._deps)

    def _look(self) -> list[str]:
        """What the watch finds that contradicts itself."""
        return [f"{w.kind} {w.count}" for w in look(self._deps) if w.kind in THOROUGH]
