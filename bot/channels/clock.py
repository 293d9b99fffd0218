"""Where time comes from: the real clock, or the demo clock that the desk can push forward."""

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path


class RealClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)


class DemoClock:
    """Real time plus the offset in a file that app, scheduler and desk share."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[tuple[int, int], int] | None = None

    def now(self) -> datetime:
        """The demo's present, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset())

    def offset(self) -> int:
        """Seconds ahead of real time; 0 when nobody moved the clock. ValueError: broken file."""
        try:
            found = self._path.stat()
            version = found.st_ino, found.st_mtime_ns
            if self._known is None or self._known[0] != version:
                self._known = version, int(json.loads(self._path.read_text())["offset_seconds"])
            return self._known[1]
        except FileNotFoundError:
            return 0
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"{self._path} is no clock file; delete it") from error

    def advance(self, seconds: int) -> None:
        """Move the clock forward (atomically: others read it all the time)."""
        offset = self.offset() + seconds
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix="clock.")
        with os.fdopen(handle, "w") as file:
            json.dump({"offset_seconds": offset}, file)
        Path(name).replace(self._path)
