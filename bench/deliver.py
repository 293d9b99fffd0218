"""Delivery against a bare loop: the outbox, claimed, sent and settled, by as many workers as a
pooled HTTP client that only posts the same bodies to the same platform."""

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter

from bench import serving
from bench.results import Result, paired
from bot.domain.inbound import Inbound
from bot.services.deliver import deliver
from bot.services.intake import receive
from bot.services.ports import Deps
from bot.services.send import WORKERS
from bot.settings import Settings
from bot.store import outbox
from bot.wiring import build

ROUNDS = 3
NOTICES = 400
PEOPLE = 100
"""Residents, each of whom gets as many notices a round as the platform takes after a message."""
PLATFORM = (sys.executable, "-m", "bench.slow_platform", "{port}")


def results() -> list[Result]:
    """deliver.rate: notices a second, beside the bare loop's posts a second."""
    with serving.world() as data, serving.serve(PLATFORM, data) as platform:
        base = f"http://127.0.0.1:{platform.port}"
        with _town(data, base) as deps:
            pairs = [(_ours(deps, number), _bare(base)) for number in range(ROUNDS)]
    for ours, bare in pairs:
        print(f"  ours, bare: {ours:.0f}/s {bare:.0f}/s", file=sys.stderr)
    return [paired("deliver.rate", "1/s", pairs, at_least=0.7)]


@contextmanager
def _town(data: Path, base: str) -> Iterator[Deps]:
    """The product on the prepared database, with its channel on this platform."""
    settings = Settings(mode="demo", var_dir=data, wechat_api_base=base, _env_file=None)
    deps = build(settings)
    for number in range(PEOPLE):
        _write(deps, number, 0)
    yield deps
    deps.database.dispose()


def _write(deps: Deps, person: int, turn: int) -> None:
    """A resident writes, which allows five messages back."""
    receive(
        deps,
        Inbound(
            key=f"bench:{person}:{turn}", openid=f"oBENCH{person:022d}", account="gh", kind="text",
            sent_at=datetime.now(UTC), text="查进度" if turn else "昭乌达路的路灯坏了三天了",
        ),
    )  # fmt: skip


def _ours(deps: Deps, turn: int) -> float:
    """Notices a second until the outbox is empty."""
    for person in range(PEOPLE):
        _write(deps, person, turn + 1)
    with deps.database.write() as session:
        now = deps.clock.now()
        for number in range(NOTICES):
            outbox.enqueue(
                session, now, "not_a_case", dedupe=f"{turn}:{number}",
                case_id=number % PEOPLE + 1, contact_id=number % PEOPLE + 1,
                params={"reason": "这是演示，不用办"},
            )  # fmt: skip
    begun, sent = time.perf_counter(), 0
    while done := deliver(deps):
        sent += sum(each.state == "sent" for each in done)
    seconds = time.perf_counter() - begun
    if sent < NOTICES:
        raise RuntimeError(f"only {sent} of {NOTICES} notices were sent")
    return sent / seconds


def _bare(base: str) -> float:
    """Posts a second of the same size by as many threads on one pooled session."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_connections=2, pool_maxsize=WORKERS))
    words = "261123-0001 工作人员看过了，这件事不在这里登记：这是演示，不用办"
    body = {"touser": "oBENCH", "msgtype": "text", "text": {"content": words}}
    data = json.dumps(body, ensure_ascii=False).encode()
    url = f"{base}/cgi-bin/message/custom/send"

    def post(_: int) -> None:
        session.post(url, params={"access_token": "T"}, data=data, timeout=5).json()

    begun = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(post, range(NOTICES)))
    return NOTICES / (time.perf_counter() - begun)
