"""A log line says what happened, to which case, in which job; never who."""

import json
import logging
from typing import Any

import pytest

from bot.logs import JOB, SafeFormatter, for_server


def line(name: str, message: str, *args: object, error: Exception | None = None) -> str:
    """The line of one record, as JSON."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.INFO, "x.py", 1, message, args, info)
    return SafeFormatter("json").format(record)


def fields(name: str, message: str, *args: object, error: Exception | None = None) -> Any:
    """The same, read; without what every line has."""
    read = json.loads(line(name, message, *args, error=error))
    assert [read.pop(key) for key in ("level", "logger")] == ["info", name]
    assert read.pop("at").endswith("+00:00")
    return read


def test_event_and_values_by_name() -> None:
    """The first word is the event; each `name=%s` takes its value; inside a job the job is told."""
    told = JOB.set("media")
    found = fields("bot.services.media", "media_kept case=%s attachment=%s", "261123-0007", 5)
    JOB.reset(told)
    assert found == {"event": "media_kept", "case": "261123-0007", "attachment": 5, "job": "media"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("clock_failed:7", "clock_failed:7"),
        ("261123-0007", "261123-0007"),
        ("ab12ef", "ab12ef"),  # an error code
        (45009, 45009),
        (None, None),
        ("路灯坏了", "?"),
        ("王小明", "?"),
        ("13812345678", "?"),
        (13812345678, "?"),
        ("150102199003071234", "?"),
        ("oABCD1234efgh5678IJKL9012mno", "?"),
        ("83_SrT9wX2bLqK0pVz71", "?"),  # a token
        ("two words", "?"),
    ],
)
def test_only_what_looks_like_ours_is_written(value: object, shown: object) -> None:
    """Words, numbers of people and keys are covered, whoever logged them by mistake."""
    assert fields("bot.x", "thing why=%s", value) == {"event": "thing", "why": shown}


def test_an_error_without_its_words() -> None:
    """Its kind, what it came from, and where; its message may quote anything."""
    try:
        try:
            raise KeyError("oABCD1234efgh5678IJKL9012mno")
        except KeyError as cause:
            raise ValueError("王小明 13812345678") from cause
    except ValueError as error:
        caught = error
    said = line("web.x", "page_failed code=%s", "ab12ef", error=caught)
    assert json.loads(said)["error"] == "ValueError < KeyError"
    assert "tests/unit/test_logs.py" in json.loads(said)["trace"][0]
    assert "王小明" not in said
    assert "oABCD" not in said


def test_other_libraries_sentences() -> None:
    """What they fill in is left out, what is filled in already is covered; the server says its
    words."""
    lost = fields("urllib3.connectionpool", "Retrying after %s", "/send?access_token=abc")
    assert lost == {"event": "library", "says": "Retrying after %s"}
    ready = "GET /x?access_token=83_SrT9wX2bLqK0pVz71 for 13812345678"
    assert "83_S" not in line("somebody", ready)
    assert "1381" not in line("somebody", ready)
    assert fields("_granian", "Stopping worker-1")["says"] == "Stopping worker-1"


def test_a_call_that_does_not_fit_is_told() -> None:
    """A wrong call must not stop what it tells of, nor print what it was given."""
    assert fields("bot.x", "thing a=%s b=%s", "王小明")["event"] == "log_unreadable"


def test_in_words() -> None:
    """The same for eyes: a line, and the way to the error below it."""
    formatter = SafeFormatter("words")
    record = logging.LogRecord("bot.x", 20, "x.py", 1, "thing case=%s", ("261123-0007",), None)
    assert formatter.format(record).endswith(" info bot.x thing case=261123-0007")
    assert for_server("words")["formatters"]["safe"]["form"] == "words"
