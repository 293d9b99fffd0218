"""`flask doctor`: what is wrong is found, named, and comes with what to do."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text as sql

from app import create_app
from bot.channels.clock import DemoClock
from bot.channels.errors import refused
from bot.channels.wechat import wechat_channel
from bot.domain.backups import MANIFEST, name_for
from bot.domain.deadlines import WorkCalendar
from bot.services.calendar_check import check_calendar
from bot.services.doctor import CHECKS, examine
from bot.services.findings import Found, sum_up, within
from bot.services.leadership import lead
from bot.services.ports import Deps
from bot.settings import DEMO_CREDENTIALS, Settings
from bot.store import alarms
from bot.store.migrate import revisions
from bot.texts import Texts
from bot.wiring import build
from scheduler.tick import tick
from tests.fake_platform import Answer, Call, FakePlatform, running_platform
from tests.fakes import FakeClock, PaperTickets, RecordingChannel
from tests.understanding_rig import shared_understander

SECRETS = {
    "secret_key": "a-real-secret-of-thirty-two-characters",
    "wechat_app_id": "wx1234567890abcdef",
    "wechat_app_secret": "a-real-app-secret",
    "wechat_token": "a-real-token",
    "wechat_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
WELL = SECRETS | {
    "mode": "production",
    "public_url": "https://workstation.example.org",
    "office_phone": "0471-0000000",
    "wechat_template_id": "T1",
    "sms": "http",
    "sms_url": "https://sms.example.org/send",
}
NO_SUCH_PERSON = Answer({"errcode": 40003, "errmsg": "invalid openid"})


@dataclass
class Patient:
    """A system to be examined; `change` makes it sick."""

    deps: Deps
    time: datetime | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def look(self) -> dict[str, dict[str, Any]]:
        """The findings by check."""
        found = examine(self.deps, lambda: self.time)
        return {f.check: {"level": f.level, "found": f.found, "do": f.do} for f in found}

    def level(self, check: str) -> str:
        """How bad one check is."""
        return str(self.look()[check]["level"])

    def change(self, **settings: Any) -> None:
        """Other settings, read anew."""
        self.settings |= settings
        fresh = Settings(_env_file=None, **self.settings)
        self.deps = replace(self.deps, settings=fresh)

    def run(self) -> Result:
        """The command."""
        return create_app(deps=self.deps).test_cli_runner().invoke(args=["doctor"])

    def write(self, statement: str) -> None:
        """Change the database behind everybody's back."""
        with self.deps.database.engine.begin() as connection:
            connection.execute(sql(statement))


@pytest.fixture
def patient(network_url: str, tmp_path: Path) -> Iterator[Patient]:
    """A system in production where nothing is wrong, on each of the two databases."""
    settings: dict[str, Any] = WELL | {"database_url": network_url, "var_dir": tmp_path}
    deps = build(Settings(_env_file=None, **settings))
    ready = replace(
        deps, clock=FakeClock(), channel=RecordingChannel(), understander=shared_understander,
        calendar=lambda: WorkCalendar(known_until=date(2027, 12, 31)),
    )  # fmt: skip
    found = Patient(ready, settings=settings)
    found.write(
        "INSERT INTO contacts (channel, address, person_id, subscribed, created_at, bind_failures)"
        " SELECT 'wechat', 'o' || id, id, true, '2026-11-01 00:00:00', 0 FROM people"
    )
    lead(ready, "test:1", timedelta(seconds=15))
    last_night = deps.settings.backup_path / name_for(ready.clock.now())
    last_night.mkdir(parents=True)
    (last_night / MANIFEST).touch()
    yield found
    deps.database.dispose()


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    """The platform, which knows nobody of the doctor's openid."""
    with running_platform() as running:
        running.on_send = lambda call: NO_SUCH_PERSON
        yield running


def on_wire(patient: Patient, platform: FakePlatform, **settings: str) -> None:
    """Give the patient the real channel to this platform."""
    patient.change(wechat_api_base=platform.base, **settings)
    channel = wechat_channel(patient.deps.settings, patient.deps.clock.now)
    patient.deps = replace(patient.deps, channel=channel)


