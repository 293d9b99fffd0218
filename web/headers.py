"""What every page tells the browser it may do: nothing but what is written here."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No inline script or style, no foreign host."""

CONSOLE = {
    "img-src": "'self' data:",  # the component library draws its arrows and ticks so
    "script-src": "'self'",  # htmx and our own few lines
    "connect-src": "'self'",
}
"""What the staff console needs besides. Whatever else must be let in is added in this file, with
the reason."""


def protect(
    response: Response, *, https: bool, more: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Headers of a page that belongs to one person: no copy is kept, nothing foreign runs."""
    policy = POLICY | dict(more)
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
