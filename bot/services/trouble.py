"""Why something outside of us did not work, in words for whoever sits at the console (Chinese)."""

import errno
import re

from sqlalchemy.exc import SQLAlchemyError

from bot.texts import Texts

_KNOWN = {
    errno.ENOENT: "absent", errno.EACCES: "forbidden", errno.EPERM: "forbidden",
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read_only",
    errno.EISDIR: "folder", errno.ENOTDIR: "no_folder", errno.ENAMETOOLONG: "too_long",
    errno.EEXIST: "in_the_way", errno.EFBIG: "too_big", errno.EIO: "broken",
}  # fmt: skip


def why(texts: Texts, error: Exception, at: object = None) -> str:
    """What stood in the way, where (`at`, or the path that the error names), and what to do. Never
    a statement of the database: it may hold people's words."""
    say = texts.say
    if isinstance(error, OSError):
        known = _KNOWN.get(error.errno or 0)
        words = say(f"trouble.{known}") if known else str(error.strerror or error)
        path = at or error.filename
        return say("trouble.at", path=path, words=words) if path else words
    if isinstance(error, SQLAlchemyError):
        return say("trouble.database", name=type(error).__name__)
    return str(error)


def why_not_toml(texts: Texts, error: Exception) -> str:
    """Why a file is no TOML that can be read, and where."""
    if isinstance(error, OSError):
        return why(texts, error)
    if isinstance(error, UnicodeDecodeError):
        return texts.say("trouble.no_utf8")
    if isinstance(error, RecursionError):
        return texts.say("trouble.too_deep")
    # tomllib says where in its message and nowhere else.
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    if place is None:
        return texts.say("trouble.toml_end")
    return texts.say("trouble.toml", line=place[1], column=place[2])
