"""The copy of a backup that lies somewhere else: a command that the operator gives."""

import shlex
import subprocess
from pathlib import Path

PATIENCE = 3600
"""Seconds that the command gets."""


class CopyCommand:
    """Implements the Offsite port by `COMMAND… PATH`, without a shell."""

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)

    def copy(self, path: Path) -> bool:
        """Run the command; False when none is set. Raises OSError with what went wrong."""
        if not self._command:
            return False
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command
                [*self._command, str(path)], stdin=subprocess.DEVNULL, capture_output=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise OSError(f"took longer than {PATIENCE} s") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise OSError(f"exit {done.returncode}: {said[-1][:200] if said else ''}".rstrip(": "))
        return True
