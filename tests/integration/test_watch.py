"""The watch: what should have moved and did not is found, rung for once, and cleared when over."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from bot.channels.heartbeat import HttpHeartbeat
from bot.domain.messages import Action, SendError
from bot.services import watch
from bot.services.doctor import examine
from bot.services.health import readiness
from bot.services.heartbeat import beat
from bot.services.leadership import lead, resign
from bot.services.watch_words import WORDS, say
from bot.store.unit_of_work import Database
from scheduler.jobs import JOBS, Job
from scheduler.ticks import Ticks
from tests.conversation_rig import LAMP, Town
from tests.fake_platform import Answer, running_platform
from tests.integration.test_sweep import change

LENGTH = timedelta(seconds=15)


def working(town: Town) -> None:
    """A case at a station, a notice sent, and a scheduler that leads and ticks."""
    town.member("first")
    town.phone().say(LAMP)
    town.wait(seconds=5)
    assert lead(town.deps, "a:1", LENGTH)
    Ticks(town.deps).begin(JOBS)
    looked(town)


def looked(town: Town) -> None:
    """The watch looked a minute ago by the machine's clock, and just now by ours."""
    at = datetime.now(UTC) - timedelta(minutes=1)
    times = [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in (at, town.clock.now())]
    change(
        town,
        f"UPDATE job_ticks SET at = '{times[0]}', clock_at = '{times[1]}'"
        " WHERE name IN ('watch', 'inspect')",
    )


def kinds(town: Town) -> list[str]:
    """What a look from outside finds."""
    return [wrong.kind for wrong in watch.look(town.deps)]


BREAKS = [
    # What is broken behind everybody's back, what the watch calls it, how many it counts.
    ("UPDATE clocks SET next_step_at = '2026-11-23 01:00:00' WHERE ended_at IS NULL", "overdue", 2),
    ("UPDATE outbox SET state = 'sending', leased_until = '2026-11-23 01:00:00'", "claimed", 1),
    ("UPDATE outbox SET state = 'queued', next_try_at = '2026-11-23 01:00:00'", "unsent", 1),
    ("UPDATE outbox SET confirm_by = '2026-11-23 01:00:00'", "receipts", 1),
    (
        "INSERT INTO attachments (case_id, kind, media_id, title, url, created_at, state, attempts,"
        " next_try_at, mime, trouble) VALUES (1, 'image', 'm', '', '', '2026-11-23 00:00:00',"
        " 'waiting', 1, '2026-11-23 01:00:00', '', '')",
        "media", 1,
    ),
    ("UPDATE clocks SET ended_at = due_at, next_step_at = NULL", "no_next_step", 1),
    # Paused for ever: nothing on this case would ever move again.
    ("UPDATE clocks SET paused_at = started_at, next_step_at = NULL", "no_next_step", 1),
    # The next step was moved away, or forgotten; the plan itself says otherwise.
    ("UPDATE clocks SET next_step_at = '2027-01-01 00:00:00', ladder = '[{\"at\":"
     " \"2026-11-23T00:30:00+00:00\"}]' WHERE kind = 'answer'", "put_off", 1),
    ("UPDATE cases SET state = 'closed'", "clock_on_closed", 2),
    ("UPDATE cases SET merged_into = 1", "clock_on_closed", 2),
    ("UPDATE cases SET state = 'new'", "two_owners", 1),
    ("UPDATE cases SET holder_post_id = (SELECT id FROM posts WHERE role = 'duty' LIMIT 1)",
     "two_owners", 1),
    ("UPDATE case_stations SET unit_id = (SELECT owner_unit_id FROM cases)", "two_owners", 1),
    ("INSERT INTO events (case_id, kind, at, actor, reason, data, clock_id, due_at) SELECT case_id,"
     " kind, at, actor, reason, data, clock_id, due_at FROM events WHERE kind = 'rung'",
     "rung_doubled", 1),
    ("UPDATE events SET data = '{\"index\": 3}' WHERE kind = 'rung'", "rung_left_out", 1),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "kind", "count"), BREAKS, ids=[b[1] for b in BREAKS])
