"""`flask backup` and the nightly one: a copy that was read back, or an alarm and nothing."""

import logging
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.backups import MANIFEST, Manifest, made_at, name_for, to_remove
from bot.domain.deadlines import BEIJING
from bot.services import backup_files as files
from bot.services.errors import Refused
from bot.services.findings import Found, Visit
from bot.services.nightly import once_a_night
from bot.services.ports import Deps
from bot.services.trouble import why
from bot.settings import VERSION
from bot.store import alarms, media, ticks
from bot.store.dumps import FILES, Snapshot, dump
from bot.store.postgres_tools import DumpFailed

log = logging.getLogger(__name__)

ALARM, COPY_ALARM, GAP_ALARM = "backup:failed", "backup:copy", "backup:files"
"""Alarms: no backup; none elsewhere; files of attachments that are gone or changed on the disk."""


OLD = timedelta(hours=50)
"""Two nights without a backup, and the time that one may take."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. `tables`: rows by table; `missing`: attachments without their file;
    `removed`: older backups that were rotated away; `copied`: whether it lies elsewhere, too."""

    path: str
    bytes: int
    tables: dict[str, int]
    files: int
    missing: list[str]
    removed: list[str]
    copied: bool


def nightly(deps: Deps) -> Sequence[Backup]:
    """The backup of this night, unless it is done or switched off. When it fails the alarm is
    raised and it is tried again after two hours."""
    if not deps.settings.backup_nightly:
        return []
    try:
        return once_a_night(deps, "backup", lambda: [backup(deps)])
    except Refused as error:
        log.warning("no_backup why=%s", error.key)
        return []


def backup(deps: Deps, out: Path | None = None) -> Backup:
    """Copy database and attachments while everything goes on, into a new folder below `out` (the
    settings' folder, where older ones are rotated away).

    Raises Refused with the reason; an alarm is raised then, and nothing half-done is left.
    """
    folder = out or deps.settings.backup_path
    try:
        with files.alone(folder):
            path, manifest = _make(deps, folder)
            removed = _rotate(deps, folder) if out is None else []
        size = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    except BlockingIOError as error:
        raise Refused("operator.backup_running") from error
    except (OSError, sqlite3.Error, SQLAlchemyError, DumpFailed) as error:
        reason = why(deps.texts, error)
        _tell(deps, ALARM, reason)
        raise Refused("operator.backup_failed", reason=reason) from error
    _tell(deps, ALARM, None)
    gone = manifest.missing
    _tell(deps, GAP_ALARM, f"{len(gone)} files, the first {gone[0]}" if gone else None)
    return Backup(
        path=str(path), bytes=size, tables=manifest.tables, files=len(manifest.files) - 1,
        missing=manifest.missing, removed=removed, copied=_copy_away(deps, path),
    )  # fmt: skip


def check(visit: Visit) -> Found:
    """The doctor's line: how old the newest backup is. A demo may have none."""
    settings = visit.deps.settings
    folder = settings.backup_path
    newest = files.finished(folder)[-1:] if folder.is_dir() else []
    made = made_at(newest[0].name) if newest else None
    nightly_or_not = "" if settings.backup_nightly else "，夜间备份关着"
    if made is None:
        return Found(
            "warn" if visit.real else "ok",
            f"{folder} 里还没有备份{nightly_or_not}",
            "运行 flask backup" if visit.real else "",
        )
    words = f"最近一份备份是 {made.astimezone(BEIJING):%Y-%m-%d %H:%M} 的{nightly_or_not}"
    if _last_night_looked_for(visit.deps) - made > OLD:
        return Found("warn", words, "运行 flask backup，看它说什么；看调度是不是在跑")
    return Found("ok", words)


def _last_night_looked_for(deps: Deps) -> datetime:
    """Up to when the nightly job has had its chance: days of being off and a demo clock that was
    pushed are made up for at its next run, minutes later. One that stands still is told apart."""
    now = deps.clock.now()
    with deps.database.read() as session:
        seen = [each.clock_at for each in ticks.all_ticks(session) if each.name == "backup"]
    return min([now, *(at for at in seen if at != ticks.NEVER)])


def _make(deps: Deps, folder: Path) -> tuple[Path, Manifest]:
    """Written aside; it gets its name when all of it is on the disk."""
    former = max(files.finished(folder), default=None)
    aside = Path(tempfile.mkdtemp(prefix=files.UNFINISHED, dir=folder))
    try:
        now = deps.clock.now()
        snapshot = dump(deps.database, aside)
        file = aside / FILES[snapshot.kind]
        files.to_disk(file)
        held, missing = _attachments(deps, snapshot, aside, former)
        manifest = Manifest(
            made_at=now.isoformat(), host=socket.gethostname(), product=VERSION,
            revision=snapshot.revision, database=snapshot.kind, tables=snapshot.tables,
            files={file.name: files.sha256_of(file)} | held, missing=missing,
        )  # fmt: skip
        (aside / MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
        (aside / MANIFEST).chmod(0o600)
        for each in (aside / MANIFEST, aside):
            files.to_disk(each)
        path = _free(folder, name_for(now))
        aside.rename(path)
        files.to_disk(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return path, manifest


def _attachments(
    deps: Deps, snapshot: Snapshot, aside: Path, former: Path | None
) -> tuple[dict[str, str], list[str]]:
    """({path: sha256}, hashes whose file is gone or no longer what it was)."""
    root = deps.settings.var_path
    held: dict[str, str] = {}
    missing = []
    for sha256 in snapshot.media:
        names = files.names_of(root, sha256)
        try:
            taken = {name: files.take(name, root, aside, former) for name in names}
        except FileNotFoundError:
            taken = {}  # erased in this very moment
        held |= taken
        if not taken or taken[names[0]] != sha256:
            missing.append(sha256)
    with deps.database.read() as session:  # what was erased since the copy is not missed
        return held, [sha256 for sha256 in missing if media.is_used(session, sha256)]


def _free(folder: Path, name: str) -> Path:
    """A name that is not taken: the demo clock may stand still between two backups."""
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{name}-{number}", number + 1
    return path


def _rotate(deps: Deps, folder: Path) -> list[str]:
    names = [path.name for path in files.finished(folder)]
    settings = deps.settings
    going = to_remove(names, deps.clock.now(), settings.backup_daily, settings.backup_weekly)
    for name in going:
        # First it stops being a backup: a removal that is cut off leaves no half of one.
        (folder / name).rename(folder / f"{files.UNFINISHED}{name}")
        shutil.rmtree(folder / f"{files.UNFINISHED}{name}")
    return going


def _copy_away(deps: Deps, path: Path) -> bool:
    """Have a copy elsewhere. Raises Refused; the backup itself is good all the same."""
    try:
        copied = deps.offsite.copy(path)
    except OSError as error:
        reason = why(deps.texts, error)
        _tell(deps, COPY_ALARM, reason)
        raise Refused("operator.backup_not_copied", path=path, reason=reason) from error
    _tell(deps, COPY_ALARM, None)
    return copied


def _tell(deps: Deps, kind: str, trouble: str | None) -> None:
    """Raise the alarm, or clear it where there is no trouble."""
    now = deps.clock.now()
    try:
        with deps.database.write() as session:
            if trouble is None:
                alarms.clear(session, kind, now)
            else:
                alarms.raise_alarm(session, kind, trouble, now)
    except SQLAlchemyError:  # the database itself may be the trouble
        log.exception("alarm_not_kept kind=%s", kind)
    if trouble is not None:
        log.error("alarm_backup kind=%s", kind)  # the alarm itself says why
