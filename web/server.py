"""The web server: granian, with workers forked from the loaded application.

Forked, they share the understander's memory and answer at once; left to themselves granian's
workers would each load it after they were started, and not stop when told to meanwhile.
"""

import logging
import multiprocessing
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from werkzeug.local import LocalProxy

from bot.logs import for_server, set_up
from bot.services.ports import Deps
from bot.wiring import warm_up

WORKERS = 2
"""Processes. Each handles one request at a time: a second thread would only wait for the first one
to let go of the interpreter (ADR 0008)."""

SECONDS_TO_STOP = 10
"""After being told to stop a worker may finish its request for so long."""


@click.command
@with_appcontext
def serve() -> None:
    """Serve webhook and pages on XMZ_HOST and XMZ_PORT until told to stop.

    Example: flask serve
    """
    app = cast(LocalProxy[Flask], current_app)._get_current_object()
    deps: Deps = app.extensions["deps"]
    set_up(deps.settings.log_format, logging.INFO)
    warm_up(deps)
    multiprocessing.set_start_method("fork")  # the default up to Python 3.13
    Granian(
        "app:create_app", address=deps.settings.host, port=deps.settings.port,
        interface=Interfaces.WSGI, workers=WORKERS, blocking_threads=1, http=HTTPModes.http1,
        log_dictconfig=for_server(deps.settings.log_format), websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=SECONDS_TO_STOP,
    ).serve(target_loader=lambda: app, wrap_loader=False)  # fmt: skip
