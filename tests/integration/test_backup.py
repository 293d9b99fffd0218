"""A backup that is made while the system works brings all of it back, in an empty place."""

import hashlib
import json
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text as sql

from bot.channels.offsite import CopyCommand
from bot.domain.backups import MANIFEST
from bot.domain.understanding import Understander
from bot.services import media_files
from bot.services.backup import nightly
from bot.services.backup_files import alone
from bot.services.doctor import examine
from bot.services.restore import restore
from bot.services.sweep import sweep
from bot.store import ticks
from bot.store.migrate import revisions, upgrade
from simulator.media import picture, voice
from tests.conversation_rig import LAMP, LAMP_NOWHERE, Town
from tests.web.conftest import make_deps, serve


def run(town: Town, *arguments: object) -> Result:
    """A command."""
    return town.app.app.test_cli_runner().invoke(args=[str(each) for each in arguments])


def told(result: Result) -> dict[str, Any]:
    """The one line of a command that did its work."""
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def change(town: Town, **settings: Any) -> None:
    """Other settings from now on."""
    fresh = town.deps.settings.model_copy(update=settings)
    town.app.use(replace(town.deps, settings=fresh))


@pytest.fixture
def empty(
    town: Town, tmp_path: Path, request: pytest.FixtureRequest, understander: Understander
) -> Iterator[Town]:
    """The same product on another machine: nothing there yet."""
    folder = tmp_path / "other"
    url = f"sqlite:///{folder / 'other.sqlite3'}"
    if not town.deps.database.is_sqlite:
        url = str(request.getfixturevalue("bare_postgres_url"))
    deps = replace(
        make_deps(url, folder, understander, "plain"), clock=town.clock, channel=town.channel
    )
    yield Town(serve(deps), town.clock, town.channel, town.platform, town.sign_in)
    deps.database.dispose()


def test_all_of_it_comes_back(town: Town, empty: Town, tmp_path: Path) -> None:
    """Every row and every file is the same in the empty place, the doctor is content, the next
    message gets the next number; what waited to be sent is in doubt; a second time is refused."""
    town.platform.files = {"photo1": picture(1), "voice1": voice(1)}
    phone = town.phone()
    phone.say(LAMP)
    phone.send("image")
    phone.send("voice")
    town.tick()
    first = phone.number
    made = told(run(town, "backup", "--out", tmp_path / "usb"))
    assert (made["tables"]["cases"], made["files"], made["missing"]) == (1, 3, [])
    assert town.deps.database.is_sqlite == Path(made["path"], "database.sqlite3").exists()
    held = [path for path in Path(made["path"]).rglob("*") if path.is_file()]
    assert len(held) == 5
    assert {path.stat().st_mode & 0o77 for path in (Path(made["path"]), *held)} == {0}

    before = town.dump()
    done = told(run(empty, "restore", made["path"]))
    assert (done["files"], done["tables"], done["in_doubt"]) == (3, made["tables"], 0)
    assert sorted(empty.dump().splitlines()) == sorted(before.splitlines())
    kept = {p.name for p in (empty.deps.settings.var_path / "media").rglob("*") if p.is_file()}
    assert len(kept) == 3
    assert run(empty, "doctor").exit_code == 0
    again = empty.phone("somebody")
    again.say(LAMP_NOWHERE)
    assert int(again.number[-4:]) == int(first[-4:]) + 1

    refused = run(empty, "restore", made["path"])
    assert (refused.exit_code, "已经有东西" in refused.stderr) == (1, True)
    assert len(empty.cases()) == 2


def test_notices_that_waited_are_in_doubt(town: Town, empty: Town, tmp_path: Path) -> None:
    """They may have gone out after the copy was made: sent once more, and marked."""
    town.member("first")
    town.phone().say(LAMP)
    town.clock.advance(timedelta(minutes=2))
    assert sweep(town.deps)
    made = told(run(town, "backup", "--out", tmp_path / "usb"))
    assert told(run(empty, "restore", made["path"]))["in_doubt"] == 1
    assert empty.rows("SELECT in_doubt FROM outbox") in ([(True,)], [(1,)])


def _cut(folder: Path) -> None:
    file = next(folder.glob("database.*"))
    file.write_bytes(file.read_bytes()[:-100])


def _lose_a_photo(folder: Path) -> None:
    next(path for path in (folder / "media").rglob("*") if path.is_file()).unlink()


