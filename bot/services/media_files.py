"""Files of attachments under VAR_DIR/media, named by their own hash; pictures made harmless, voice
made into what a browser plays."""

import hashlib
import io
import os
import subprocess
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000
"""Beyond this a picture is a trap or a scan for print; a phone's has 12 to 50 million."""
LONGEST_SIDE = 3000
"""Pixels that are kept: enough to read a number plate, a fifth of the bytes."""
QUALITY = 88
PATIENCE = 30
"""Seconds in which a voice of a minute must be converted; it takes well below one."""
NO_SOUND = 200
"""Bytes: an MP3 no larger has a head and no sound."""
PLAYABLE = ".mp3"
SMALL = ".small.jpg"
SMALL_SIDE = 320
SMALL_QUALITY = 60
"""Some 10 KB: a page with five of them stays below its 100 KB."""
FORMATS = {"audio/amr": "amr", "audio/amr-wb": "amr", "audio/ogg": "ogg"}
"""Types that no browser plays (ogg: what comes is speex) → what ffmpeg calls the container."""


class Unreadable(Exception):
    """It begins like a picture, but is none that can be shown."""


def place(root: Path, sha256: str) -> Path:
    """Where the file with this hash lies: VAR_DIR/media/ab/cdef…"""
    return root / "media" / sha256[:2] / sha256[2:]


def keep(root: Path, content: bytes) -> str:
    """Keep a file, readable by its owner alone; its sha256. Written whole or not at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    write(place(root, sha256), content)
    return sha256


def write(path: Path, content: bytes) -> None:
    """Written beside its place, then moved there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # in three days the platform has it no more
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)  # the disk is full: no half of it may stay


def playable(path: Path) -> Path:
    """Where what a browser plays lies beside the original."""
    return path.with_name(path.name + PLAYABLE)


def remove(root: Path, sha256: str) -> None:
    """The file and what was made of it go; nothing happens when they are gone."""
    path = place(root, sha256)
    for each in (path, playable(path), path.with_name(path.name + SMALL)):
        each.unlink(missing_ok=True)


def harmless_picture(content: bytes) -> bytes:
    """The picture drawn anew as JPEG: upright, without place and time of the taking, and without
    whatever else was hidden in the file. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unreadable("too many pixels")
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(type(error).__name__) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def small(path: Path) -> Path:
    """A kept picture as lists show it, made when it is first asked for. Raises OSError."""
    target = path.with_name(path.name + SMALL)
    if not target.exists():
        made = io.BytesIO()
        with Image.open(path, formats=("JPEG",)) as opened:
            opened.draft("RGB", (2 * SMALL_SIDE, 2 * SMALL_SIDE))  # decodes an eighth of it
            opened.thumbnail((SMALL_SIDE, SMALL_SIDE))
            opened.save(made, "JPEG", quality=SMALL_QUALITY)
        write(target, made.getvalue())
        if not path.exists():  # erased meanwhile: nothing of it may stay
            target.unlink(missing_ok=True)
    return target


def to_mp3(content: bytes, mime: str) -> bytes | None:
    """What a browser plays of a voice; None where it plays the original or nothing can be made."""
    if mime not in FORMATS:
        return None
    command = [
        get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe",
        "-f", FORMATS[mime], "-i", "pipe:0", "-vn", "-ac", "1", "-b:a", "32k", "-f", "mp3",
        "pipe:1",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments; the voice comes by the pipe
            command, input=content, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and len(done.stdout) > NO_SOUND else None
