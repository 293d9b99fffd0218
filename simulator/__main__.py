"""`python -m simulator`: the desk, until Ctrl-C."""

import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from simulator import config, desk
from simulator.app import create_app


class Quiet(WSGIRequestHandler):
    """Every call is in the desk's own log; the terminal stays readable."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> int:
    """Serve; 0 after Ctrl-C or a stop signal, 1 when it cannot start, with a sentence why."""
    try:
        found = config.load(os.environ, Path(".env"))
    except config.WrongSetting as error:
        return _sorry(f"{error}.")
    if taken(found.host, found.port):
        return _sorry(f"Port {found.port} is in use: stop what runs there, or set XMZ_DESK_PORT.")
    server = ThreadedWSGIServer(found.host, found.port, create_app(desk.build(found)), Quiet)
    signal.signal(signal.SIGTERM, _stop)
    print(f"Desk: http://127.0.0.1:{found.port}/  pushes to {found.push_url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
