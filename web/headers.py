"""What every page tells the browser it may do: nothing but what is written here."""

from flask import Response

EXCEPTIONS: dict[str, str] = {}
"""Directive → source that a page needs beside our own files. There is none: no inline script or
style, no foreign host. Whatever must be added is added here, with the reason."""

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
} | EXCEPTIONS
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {source}" for name, source in POLICY.items())


def protect(response: Response, *, https: bool) -> Response:
    """Headers of a page that belongs to one person: no copy is kept, nothing foreign runs."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