def test_what_stands_still_is_found(town: Town, statement: str, kind: str, count: int) -> None:
    """Each rule finds its own fault and only that, with the case's number; all was well before."""
    working(town)
    assert kinds(town) == []
    change(town, statement)
    town.clock.advance(timedelta(seconds=1))
    (found,) = watch.look(town.deps)
    assert (found.kind, found.count) == (kind, count)
    if not kind.startswith("rung"):
        assert found.cases == ("需261123-0001",)
    words, do = say(found)
    assert ("261123" in words, bool(do)) == (bool(found.cases), True)


def test_an_alarm_rings_once_and_ends(town: Town) -> None:
    """However often the watch looks, one alarm with when it began; cleared when the cause is gone.
    Both looks leave the other's alarms alone."""
    working(town)
    change(town, "UPDATE outbox SET state = 'sending', leased_until = '2026-11-23 01:00:00'")
    began = town.clock.now()
    assert watch.watch(town.deps) == ["raised claimed"]
    for _ in range(3):
        town.clock.advance(timedelta(minutes=1))
        assert watch.watch(town.deps) == watch.inspect(town.deps) == []
    (alarm,) = town.rows("SELECT kind, count FROM alarms WHERE kind LIKE 'watch%'")
    assert alarm == ("watch:claimed", 1)
    assert [w.since for w in watch.alarmed(town.deps)] == [began]
    change(town, "UPDATE outbox SET state = 'sent'")
    assert watch.watch(town.deps) == ["cleared claimed"]
    assert watch.alarmed(town.deps) == []


def test_days_of_being_off_ring_no_alarm(town: Town) -> None:
    """What fell due since the last look is the engines' to make up for; if it still lies there at
    the next look, it rings."""
    working(town)
    change(town, "UPDATE clocks SET next_step_at = '2026-11-24 01:00:00' WHERE kind = 'accept'")
    town.clock.advance(timedelta(days=2))
    assert watch.watch(town.deps) == []
    ticks = Ticks(town.deps)
    ticks.begin(JOBS)
    assert watch.watch(town.deps) == []
    ticks.ran(next(job for job in JOBS if job.name == "watch"), 0)
    assert watch.watch(town.deps) == []  # the engines have had no time yet
    looked(town)
    town.clock.advance(timedelta(minutes=1))
    assert watch.watch(town.deps) == ["raised overdue"]


def test_a_case_that_the_sweep_puts_off_is_seen(town: Town) -> None:
    """The sweep sets a poisoned clock aside for an hour; the watch reads the plan itself."""
    working(town)
    change(town, "UPDATE clocks SET kind = 'acept' WHERE kind = 'accept'")
    town.clock.advance(timedelta(days=1, hours=3))
    town.tick()
    assert "put_off" in kinds(town)


def silence(town: Town, job: str) -> None:
    """This job ran an hour ago by the machine's clock."""
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    change(town, f"UPDATE job_ticks SET at = '{hour_ago}' WHERE name = '{job}'")


def test_a_job_that_hangs_is_named(town: Town) -> None:
    """The lease is renewed by the others, so only its own sign of life tells; /readyz says so at
    once, and no heartbeat goes out. A slow job is given its time."""
    working(town)
    silence(town, "calendar")
    assert kinds(town) == []
    silence(town, "sweep")
    (found,) = watch.look(town.deps)
    assert (found.kind, found.names, found.stops) == ("job_silent", ("sweep",), True)
    assert readiness(town.deps) == ["the watch found job_silent: run flask watch"]
    assert watch.watch(town.deps) == ["raised job_silent"]
    Ticks(town.deps).begin(JOBS)  # restarted
    looked(town)
    assert watch.watch(town.deps) == ["cleared job_silent"]
    assert readiness(town.deps) == []


def test_a_lead_that_moves_too_often(town: Town) -> None:
    """A restart moves it once; five moves in a quarter of an hour are a process that dies."""
    working(town)
    for number in range(4):
        assert kinds(town) == []
        resign(town.deps, "a:1" if number == 0 else f"b:{number - 1}")
        assert lead(town.deps, f"b:{number}", LENGTH)
    assert kinds(town) == ["flapping"]
    town.clock.advance(timedelta(minutes=16))
    lead(town.deps, "b:3", LENGTH)
    assert kinds(town) == []


