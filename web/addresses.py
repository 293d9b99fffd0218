"""Whose request it is."""

from flask import request


def address() -> str:
    """The address that a request came from. A proxy on this machine names its own last; others are
    not believed."""
    peer = request.remote_addr or ""
    named = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    return named if named and peer in ("127.0.0.1", "::1") else peer
