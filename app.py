"""The web application: settings → wiring → webhook and blueprints. No logic here."""

from wsgiref.types import WSGIApplication

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.cli.commands import COMMANDS
from bot.handlers.webhook import Webhook
from bot.services.ports import Deps
from bot.settings import Settings, load_settings
from bot.wiring import build, warm_up
from web.assets import blueprint as assets
from web.guard import guard
from web.h5.pages import blueprint as h5
from web.health import blueprint as health
from web.server import serve
from web.sessions import use_sessions


def create_app(settings: Settings | None = None, deps: Deps | None = None) -> Flask:
    """The application. Without arguments everything comes from the environment; a missing
    setting refuses the start and says its name."""
    deps = deps or build(settings or load_settings())
    app = Flask("xiaomazha", static_folder=None)
    app.config["SECRET_KEY"] = deps.settings.secret_key.get_secret_value()
    app.extensions["deps"] = deps
    guard(app)
    use_sessions(app, deps.settings)
    for blueprint in (health, assets, h5):
        app.register_blueprint(blueprint)
    mounts: dict[str, WSGIApplication] = {"/wechat": Webhook(deps)}
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, mounts)  # type: ignore[method-assign]
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def loaded_app() -> Flask:
    """The application with all loaded that the first message would wait for."""
    app = create_app()
    warm_up(app.extensions["deps"])
    return app


if __name__ == "__main__":
    served = loaded_app()
    settings = served.extensions["deps"].settings
    serve(served, settings.host, settings.port)
