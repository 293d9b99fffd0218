"""How gunicorn serves the application: `gunicorn -c python:web.gunicorn "app:create_app()"`.

The application is loaded before the fork, so that workers share the understander's memory.
"""

from typing import Any

from bot.settings import load_settings
from bot.wiring import warm_up

_settings = load_settings()

bind = f"{_settings.host}:{_settings.port}"
workers = 2
worker_class = "sync"
preload_app = True
timeout = 30
accesslog = None
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Called in the parent when the application is loaded, before any worker is forked."""
    warm_up(server.app.wsgi().extensions["deps"])
