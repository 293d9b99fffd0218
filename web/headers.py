"""What every page tells the browser it may do: nothing but what is written here."""

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


def _policy(tags: TagHost | None) -> str:
    """The exceptions. A page with the platform's own tags (有结果时通知我) lets in the platform's
    script, one of ours that calls it, and the frames in which the platform draws its buttons. No
    inline script and no inline style there either: what stands between the tags is data."""
    found = dict(POLICY)
    if tags is not None:
        found |= {"script-src": f"'self' {tags.script}", "frame-src": " ".join(tags.frames)}
    return "; ".join(f"{name} {source}" for name, source in found.items())


def protect(response: Response, *, https: bool, tags: TagHost | None = None) -> Response:
    """Headers of a page that belongs to one person: no copy is kept, nothing foreign runs but the
    platform's tags where a page asks for them."""
    response.headers["Content-Security-Policy"] = _policy(tags)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