def test_ready_means_that_all_moves(town: Town) -> None:
    """503 with a reason that tells nothing of anybody: alarms of the watch, a scheduler that is
    gone, a database that only reads or doesn't answer. /healthz is 200 through all of it."""
    client = town.app.client
    working(town)
    assert client.get("/readyz").json == {"ok": True, "problems": []}
    change(town, "UPDATE cases SET state = 'closed'")
    watch.inspect(town.deps)
    answer = client.get("/readyz")
    assert "the watch found clock_on_closed: run flask watch" in answer.text
    assert (answer.status_code, "261123" in answer.text) == (503, False)
    town.clock.advance(timedelta(minutes=2))
    assert "no scheduler" in client.get("/readyz").text
    assert kinds(town) == ["scheduler", "clock_on_closed"]
    here, nowhere = town.deps, Database("postgresql+psycopg://x:secret@127.0.0.1:1/x")
    town.app.use(replace(town.deps, database=nowhere))
    assert "secret" not in client.get("/readyz").text
    assert "does not answer" in client.get("/readyz").text
    assert [w.kind for w in watch.look(town.deps)] == ["database"]
    assert client.get("/healthz").json == {"ok": True}
    assert b"xmz_ready 0.0" in client.get("/metrics").data
    town.app.use(here)


def test_a_database_that_only_reads_is_not_ready(town: Town) -> None:
    """A standby, or a disk that takes nothing any more: nothing could be kept."""
    working(town)
    url = town.deps.database.engine.url.render_as_string(hide_password=False)
    reads = Database(url)
    mode = "PRAGMA query_only = 1" if reads.is_sqlite else "SET default_transaction_read_only = on"

    def only_read(connection: Any, _record: object) -> None:
        connection.execute(mode)
        connection.commit()

    event.listen(reads.engine, "connect", only_read)
    (problem,) = readiness(replace(town.deps, database=reads))
    assert problem.startswith("nothing can be written")
    reads.dispose()


def test_the_command_says_it_and_exits_with_1(town: Town) -> None:
    """One JSON line a finding, then the promises; words on stderr; doctor has the same."""
    working(town)
    flask = town.app.app.test_cli_runner()
    well = flask.invoke(args=["watch"])
    assert (well.exit_code, "该动的都在动" in well.stderr) == (0, True)
    lines = [json.loads(line) for line in well.stdout.splitlines()]
    assert [line["promises"] for line in lines] == ["24h", "7d", "since"]
    assert (lines[0]["rungs"]["count"], lines[0]["lost"], lines[0]["doubled"]) == (1, 0, 0)
    change(town, "UPDATE cases SET state = 'closed'")
    bad = flask.invoke(args=["watch"])
    first = json.loads(bad.stdout.splitlines()[0])
    assert bad.exit_code == 1
    assert (first["found"], first["count"], first["cases"]) == (
        "clock_on_closed", 2, ["需261123-0001"],
    )  # fmt: skip
    assert "还在走" in bad.stderr
    finding = next(f for f in examine(town.deps, lambda: None) if f.check == "watch")
    assert (finding.level, "261123-0001" in finding.found) == ("warn", True)


def test_every_finding_has_its_words() -> None:
    """In Chinese, with what to do."""
    known = {*watch.QUICK, *watch.THOROUGH, "database", "scheduler"}
    assert set(WORDS) == known
    assert all(do for _, do in WORDS.values())


