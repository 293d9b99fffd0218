"""What a backup says of itself, and which backups are kept: rules only, no files."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.domain.deadlines import BEIJING

FORMAT = 1
"""Of the manifest and the folder's layout; a reader refuses what it does not know."""
MANIFEST = "manifest.json"
NAME = re.compile(r"xiaomazha-(\d{8}T\d{6})(?:-\d+)?")
ALWAYS = timedelta(days=1)
"""What is younger than this is never rotated away: somebody may have made it before an upgrade."""


class BrokenManifest(ValueError):
    """The manifest is cut off, not ours, or of a layout that this version does not know."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies in one backup. `tables`: rows by table in the moment of the copy; `files`: path in
    the folder → sha256; `missing`: hashes of attachments whose files were gone from the disk."""

    made_at: str
    host: str
    product: str
    revision: str
    database: str
    tables: dict[str, int]
    files: dict[str, str]
    missing: list[str]
    format: int = FORMAT

    def as_json(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(text: str) -> Manifest:
    """What `as_json` wrote. Raises BrokenManifest."""
    try:
        found = json.loads(text)
        manifest = Manifest(**found)
        paths = [*manifest.files]
        whole = all(isinstance(value, str) for value in manifest.files.values())
    except (ValueError, TypeError, AttributeError) as error:
        raise BrokenManifest(type(error).__name__) from error
    if manifest.format != FORMAT:
        raise BrokenManifest(f"layout {manifest.format}")
    # A path that leads out of the folder would be written somewhere else.
    if not whole or any(path.startswith("/") or ".." in path.split("/") for path in paths):
        raise BrokenManifest("files")
    return manifest


def name_for(at: datetime) -> str:
    """Name of the folder of a backup made then, in Beijing time."""
    return f"xiaomazha-{at.astimezone(BEIJING):%Y%m%dT%H%M%S}"


def made_at(name: str) -> datetime | None:
    """When the backup with this name was made; None for a name that is not ours."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None


def to_remove(names: Iterable[str], now: datetime, daily: int, weekly: int) -> list[str]:
    """Which backups may go: all but the newest one of each of the last `daily` days and `weekly`
    weeks that have any, and those of the last 24 hours. Names that are not ours never go."""
    found = [(at, name) for name in names if (at := made_at(name)) is not None]
    kept = {name for at, name in found if at > now - ALWAYS}
    for most, period in ((daily, "%Y%m%d"), (weekly, "%G%V")):
        newest: dict[str, str] = {}
        for at, name in sorted(found, reverse=True):
            newest.setdefault(f"{at:{period}}", name)
        kept.update(list(newest.values())[:most])
    return sorted(name for _, name in found if name not in kept)
