"""Signed cookies of the pages."""

from datetime import timedelta

from flask import Flask

from bot.settings import Settings

PAGES = "/h5"
IDLE = timedelta(hours=12)
"""After so long without a visit a session is over."""


def use_sessions(app: Flask, settings: Settings) -> None:
    """Cookie that scripts can't read, that other sites' forms don't carry, and that goes over
    https only where we are reached by it."""
    app.config.update(
        SESSION_COOKIE_NAME="xmz_h5",
        SESSION_COOKIE_PATH=PAGES,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=IDLE,
    )
