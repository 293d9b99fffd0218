"""The demo clock: real time plus an offset that app, scheduler and desk read from one file."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

BEIJING = timezone(timedelta(hours=8))
LONGEST = 10 * 366 * 86400
"""The most seconds one call may advance: ten years, so that a slip of the finger is caught."""


class DeskClock:
    """`now()` in seconds of the epoch, moved by VAR_DIR/clock.json `{"offset_seconds": int}`."""

    def __init__(self, folder: Path, real: Callable[[], float] = time.time) -> None:
        self.path = folder / "clock.json"
        self._real = real
        self._lock = threading.Lock()

    def offset(self) -> int:
        """Seconds ahead of real time; 0 without the file, or with one that says nothing."""
        try:
            return int(json.loads(self.path.read_text("utf-8"))["offset_seconds"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return 0

    def now(self) -> float:
        """The demo's present."""
        return self._real() + self.offset()

    def beijing(self) -> str:
        """The present as ISO 8601, Beijing time."""
        return stamp(self.now())

    def advance(self, seconds: int) -> int:
        """Move on; returns the new offset. The file is replaced whole, never half written."""
        with self._lock:
            offset = self.offset() + seconds
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".clock-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"offset_seconds": offset}, file)
            Path(name).replace(self.path)
            return offset


def stamp(seconds: float) -> str:
    """Seconds of the epoch as ISO 8601 in Beijing time, to the second."""
    return datetime.fromtimestamp(seconds, BEIJING).isoformat(timespec="seconds")
