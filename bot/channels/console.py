"""A twin of the WeChat channel that only tells what it would send (XMZ_CHANNEL=console)."""

import sys
from typing import TextIO

from bot.domain.inbound import Choice
from bot.domain.messages import Sent


class ConsoleChannel:
    """Implements the Channel port on a stream: stderr unless another is given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Print the text and its choices."""
        labels = "".join(f" [{choice.label}]" for choice in choices)
        self._print(openid, f"{text}{labels}")
        return Sent("custom")

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Print the fields and the address."""
        self._print(openid, " | ".join([shape, *fields.values(), url]))
        return Sent("template")

    def close(self) -> None:
        """Nothing is open."""

    def _print(self, openid: str, words: str) -> None:
        """The person is named by the last four characters: a terminal is a log, too."""
        print(f"→ …{openid[-4:]} {words}", file=self._stream or sys.stderr)


class ConsoleTickets:
    """Implements the PageTickets port without a platform: pages are signed, for nobody to check."""

    def ticket(self) -> str:
        """Always the same."""
        return "console"