def test_all_is_well(patient: Patient) -> None:
    """Every check has its line, all ok, nothing to do; exit 0."""
    found = patient.look()
    assert list(found) == [name for name, _ in CHECKS]
    assert {name: f for name, f in found.items() if f["level"] != "ok" or f["do"]} == {}


def test_the_command_prints_lines_and_a_table(patient: Patient) -> None:
    """JSON on stdout, words on stderr, exit 1 when something fails."""
    result = patient.run()
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(line) for line in lines] == [{"check", "ok", "level", "found", "do"}] * len(CHECKS)
    assert (result.exit_code, "好" in result.stderr) == (0, True)
    patient.change(public_url="http://workstation.example.org")
    result = patient.run()
    assert (result.exit_code, "→" in result.stderr) == (1, True)
    assert json.loads(result.stdout.splitlines()[0])["ok"] is False


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({"public_url": ""}, "fail"),
        ({"public_url": "http://example.org"}, "fail"),  # the platform and H5 want https
        ({"secret_key": DEMO_CREDENTIALS["secret_key"]}, "fail"),  # published
        ({"wechat_token": DEMO_CREDENTIALS["wechat_token"]}, "fail"),
        ({"office_phone": ""}, "warn"),
        ({"wechat_cipher": "plain"}, "warn"),
        ({"mode": "trial"}, "warn"),  # nobody is on the list
        ({"mode": "trial", "trial_people": "1"}, "ok"),
        ({"mode": "demo", "public_url": "", "wechat_cipher": "plain"}, "ok"),
    ],
)
def test_settings_that_start_but_do_not_do(
    patient: Patient, settings: dict[str, str], level: str
) -> None:
    """What only matters to real people is not asked of a demo."""
    patient.change(**settings)
    assert patient.level("settings") == level


def test_a_database_that_is_not_migrated(bare_database_url: str, tmp_path: Path) -> None:
    """It is reachable, so the way out is flask init; what needs tables waits."""
    deps = build(Settings(_env_file=None, mode="demo", database_url=bare_database_url,
                          var_dir=tmp_path))  # fmt: skip
    found = Patient(replace(deps, channel=RecordingChannel())).look()
    assert found["database"]["level"] == "fail"
    assert "flask init" in found["database"]["do"]
    assert (found["roster"]["level"], found["scheduler"]["level"]) == ("warn", "warn")
    deps.database.dispose()


def test_an_old_database(patient: Patient) -> None:
    """Another revision than the code's: a back-up first."""
    _, newest = revisions(patient.deps.database)
    patient.write("UPDATE alembic_version SET version_num = '0000'")
    found = patient.look()["database"]
    patient.write(f"UPDATE alembic_version SET version_num = '{newest}'")
    assert (found["level"], "备份" in found["do"]) == ("fail", True)


def test_a_database_out_of_reach(tmp_path: Path) -> None:
    """Nothing listens there; its password is not told."""
    url = "postgresql://xmz:a-real-password@127.0.0.1:1/x"
    deps = build(Settings(_env_file=None, mode="demo", database_url=url, var_dir=tmp_path))
    result = Patient(replace(deps, channel=RecordingChannel())).run()
    assert (result.exit_code, "127.0.0.1" in result.stdout) == (1, True)
    assert "a-real-password" not in result.output


@pytest.mark.parametrize(
    ("check", "statement", "level"),
    [
        ("roster", "UPDATE stations SET status = 'suspended'", "fail"),  # no station receives
        ("roster", "DELETE FROM posts WHERE role LIKE '%convener' OR role LIKE '%e%'", "warn"),
        ("desks", "DELETE FROM posts WHERE role = 'duty'", "fail"),  # an emergency reaches nobody
        ("desks", "DELETE FROM posts WHERE role = 'intake_staff'", "warn"),
        ("desks", "DELETE FROM contacts", "fail"),
        ("phones", "DELETE FROM contacts", "warn"),
        ("scheduler", "DELETE FROM leases", "fail"),
        ("scheduler", "UPDATE leases SET until = '2026-11-23 01:00:00'", "fail"),
    ],
)
def test_what_the_database_tells(patient: Patient, check: str, statement: str, level: str) -> None:
    """People missing at their posts, phones not bound, a scheduler that is gone."""
    patient.write(statement)
    found = patient.look()[check]
    assert (found["level"], bool(found["do"])) == (level, True)


