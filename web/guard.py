"""Closed by default: a route that says nothing about who may use it answers nobody."""

import hmac

from flask import Flask, Response, abort, request

OPEN_ROUTES = frozenset({"health.healthz", "health.readyz", "assets.serve", "h5.come_in",
                         "console.login"})  # fmt: skip
"""Endpoints for everybody: health says nothing of people, files are the same for all, and coming in
is how a session begins. The webhook is no route of Flask's; its signature guards it."""

MONITORS = frozenset({"metrics.metrics"})
"""For whoever watches the system: from this machine, or with XMZ_METRICS_TOKEN."""

FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")
"""A request with one of these came by a proxy, which may stand on this machine for the world."""

DOORS = frozenset({"h5", "console"})
"""Blueprints with a door of their own (web.h5.door, web.console.door): every route but the open
ones needs a session there."""


def guard(app: Flask) -> None:
    """Refuse every route that is neither open nor behind a door, before any view runs."""

    @app.before_request
    def _closed_by_default() -> None:
        if request.endpoint is None:
            return  # no such page: the framework answers 404 or 405
        if request.endpoint in MONITORS and _is_monitor(app):
            return
        if request.endpoint not in OPEN_ROUTES and request.blueprint not in DOORS:
            abort(403)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response


def _is_monitor(app: Flask) -> bool:
    token = app.extensions["deps"].settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    forwarded = any(name in request.headers for name in FORWARDED)
    return request.remote_addr in ("127.0.0.1", "::1") and not forwarded
