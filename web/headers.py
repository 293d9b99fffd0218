"""What every page tells the browser it may do: nothing but what is written here."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response

from bot.domain.page_tags import TagHost

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No script at all, no inline style, no foreign host. What a page needs beside it is an exception
of this file, with its reason."""

CONSOLE: Mapping[str, str] = MappingProxyType(
    {"img-src": "'self' data:", "script-src": "'self'", "connect-src": "'self'"}
)
"""The staff console: the component library draws its arrows and ticks so; our own scripts (keys,
charts, htmx for news) run and ask this host alone; the chart library draws on a canvas and sets
styles by script only."""


def tag_sources(tags: TagHost | None) -> Mapping[str, str]:
    """A page with the platform's own tags (有结果时通知我): lets in the platform's script, one of
    ours that calls it, and the frames in which the platform draws its buttons. No inline script and
    no inline style there either: what stands between the tags is data."""
    if tags is None:
        return {}
    return {"script-src": f"'self' {tags.script}", "frame-src": " ".join(tags.frames)}


def protect(response: Response, *, https: bool, more: Mapping[str, str]) -> Response:
    """Headers of a page that belongs to one person: no copy is kept, nothing foreign runs but what
    `more` lets in, one of the exceptions above."""
    policy = POLICY | dict(more)
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
