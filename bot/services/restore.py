"""`flask restore`: a backup into an empty place; nothing that exists is ever overwritten."""

import os
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.backups import MANIFEST, BrokenManifest, Manifest, read_manifest
from bot.services import backup_files as files
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.trouble import why
from bot.store import dumps, migrate, outbox
from bot.store.postgres_tools import DumpFailed


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `revision`: of the schema now; `was`: in the backup; `in_doubt`: notices
    that waited in the backup and may have gone out since."""

    made_at: str
    host: str
    was: str
    revision: str
    tables: dict[str, int]
    files: int
    missing: int
    in_doubt: int


def restore(deps: Deps, folder: Path) -> Restored:
    """Put a backup into the settings' database and VAR_DIR, both empty, and bring it to this
    version's schema. Raises Refused; the database is filled whole or not at all."""
    manifest = _readable(folder)
    _fits(deps, manifest)
    _is_whole(folder, manifest)
    if not dumps.is_empty(deps.database):
        raise Refused("operator.restore_not_empty")
    deps.database.dispose()
    try:
        attachments = [name for name in manifest.files if name != dumps.FILES[manifest.database]]
        for name in attachments:
            _put(folder / name, deps.settings.var_path / name)
        file = folder / dumps.FILES[manifest.database]
        dumps.load(deps.settings.sqlalchemy_url, file.absolute())
        with deps.database.write() as session:
            in_doubt = outbox.doubt_waiting(session)
    except (OSError, sqlite3.Error, SQLAlchemyError, DumpFailed) as error:
        raise Refused("operator.restore_failed", reason=why(deps.texts, error)) from error
    current, _ = migrate.revisions(deps.database)
    return Restored(
        made_at=manifest.made_at, host=manifest.host, was=manifest.revision,
        revision=current or "", tables=manifest.tables, files=len(attachments),
        missing=len(manifest.missing), in_doubt=in_doubt,
    )  # fmt: skip


def _readable(folder: Path) -> Manifest:
    try:
        return read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused("operator.restore_none", path=folder) from error
    except (BrokenManifest, UnicodeDecodeError) as error:
        raise Refused("operator.restore_broken", file=MANIFEST) from error


def _fits(deps: Deps, manifest: Manifest) -> None:
    """The same kind of database, and a schema that this version knows."""
    ours = deps.database.engine.dialect.name
    if manifest.database != ours:
        raise Refused("operator.restore_other_kind", theirs=manifest.database, ours=ours)
    if not migrate.knows(manifest.revision):
        raise Refused(
            "operator.restore_newer", product=manifest.product, revision=manifest.revision
        )


def _is_whole(folder: Path, manifest: Manifest) -> None:
    """Every file is there and is what it was, before anything is touched."""
    if dumps.FILES[manifest.database] not in manifest.files:
        raise Refused("operator.restore_broken", file=MANIFEST)
    for name, sha256 in manifest.files.items():
        path = folder / name
        if not path.is_file() or files.sha256_of(path) != sha256:
            raise Refused("operator.restore_broken", file=name)


def _put(source: Path, target: Path) -> None:
    """A file is named by its content: one that is there already is the same, or in the way."""
    if target.exists():
        if files.sha256_of(target) == files.sha256_of(source):
            return
        raise Refused("operator.restore_in_the_way", path=target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, aside = tempfile.mkstemp(dir=target.parent, prefix=files.UNFINISHED)
    os.close(number)
    try:
        shutil.copyfile(source, aside)
        files.to_disk(Path(aside))
        Path(aside).rename(target)
    finally:
        Path(aside).unlink(missing_ok=True)
