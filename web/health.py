"""Is it alive, and is it ready: for the process manager and the load balancer."""

from flask import Blueprint, Response, current_app, jsonify

from bot.services.health import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers, is current, and a scheduler is at work."""
    problems = readiness(current_app.extensions["deps"])
    return jsonify(ok=not problems, problems=problems), 503 if problems else 200
