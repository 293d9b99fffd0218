"""What a phone shows of a message: pieces of text, links, tappable choices, and time lines."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from simulator.clock import BEIJING
from simulator.store import Row

ANCHOR = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
GAP = 300
"""Seconds of silence after which a chat shows the time again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a message: `text`, `link` (target is a URL) or `choice` (target is its id)."""

    kind: str
    text: str
    target: str = ""
    content: str = ""
    """What a choice sends."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message ready to draw. `time`: a line above it, empty for none."""

    id: int
    side: str
    kind: str
    time: str
    pieces: list[Piece]
    choices: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


def pieces(text: str, app_url: str, handle: str) -> list[Piece]:
    """Cut a text at its links; everything else stays text, to be escaped by the template."""
    found, end = [], 0
    for match in ANCHOR.finditer(text):
        found.append(Piece("text", text[end : match.start()]))
        found.append(_anchor(html.unescape(match[1]), match[2], app_url, handle))
        end = match.end()
    found.append(Piece("text", text[end:]))
    return [piece for piece in found if piece.text]


def _anchor(href: str, words: str, app_url: str, handle: str) -> Piece:
    if href.startswith("weixin://bizmsgmenu?"):
        asked = parse_qs(href.partition("?")[2])
        content = asked.get("msgmenucontent", [words])[0]
        return Piece("choice", words, asked.get("msgmenuid", [""])[0], content)
    if href.startswith(("http://", "https://")):
        return Piece("link", words, own_origin(href, app_url, handle))
    return Piece("text", words)


def own_origin(url: str, app_url: str, handle: str) -> str:
    """A page of the app, at this person's own origin, so that sessions stay apart."""
    here, app = urlsplit(url), urlsplit(app_url)
    local = app.hostname in ("127.0.0.1", "localhost")
    if not local or (here.hostname, here.port) != (app.hostname, app.port):
        return url
    return here._replace(netloc=f"{handle}.localhost:{app.port or 80}").geturl()


def bubbles(rows: list[Row], now: float, app_url: str, handle: str) -> list[Bubble]:
    """A person's messages, oldest first, with time lines where the talk paused."""
    drawn, before = [], 0.0
    for row in rows:
        time = clock_words(row["at"], now) if row["at"] - before > GAP else ""
        before = row["at"]
        side = "middle" if row["kind"] in ("event", "notice") else row["direction"]
        url = own_origin(row["url"], app_url, handle) if row["url"] else ""
        parts = pieces(row["text"], app_url, handle) if row["direction"] == "out" else []
        parts = parts or [Piece("text", row["text"])]
        drawn.append(Bubble(row["id"], side, row["kind"], time, parts, row["choices"], url))
    return drawn


def clock_words(at: float, now: float) -> str:
    """14:30 today, 11月25日 14:30 on other days (Beijing)."""
    then, today = (datetime.fromtimestamp(each, BEIJING) for each in (at, now))
    day = "" if then.date() == today.date() else f"{then.month}月{then.day}日 "
    return f"{day}{then:%H:%M}"
