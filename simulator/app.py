"""The desk as a WSGI application."""

from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.api import api_of
from simulator.desk import Desk
from simulator.oauth import oauth_of
from simulator.page_tags import PREFIX, page_tags_of
from simulator.pages import pages_of
from simulator.routes import routes_of

LONGEST_BODY = 1024 * 1024


def create_app(desk: Desk) -> Flask:
    """Routes of the platform, of the desk, and its pages."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for blueprint in (
        api_of(desk), oauth_of(desk), page_tags_of(desk), routes_of(desk), pages_of(desk)
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _told)
    app.after_request(lambda response: _guarded(desk, response))
    return app


def _told(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description or error.name), error.code or 500


def _guarded(desk: Desk, response: Response) -> Response:
    """No inline script, no foreign sources; only the desk's own page may frame a phone, and only
    the account's pages a tag."""
    port = desk.config.port
    frames = f"http://*.localhost:{port}"
    parents = f"'self' http://127.0.0.1:{port} http://localhost:{port} http://{request.host}"
    if request.path.startswith(f"{PREFIX}/"):
        app = urlsplit(desk.config.app_url)
        parents = f"{app.scheme}://{app.netloc} http://*.localhost:{app.port or 80}"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src {frames}; "
        f"frame-ancestors {parents}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