def test_the_heartbeat_goes_out_while_all_moves(town: Town) -> None:
    """One GET; silence while something has stopped; an address that fails is told of once."""
    working(town)
    with running_platform() as outside:
        url = f"{outside.base}/ping/1234-secret"
        settings = town.deps.settings.model_copy(update={"heartbeat_url": url})
        deps = replace(town.deps, settings=settings, heartbeat=HttpHeartbeat(url))
        assert beat(town.deps) == []  # no address is set
        assert beat(deps) == []
        assert [call.path for call in outside.calls] == ["/ping/1234-secret"]
        outside.on_send = lambda call: Answer(status=503)
        assert beat(deps) == ["no answer: HTTP 503"]
        assert beat(deps) == []
        assert town.rows("SELECT count FROM alarms WHERE kind = 'heartbeat'") == [(1,)]
        outside.on_send = lambda call: Answer()
        assert beat(deps) == ["answered again"]
        calls = len(outside.calls)
        silence(town, "deliver")
        assert beat(deps) == []
        assert len(outside.calls) == calls
    with pytest.raises(SendError) as refused:
        HttpHeartbeat("http://127.0.0.1:1/ping/1234-secret").beat()
    assert (refused.value.action, "1234" in refused.value.reason) == (Action.RETRY, False)


def test_ticks_are_spared_and_kept(town: Town) -> None:
    """A job a second writes every ten; what it did meanwhile is not lost. A clock that was pushed,
    and a failure, are written at once."""
    now = [0.0]
    job = Job("sweep", 1, lambda deps: [])
    ticks = Ticks(town.deps, lambda: now[0])
    ticks.begin((job,))

    def kept() -> tuple[int, int, str]:
        return town.rows("SELECT did, failures, failure FROM job_ticks")[0]

    ticks.ran(job, 1)
    assert kept() == (1, 0, "")
    for _ in range(9):
        now[0] += 1
        ticks.ran(job, 1)
    assert kept() == (1, 0, "")
    now[0] += 1
    ticks.ran(job, 1)
    assert kept() == (11, 0, "")
    town.clock.advance(timedelta(days=1))
    ticks.ran(job, 2)
    assert kept() == (13, 0, "")
    ticks.failed(job, KeyError("oABC"))
    assert kept() == (13, 1, "KeyError")


READERS: list[tuple[dict[str, str], str, int]] = [
    # Headers, the caller's address, the answer.
    ({}, "127.0.0.1", 200),
    ({}, "::1", 200),
    ({}, "203.0.113.9", 403),
    ({"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1", 403),  # by a proxy of this machine
    ({"Authorization": "Bearer a-token-of-16-chars"}, "203.0.113.9", 200),
    ({"Authorization": "Bearer a-token-of-16-charz"}, "203.0.113.9", 403),
    ({"Authorization": "Bearer 猜"}, "203.0.113.9", 403),
]


@pytest.fixture
def with_token(town: Town) -> Callable[[dict[str, str], str], int]:
    """Asks for /metrics; the status."""
    token = town.deps.settings.metrics_token.__class__("a-token-of-16-chars")
    settings = town.deps.settings.model_copy(update={"metrics_token": token})
    town.app.use(replace(town.deps, settings=settings))
    client = town.app.client

    def ask(headers: dict[str, str], address: str) -> int:
        coded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        environ = {"REMOTE_ADDR": address}
        return client.get("/metrics", headers=coded, environ_overrides=environ).status_code

    return ask


def test_only_monitors_read_the_figures(with_token: Callable[[dict[str, str], str], int]) -> None:
    """This machine, or who has the token; nobody else, also not through a proxy on this machine."""
    assert [with_token(headers, address) for headers, address, _ in READERS] == [
        status for _, _, status in READERS
    ]


def test_the_figures(town: Town) -> None:
    """Prometheus can read them; they are those of the database, and hold no person."""
    working(town)
    change(town, "UPDATE outbox SET state = 'sending', leased_until = '2026-11-23 01:00:00'")
    watch.watch(town.deps)
    answer = town.app.client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found[("xmz_ready",)] == 0
    assert found["xmz_watch_found", "claimed"] == 1
    assert found["xmz_watch_found", "overdue"] == 0
    assert found["xmz_cases", "dispatched"] == 1
    assert found["xmz_outbox", "sending"] == 1
    assert found["xmz_lateness_counted", "24h", "rungs"] == 1
    assert found["xmz_lateness_seconds", "24h", "max", "rungs"] <= 5
    assert found["xmz_lost", "since"] == found["xmz_doubled", "since"] == 0
    assert found["xmz_rung_late_seconds_bucket", "+Inf"] == 1
    assert found["xmz_job_did_total", "sweep"] == 0
    assert "oTEST" not in answer.text
