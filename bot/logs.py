"""How a process logs: one JSON object a line, or words, and never a person in either.

A call of ours says what happened in one word and gives its values by name:
`log.info("media_kept attachment=%s case=%s", 7, "261123-0007")`. The formatter reads the names from
the sentence, so nothing but the standard library is needed to log. Only values that look like a
name or a number of ours are written; of an exception its kind and where it came from, not its
words, which may be a resident's or hold a key. Of other libraries the sentence alone is written,
not what they put into it.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Format = Literal["json", "words"]

JOB: ContextVar[str] = ContextVar("job", default="")
"""The job of the scheduler's that this thread runs now."""

OURS = ("bot", "scheduler", "web")
SERVERS = ("_granian", "granian")
"""The web server's loggers: they tell of workers and signals only, and say it in words."""
FRAMES = 12
"""The innermost steps of a trace that are kept."""

_PAIR = re.compile(r"(?<!\w)(\w{1,40})=%[sd]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,79}|\d{6}-\d{4,6}|[0-9a-f]{6,8}|-?\d{1,9}")
_LIKE_A_KEY = re.compile(
    r"(?<![\w-])(?=[\w-]{0,200}\d)[\w-]{16,}|(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{16,}"
)
"""Openids, tokens, identity numbers; each word is tried once, from its beginning."""
_LIKE_A_PERSON = re.compile(rf"{_LIKE_A_KEY.pattern}|\d{{7,}}")
"""The same and phone numbers: what other libraries' sentences may hold."""
_HIDDEN = "?"


def set_up(form: Format, level: int = logging.WARNING) -> None:
    """Log to stderr in this form from `level` on. Where logging is set up already (a test run) only
    what others set up is left as it is."""
    root = logging.getLogger()
    ours = [handler for handler in root.handlers if isinstance(handler.formatter, SafeFormatter)]
    if root.handlers and not ours:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter(form))
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # of others only what is wrong
    for name in (*OURS, *SERVERS):
        logging.getLogger(name).setLevel(level)


def for_server(form: Format) -> dict[str, Any]:
    """The web server's own lines in the same form (a part of logging's dictConfig)."""
    here = f"{__name__}.SafeFormatter"
    return {
        "formatters": {"safe": {"()": here, "form": form}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "safe",
            }
        },
        "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }  # fmt: skip


class SafeFormatter(logging.Formatter):
    """One line a record: `at`, `level`, `logger`, `event`, then the values by name, `job` inside a
    job, and for an exception `error` (kinds, outermost first) and `trace`."""

    def __init__(self, form: Format = "json") -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line. Never raises: a record that can't be read tells that."""
        try:
            fields = _fields(record)
        except Exception as error:  # a log line must never stop what it tells of
            fields = {"event": "log_unreadable", "error": type(error).__name__}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        if self._form == "json":
            return json.dumps(head | fields, ensure_ascii=False)
        return " ".join([*map(str, head.values()), *_words(fields)])


def _words(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if name == "trace":
            yield "".join(f"\n    {step}" for step in value)
        else:
            yield str(value) if name == "event" else f"{name}={value}"


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    sentence = str(record.msg)
    first = record.name.split(".")[0]
    fields: dict[str, Any] = {}
    if first in OURS:
        fields["event"] = sentence.partition(" ")[0]
        args = record.args if isinstance(record.args, tuple) else ()
        fields |= {
            name: _plain(value) for name, value in zip(_PAIR.findall(sentence), args, strict=True)
        }
    else:
        # Theirs may be filled in already, so whatever could be a person or a key is taken out.
        fields["event"] = "server" if first in SERVERS else "library"
        fields["says"] = _LIKE_A_PERSON.sub(_HIDDEN, sentence)[:300]
    if job := JOB.get():
        fields["job"] = job
    error = record.exc_info[1] if record.exc_info else None
    return fields | ({} if error is None else _trace(error))


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    text = str(value)
    if not _PLAIN.fullmatch(text) or _LIKE_A_KEY.search(text):
        return _HIDDEN
    return value if isinstance(value, int) else text


def _trace(error: BaseException) -> dict[str, Any]:
    """What kind of error, what it came from, and the way there: no words of any of them."""
    kinds, cause = [type(error).__name__], error.__cause__ or error.__context__
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    steps = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    trace = [f"{_short(step.filename)}:{step.lineno} {step.name}" for step in steps]
    return {"error": " < ".join(kinds), "trace": trace}


def _short(path: str) -> str:
    return "/".join(path.split("/")[-3:])
