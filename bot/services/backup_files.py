"""Files of backups: copied whole, on the disk before anybody relies on them, named by hash."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.domain.backups import MANIFEST, made_at
from bot.services import media_files

UNFINISHED = ".new-"
"""How the folder of a backup begins that is still being made; what is left of a killed one goes
with the next."""
CHUNK = 2**20


def sha256_of(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_disk(path: Path) -> None:
    """Have a file, or a folder's names, on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def copy(source: Path, target: Path) -> str:
    """Copy a file, readable by its owner alone, and read the copy back; its sha256."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        target.chmod(0o600)
        with source.open("rb") as content:
            shutil.copyfileobj(content, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())
    return sha256_of(target)


def names_of(root: Path, sha256: str) -> list[str]:
    """Paths below `root` of a kept file and of what was made of it, as far as they are there."""
    path = media_files.place(root, sha256)
    found = [each for each in (path, media_files.playable(path)) if each.is_file()]
    return [each.relative_to(root).as_posix() for each in found] if path in found else []


def take(name: str, source: Path, target: Path, former: Path | None) -> str:
    """Put a file into a backup: by a link to the former backup, which costs nothing, else by a
    copy; its sha256. Kept files never change, so a link is as good as long as its content is."""
    before = former / name if former is not None else None
    if before is not None and before.is_file():
        sha256 = sha256_of(before)
        if sha256 == sha256_of(source / name):  # else it has rotted: copy it anew
            (target / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(OSError):  # a disk without links
                (target / name).hardlink_to(before)
                return sha256
    return copy(source / name, target / name)


def finished(folder: Path) -> list[Path]:
    """Complete backups in a folder, oldest first."""
    found = [
        each for each in folder.iterdir() if made_at(each.name) and (each / MANIFEST).is_file()
    ]
    return sorted(found, key=lambda each: each.name)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Alone at this folder, which is made if need be; what a killed process left is removed.
    Raises BlockingIOError while another process is at it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(number)
