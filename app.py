"""The web application: settings → wiring → webhook and blueprints. No logic here."""

from flask import Flask

from bot.cli.commands import COMMANDS
from bot.handlers.webhook import mount
from bot.logs import set_up
from bot.services.ports import Deps
from bot.settings import Settings, load_settings
from bot.wiring import build
from web.assets import blueprint as assets
from web.console.pages import blueprint as console
from web.guard import guard
from web.h5.pages import blueprint as h5
from web.health import blueprint as health
from web.metrics import blueprint as metrics
from web.server import serve
from web.sessions import use_sessions


def create_app(settings: Settings | None = None, deps: Deps | None = None) -> Flask:
    """The application. Without arguments everything comes from the environment; a missing
    setting refuses the start and says its name."""
    deps = deps or build(settings or load_settings())
    set_up(deps.settings.log_format)
    app = Flask("xiaomazha", static_folder=None)
    app.config["SECRET_KEY"] = deps.settings.secret_key.get_secret_value()
    app.extensions["deps"] = deps
    guard(app)
    use_sessions(app, deps.settings)
    for blueprint in (health, metrics, assets, h5, console):
        app.register_blueprint(blueprint)
    mount(app, deps)
    for command in (*COMMANDS, serve):
        app.cli.add_command(command)
    return app
