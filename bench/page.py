"""What a page costs: a resident's case page against the emptiest page of the same server."""

import json
import os
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from app import create_app
from bench import messages, serving
from bench.load import drive
from bench.results import Result, paired
from bot.services import own_cases, visits
from bot.services.ports import Deps
from bot.settings import Settings
from scheduler.tick import tick
from web.h5.door import begin

CONNECTIONS = 2
"""As many as there are workers: what is measured is the page, not the queue before it."""
SECONDS = 3.0
ROUNDS = 5
PERSON = "oBENCH_page_0000000000000000"


def results() -> list[Result]:
    """page.case_p99: milliseconds of 我的诉求's case page, signed in, against the layout alone: the
    page that says 请在微信里打开, which asks no database."""
    with serving.world() as data, serving.serve(serving.product(), data) as server:
        case = _case_page(server)
        empty = b"GET /h5/mine HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        pairs = [
            (_p99(server, repeat(case)), _p99(server, repeat(empty), b"403")) for _ in range(ROUNDS)
        ]
    return [paired("page.case_p99", "ms", pairs, at_most=4)]


def _p99(server: serving.Served, requests: Iterator[bytes], status: bytes = b"200") -> float:
    run = drive(server.port, requests, connections=CONNECTIONS, seconds=SECONDS, proof=b"</html>",
                status=status)  # fmt: skip
    if run.failed:
        raise RuntimeError(f"{run.failed} pages were not what was asked for")
    print(f"  {run.rate:.0f}/s p99 {run.percentile(0.99):.1f} ms  load {os.getloadavg()[0]:.1f}",
          file=sys.stderr)  # fmt: skip
    return run.percentile(0.99)


def _case_page(server: serving.Served) -> bytes:
    """The request of a case page: one person's words in three pieces, dispatched, signed in."""
    source = messages.texts()
    pushes = [messages.request(next(source), PERSON) for _ in range(3)]
    drive(server.port, iter(pushes), connections=1, seconds=10)
    app = create_app(Settings(mode="demo", var_dir=server.folder, _env_file=None))
    deps: Deps = app.extensions["deps"]
    _move_on(server.folder, 60)
    list(tick(deps))
    contact_id = visits.enter(deps, PERSON)
    number = own_cases.mine(deps, contact_id)[0].number
    with app.test_request_context("/h5/"):
        begin(contact_id)
        cookie = app.process_response(app.make_response("")).headers["Set-Cookie"].split(";")[0]
    deps.database.dispose()
    return (f"GET /h5/c/{number} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n").encode()


def _move_on(folder: Path, seconds: int) -> None:
    """Past the settling of the case, on the demo clock of all."""
    (folder / "clock.json").write_text(json.dumps({"offset_seconds": seconds}), encoding="utf-8")
