"""Times and numbers in the words people use."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.deadlines import BEIJING


def say_when(at: datetime, now: datetime) -> str:
    """A due time as people say it: 今天 17:30, 明天 09:00, 11月25日 17:30."""
    local, today = at.astimezone(BEIJING), now.astimezone(BEIJING).date()
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days == 0:
        return f"今天 {clock}"
    if days == 1:
        return f"明天 {clock}"
    year = f"{local.year}年" if local.year != today.year else ""
    return f"{year}{local.month}月{local.day}日 {clock}"


def say_length(length: timedelta) -> str:
    """How long something has taken, as people say it: 5 分钟, 3 小时, 2 天."""
    minutes = int(length / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} 分钟"
    hours = minutes // 60
    return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"


def shorten(text: str, length: int) -> str:
    """At most `length` characters on one line, with … where something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, with whether a piece is one of these words."""
    known = sorted({word for word in words if word}, key=len, reverse=True)
    if not known:
        return [(text, False)] if text else []
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece]