def _from_the_future(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"revision": "9999", "product": "2027.5.0"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _of_another_kind(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    swapped = text.replace('"sqlite"', '"x"').replace('"postgresql"', '"sqlite"')
    swapped = swapped.replace('"x"', '"postgresql"')
    (folder / "manifest.json").write_text(swapped, encoding="utf-8")


def _cut_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": 1', encoding="utf-8")


def _lose_all(folder: Path) -> None:
    shutil.rmtree(folder)


REFUSALS = {
    # what happened to the backup: a word of the sentence that refuses it
    _cut: "不完整",
    _lose_a_photo: "不完整",
    _from_the_future: "2027.5.0",
    _of_another_kind: "XMZ_DATABASE_URL",
    _lose_all: "没有备份",
    _cut_the_manifest: "不完整",
}


def test_what_is_not_whole_is_refused(town: Town, empty: Town, tmp_path: Path) -> None:
    """A cut file, a lost photo, a newer version, another kind of database: one sentence each, and
    nothing is touched; the whole one is taken after all of them."""
    town.platform.files = {"photo1": picture(1)}
    phone = town.phone()
    phone.say(LAMP)
    phone.send("image")
    town.tick()
    made = told(run(town, "backup", "--out", tmp_path / "usb"))["path"]
    for number, (spoil, word) in enumerate(REFUSALS.items()):
        spoilt = tmp_path / f"spoilt{number}"
        shutil.copytree(made, spoilt)
        spoil(spoilt)
        refused = run(empty, "restore", spoilt)
        assert (refused.exit_code, word in refused.stderr) == (1, True), refused.stderr
        left = empty.deps.settings.var_path.glob("*")
        assert [path.name for path in left if path.name.startswith(("media", "other."))] == []
    assert run(empty, "restore", made).exit_code == 0


def test_an_older_schema_is_brought_up(
    make_town: Callable[[str], Town], sqlite_url: str, understander: Understander, tmp_path: Path
) -> None:
    """A backup of an earlier version ends up with this version's schema."""
    town = make_town(sqlite_url)
    made = Path(told(run(town, "backup", "--out", tmp_path / "usb"))["path"])
    file, manifest = made / "database.sqlite3", made / "manifest.json"
    file.unlink()
    upgrade(f"sqlite:///{file}", "0002")
    said = json.loads(manifest.read_text(encoding="utf-8")) | {"revision": "0002"}
    said["files"] = {file.name: hashlib.sha256(file.read_bytes()).hexdigest()}
    manifest.write_text(json.dumps(said), encoding="utf-8")
    folder = tmp_path / "other"
    deps = make_deps(f"sqlite:///{folder / 'x.sqlite3'}", folder, understander, "plain")
    done = restore(deps, made)
    assert (done.was, done.revision) == ("0002", revisions(town.deps.database)[0])
    deps.database.dispose()
    assert {path.name for path in folder.glob("x.*")} == {"x.sqlite3", "x.sqlite3.lock"}


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """Nothing larger than this can be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_half_done(town: Town) -> None:
    """It is said and the alarm raised; the former backup stays, nothing else does; with room again
    the alarm is cleared."""
    town.platform.files = {"photo1": picture(1)}
    phone = town.phone()
    phone.say(LAMP)
    phone.send("image")
    town.tick()
    former = Path(told(run(town, "backup"))["path"])
    shutil.rmtree(former / "media")  # so that the next one has to copy
    large = media_files.keep(town.deps.settings.var_path, bytes(6_000_000))
    with town.deps.database.engine.begin() as connection:
        connection.execute(sql(f"UPDATE attachments SET sha256 = '{large}'"))
    with full_disk(5_000_000):
        failed = run(town, "backup")
    assert (failed.exit_code, "没有备份成" in failed.stderr) == (1, True)
    assert "文件太大，这里放不下" in failed.stderr
    assert [path for path in former.parent.iterdir() if path.is_dir()] == [former]
    assert _alarms(town) == ["backup:failed"]
    assert told(run(town, "backup"))["files"] == 1
    assert _alarms(town) == []


def _alarms(town: Town) -> list[str]:
    kinds = town.rows("SELECT kind FROM alarms WHERE cleared_at IS NULL AND kind LIKE 'backup%'")
    return [kind for (kind,) in kinds]


def test_files_are_linked_and_damage_is_told(town: Town) -> None:
    """What the former backup has is linked, not copied; a file that is gone or has rotted is in no
    backup, and an alarm says so."""
    town.platform.files = {"photo1": picture(1), "voice1": voice(1)}
    phone = town.phone()
    phone.say(LAMP)
    for kind in ("image", "voice"):
        phone.send(kind)
    town.tick()
    one, two = (Path(told(run(town, "backup"))["path"]) for _ in range(2))
    photos = [next(each.rglob("*.mp3")) for each in (one, two)]
    assert photos[0].samefile(photos[1])
    root = town.deps.settings.var_path / "media"
    photo, *_ = (p for p in root.rglob("*") if p.is_file() and p.suffix != ".mp3")
    photo.write_bytes(b"rotten")
    assert len(told(run(town, "backup"))["missing"]) == 1
    photo.unlink()
    assert len(told(run(town, "backup"))["missing"]) == 1
    assert _alarms(town) == ["backup:files"]


def test_once_a_night(town: Town) -> None:
    """Not before the first night; then once, also after a month of being off; one that fails is
    tried again two hours later."""
    change(town, backup_nightly=True, backup_daily=1, backup_weekly=0)
    folder = town.deps.settings.backup_path
    assert "backup" not in dict(town.tick())
    town.clock.set(datetime(2026, 11, 23, 18, 29, tzinfo=UTC))
    assert "backup" not in dict(town.tick())
    town.clock.advance(timedelta(minutes=1))
    assert [job for job, _ in town.tick()].count("backup") == 1
    assert [job for job, _ in town.tick()].count("backup") == 0
    town.clock.advance(timedelta(days=30, hours=1))
    ((_, made),) = [each for each in town.tick() if each[0] == "backup"]
    assert len(made.removed) == 1  # rotated
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1

    change(town, backup_dir=folder / ".lock")  # a file
    town.clock.advance(timedelta(days=1))
    assert "backup" not in dict(town.tick())
    assert _alarms(town) == ["backup:failed"]
    change(town, backup_dir=folder)
    town.clock.advance(timedelta(minutes=119))
    assert "backup" not in dict(town.tick())
    town.clock.advance(timedelta(minutes=1))
    assert "backup" in dict(town.tick())
    assert _alarms(town) == []


def test_copied_elsewhere(town: Town, tmp_path: Path) -> None:
    """The command gets the folder; when it fails the backup is kept and the alarm raised."""
    away = tmp_path / "away"
    away.mkdir()
    for command in (f"cp -r -t {away}", "false", "no-such-program"):
        town.app.use(replace(town.deps, offsite=CopyCommand(command)))
        done = run(town, "backup")
        assert (done.exit_code == 0) == (command.startswith("cp")), done.stderr
        assert _alarms(town) == ([] if command.startswith("cp") else ["backup:copy"])
    assert len(list(away.glob("*/manifest.json"))) == 1
    assert len(list(town.deps.settings.backup_path.glob("*/manifest.json"))) == 3


def test_only_one_at_a_time(town: Town) -> None:
    """While one backup is made, another is refused; what a killed one left is removed."""
    folder = town.deps.settings.backup_path
    with alone(folder):
        (folder / ".new-killed").mkdir()
        refused = run(town, "backup")
        assert (refused.exit_code, "正在进行" in refused.stderr) == (1, True)
    assert run(town, "backup").exit_code == 0
    assert not (folder / ".new-killed").exists()


@pytest.mark.parametrize(
    ("mode", "hours", "level"),
    [
        ("production", 50, "ok"),
        ("production", 51, "warn"),
        ("production", None, "warn"),  # there is none
        ("demo", None, "ok"),
    ],
)
def test_the_doctor_asks_for_the_newest(
    town: Town, mode: str, hours: int | None, level: str
) -> None:
    """Two nights without a backup are noticed; one that was begun and not finished is none."""
    made = Path(told(run(town, "backup"))["path"])
    if hours is None:
        (made / MANIFEST).unlink()
    else:
        town.clock.advance(timedelta(hours=hours))
    change(town, mode=mode)
    found = {line.check: line for line in examine(town.deps, lambda: None)}["backup"]
    assert (found.level, bool(found.do)) == (level, level != "ok")


def test_days_that_were_skipped_make_one_backup(
    make_town: Callable[[str], Town], sqlite_url: str
) -> None:
    """The clock is pushed on by days: one backup at the job's next run, not one a night, and the
    doctor asks for none before that run could make it; afterwards it does."""
    town = make_town(sqlite_url)
    change(town, backup_nightly=True)
    assert nightly(town.deps) == []  # it waits for its first night
    town.clock.advance(timedelta(days=1))
    assert len(nightly(town.deps)) == 1
    _looked(town)
    town.clock.advance(timedelta(days=3))
    assert _level(town) == "ok"
    assert [len(nightly(town.deps)) for _ in range(3)] == [1, 0, 0]
    town.clock.advance(timedelta(days=3))
    _looked(town)  # and made none
    assert _level(town) == "warn"


def _looked(town: Town) -> None:
    """The job came to its end now."""
    with town.deps.database.write() as session:
        now = town.clock.now()
        ticks.keep(session, "backup", 600, now, now, did=0)


def _level(town: Town) -> str:
    return {line.check: line for line in examine(town.deps, lambda: None)}["backup"].level