def test_an_empty_roster(database_url: str, tmp_path: Path) -> None:
    """The first thing on a fresh clone: which command fills it."""
    deps = build(Settings(_env_file=None, mode="demo", database_url=database_url,
                          var_dir=tmp_path))  # fmt: skip
    found = Patient(replace(deps, channel=RecordingChannel())).look()
    assert (found["roster"]["level"], found["roster"]["do"]) == ("fail", "flask roster demo")
    assert found["desks"]["level"] == "warn"
    deps.database.dispose()


@pytest.mark.parametrize(
    ("sentence", "level"),
    [("{number} 好", "ok"), ("{number 好", "fail"), ("{} 好", "fail"), ("{0} 好", "fail")],
)
def test_broken_sentences(patient: Patient, sentence: str, level: str) -> None:
    """A brace too few would stop a notice at night."""
    sentences = {**patient.deps.texts.sentences, "reply.extra": sentence}
    patient.deps = replace(patient.deps, texts=Texts(sentences))
    assert patient.level("texts") == level


@pytest.mark.parametrize(("off", "level"), [(0, "ok"), (-90, "warn"), (90, "warn"), (600, "fail")])
def test_a_clock_that_is_off(patient: Patient, off: int, level: str) -> None:
    """The webhook refuses what seems older than five minutes."""
    patient.time = datetime.now(UTC) + timedelta(seconds=off)
    patient.deps = replace(patient.deps, clock=DemoClock(Path("nowhere")))
    assert patient.level("time") == level


@pytest.mark.parametrize(
    ("content", "level", "words"),
    [
        ('{"offset_seconds": 90000}', "ok", "1 day"),
        ('{"offset_seconds": -90000}', "warn", "慢"),
        ("broken", "fail", "clock.json"),
    ],
)
def test_the_demo_clock(
    patient: Patient, tmp_path: Path, content: str, level: str, words: str
) -> None:
    """A clock file that somebody edited by hand."""
    (tmp_path / "clock.json").write_text(content)
    patient.change(mode="demo")
    patient.deps = replace(patient.deps, clock=DemoClock(tmp_path / "clock.json"))
    found = patient.look()["time"]
    assert found["level"] == level
    assert words in found["found"] + found["do"]


def test_the_calendar_ends_soon(patient: Patient) -> None:
    """Two months ahead; an alarm is raised once, and cleared by a newer calendar."""
    old = replace(patient.deps, calendar=lambda: WorkCalendar(known_until=date(2026, 12, 31)))
    new, patient.deps = patient.deps, old
    assert patient.look()["calendar"]["found"] == "2027 年的放假安排还没有，先按周末算"
    assert list(tick(old)) == [("calendar", "2027 年的放假安排还没有，先按周末算")]
    assert check_calendar(old) == []
    assert check_calendar(new) == ["cleared"]
    assert check_calendar(new) == []


def test_the_account_works(patient: Patient, platform: FakePlatform) -> None:
    """A token, and an answer that nobody has such an openid, on both hops."""
    on_wire(patient, platform)
    found = patient.look()
    levels = [found[name]["level"] for name in ("account", "hop_custom", "hop_template")]
    assert levels == ["ok"] * 3
    assert len(platform.sends) == 2
    patient.change(wechat_template_id="")
    assert patient.level("hop_template") == "warn"


@pytest.mark.parametrize(
    ("code", "do"),
    [
        (40164, "IP 白名单"),
        (40125, "XMZ_WECHAT_APP_SECRET"),
        (40013, "XMZ_WECHAT_APP_ID"),
        (40243, "解冻"),
        (89503, "管理员"),
    ],
)
def test_an_account_that_is_refused(
    patient: Patient, platform: FakePlatform, code: int, do: str
) -> None:
    """The platform's own code, what it means, and where to click. Hops can't be told then."""
    body = {"errcode": code, "errmsg": "invalid ip 203.0.113.9, not in whitelist"}
    platform.on_token = lambda call: Answer(body)
    on_wire(patient, platform)
    found = patient.look()
    assert found["account"]["level"] == "fail"
    assert str(code) in found["account"]["found"]
    assert "203.0.113.9" in found["account"]["found"]
    assert do in found["account"]["do"]
    assert [found[name]["level"] for name in ("hop_custom", "hop_template")] == ["warn"] * 2


