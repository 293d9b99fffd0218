"""Sharing the sweep: jobs are there when what looked is kept, each share once."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.services.hand_out import hand_out_sweep, share_task
from bot.settings import Settings
from bot.store import jobs, queue
from bot.wiring import build
from scheduler.workers import cron


def test_shares_are_handed_out_once(tmp_path: Path, postgres_url: str) -> None:
    """Three due clocks of two shares become two jobs, and no more while these wait; a job of a
    unit that was rolled back is gone."""
    settings = Settings(mode="demo", database_url=postgres_url, var_dir=tmp_path, _env_file=None)
    deps = build(settings)
    rows = ", ".join(
        f"('case', {subject}, 'accept', now(), now(), '[]', 0, now() - interval '1 day', '')"
        for subject in (1, 2, 9)
    )
    columns = (
        "subject_kind, subject_id, kind, started_at, due_at, ladder, rung, next_step_at, end_reason"
    )
    with deps.database.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO clocks ({columns}) VALUES {rows}"))
    assert hand_out_sweep(deps) == [1, 2]
    assert hand_out_sweep(deps) == []
    with deps.database.write() as session:
        jobs.enqueue(session, share_task("sweep"), lock="sweep:3", share=3)
        session.rollback()
    with deps.database.read() as session:
        assert queue.under_way(session, share_task("sweep")) == {"sweep:1", "sweep:2"}
        assert queue.state(session, 30) == queue.Queue(processes=0, waiting=2, running=0, failed=0)
    deps.database.dispose()


@pytest.mark.parametrize(
    ("seconds", "schedule"),
    [(1, "* * * * * */1"), (60, "*/1 * * * *"), (600, "*/10 * * * *"), (3600, "0 */1 * * *")],
)
def test_schedule(seconds: int, schedule: str) -> None:
    """The jobs table says seconds; procrastinate reads cron with seconds in the sixth place."""
    assert cron(seconds) == schedule
