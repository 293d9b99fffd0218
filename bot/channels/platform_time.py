"""What time the platform's servers have, to see whether this machine's clock is right."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

TIMEOUT = (2.0, 3.0)
"""Seconds to connect, and to wait for an answer."""


def platform_time(base: str) -> datetime | None:
    """The Date header of any answer of `base`, in UTC; None when there is none."""
    try:
        answer = requests.head(base, timeout=TIMEOUT, allow_redirects=False)
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (requests.RequestException, KeyError, ValueError):
        return None