@pytest.mark.parametrize(
    ("path", "code", "check", "level"),
    [
        ("custom", 48001, "hop_custom", "fail"),  # not granted to this account
        ("template", 48001, "hop_template", "fail"),
        ("template", 40037, "hop_template", "fail"),  # a wrong template
        ("template", 47003, "hop_template", "fail"),  # a template with other fields
        ("custom", 45015, "hop_custom", "ok"),  # only that person's window
        ("custom", -1, "hop_custom", "warn"),  # busy: nothing can be told
    ],
)
def test_a_hop_that_is_off(  # the table has this many columns
    patient: Patient, platform: FakePlatform, path: str, code: int, *, check: str, level: str
) -> None:
    """The account works, and the other hop too: the report says which one is off."""

    def answer(call: Call) -> Answer:
        if f"/{path}/" not in call.path:
            return NO_SUCH_PERSON
        return Answer({"errcode": code, "errmsg": "no"})

    platform.on_send = answer
    on_wire(patient, platform)
    found = patient.look()
    assert found["account"]["level"] == "ok"
    hops = {name: found[name]["level"] for name in ("hop_custom", "hop_template")}
    assert hops == {"hop_custom": "ok", "hop_template": "ok"} | {check: level}


def test_people_can_be_asked_for_consent(patient: Patient) -> None:
    """Where a shape needs one: well with a ticket for pages, without one it says why."""
    tickets = PaperTickets()
    patient.deps = replace(patient.deps, page_tickets=tickets)
    patient.change(wechat_notice_answer="subscribe:ANS")
    assert "JS接口安全域名" in patient.look()["consents"]["found"]
    tickets.trouble = refused(48001, "no", patient.deps.clock.now())
    assert patient.level("consents") == "warn"


@pytest.mark.parametrize(("mode", "level"), [("production", "fail"), ("demo", "warn")])
def test_a_platform_out_of_reach(patient: Patient, mode: str, level: str) -> None:
    """In a demo the desk is simply not open."""
    patient.change(mode=mode, wechat_api_base="http://127.0.0.1:1")
    channel = wechat_channel(patient.deps.settings, patient.deps.clock.now)
    patient.deps = replace(patient.deps, channel=channel)
    found = patient.look()
    assert found["account"]["level"] == level
    assert ("桌面没有开" in found["account"]["found"]) == (mode == "demo")
    assert found["hop_custom"]["level"] == "warn"


def test_open_alarms_are_told_for_a_week(patient: Patient) -> None:
    """What rang lately, how often and since when, and what to do; an old one that never
    ends is not a trouble."""
    now = patient.deps.clock.now()
    with patient.deps.database.write() as session:
        alarms.raise_alarm(session, "in_doubt", "answer lost", now - timedelta(hours=1))
        alarms.raise_alarm(session, "in_doubt", "answer lost", now)
        alarms.raise_alarm(session, "send:43004", "long ago", now - timedelta(days=8))
    found = patient.look()["alarms"]
    assert (found["level"], found["found"]) == ("warn", "in_doubt（2 次，从 11-23 09:00 起）")
    assert "flask cases calls" in found["do"]


def test_no_secret_is_told(patient: Patient, platform: FakePlatform) -> None:
    """Whatever is wrong."""
    platform.on_token = lambda call: Answer(
        {"errcode": 40001, "errmsg": "secret=a-real-app-secret"}
    )
    on_wire(patient, platform, public_url="http://x", wechat_cipher="plain")
    output = patient.run().output
    assert not [secret for secret in SECRETS.values() if secret in output]


def test_a_question_that_is_never_answered() -> None:
    """It is given up after the time given."""
    reader, writer = os.pipe()
    with pytest.raises(TimeoutError):
        within(0.05, lambda: os.read(reader, 1))
    os.write(writer, b"x")  # lets the thread end
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)
    os.close(writer)
    os.close(reader)


def test_the_worst_counts() -> None:
    """Several observations of one check become one line, advice given once."""
    found = [Found("warn", "a", "x"), Found("fail", "b", "y"), Found("ok", "c", "x")]
    assert sum_up(found, "well") == Found("fail", "a；b；c", "x；y")
    assert sum_up([], "well") == Found("ok", "well")
