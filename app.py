"""The web application: settings → wiring → blueprints. No logic here."""

from flask import Flask

from bot.cli.commands import COMMANDS
from bot.handlers.webhook import blueprint as wechat
from bot.services.ports import Deps
from bot.settings import Settings, load_settings
from bot.wiring import build
from web.guard import guard
from web.health import blueprint as health


def create_app(settings: Settings | None = None, deps: Deps | None = None) -> Flask:
    """The application. Without arguments everything comes from the environment; a missing
    setting refuses the start and says its name."""
    deps = deps or build(settings or load_settings())
    app = Flask("xiaomazha", static_folder=None)
    app.config["SECRET_KEY"] = deps.settings.secret_key.get_secret_value()
    app.extensions["deps"] = deps
    guard(app)
    for blueprint in (wechat, health):
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
