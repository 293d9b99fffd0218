"""The baseline of start and memory: a Flask application that says one word."""

from flask import Flask


def make() -> Flask:
    """The application."""
    app = Flask("bare", static_folder=None)

    @app.post("/wechat")
    def push() -> str:
        return "<Encrypt>"

    return app
