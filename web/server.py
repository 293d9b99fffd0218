"""The web server: granian, with workers forked from the loaded application.

Forked, they share the understander's memory and answer at once; left to themselves granian's
workers would each load it after they were started, and not stop when told to meanwhile.
"""

import multiprocessing

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces

WORKERS = 2
"""Processes. Each handles one request at a time: a second thread would only wait for the first one
to let go of the interpreter (ADR 0008)."""

SECONDS_TO_STOP = 10
"""After being told to stop a worker may finish its request for so long."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. A worker that dies is started anew."""
    multiprocessing.set_start_method("fork")  # the default up to Python 3.13
    Granian(
        "app:create_app", address=host, port=port, interface=Interfaces.WSGI, workers=WORKERS,
        blocking_threads=1, http=HTTPModes.http1, websockets=False, respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    ).serve(target_loader=lambda: app, wrap_loader=False)  # fmt: skip
