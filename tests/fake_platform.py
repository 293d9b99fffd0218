"""The platform's API on a port of this machine: it answers what a test tells it to.

It keeps every request. Answers are functions, so that a test can hold one back until it says so.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OK = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True)
class Answer:
    """What goes back. A dict becomes JSON; `cut`: bytes promised but never sent."""

    body: bytes | dict[str, Any] = field(default_factory=lambda: dict(OK))
    status: int = 200
    cut: int = 0
    hang_up: bool = False
    """Close without any answer."""

    @property
    def content(self) -> bytes:
        """The bytes on the wire."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Call:
    """One request that came in."""

    path: str
    token: str
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        """The body, read as JSON."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


Script = Callable[[Call], Answer]


class FakePlatform:
    """Tokens are T1, T2 … ; `on_token` and `on_send` may be replaced by a test."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.lifetime = 7200
        self.base = ""
        self.on_token: Script = self.hand_out_token
        self.on_send: Script = lambda call: Answer()
        self._lock = threading.Lock()
        self._handed_out = 0

    def hand_out_token(self, call: Call) -> Answer:
        """A new token each time."""
        with self._lock:
            self._handed_out += 1
            return Answer({"access_token": f"T{self._handed_out}", "expires_in": self.lifetime})

    def answer(self, call: Call) -> Answer:
        """Keep the call and answer it."""
        with self._lock:
            self.calls.append(call)
        return (self.on_token if call.path.endswith("/stable_token") else self.on_send)(call)

    @property
    def token_calls(self) -> list[Call]:
        """Requests for a token."""
        return [call for call in self.calls if call.path == "/cgi-bin/stable_token"]

    @property
    def sends(self) -> list[Call]:
        """All other requests."""
        return [call for call in self.calls if call.path != "/cgi-bin/stable_token"]


def _handler(platform: FakePlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            url = urlsplit(self.path)
            token = parse_qs(url.query).get("access_token", [""])[0]
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = platform.answer(Call(url.path, token, body))
            if not answer.hang_up:
                self._send(answer)
            self.close_connection = answer.hang_up or bool(answer.cut)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.content) + answer.cut))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is part of some tests."""


@contextmanager
def running_platform() -> Iterator[FakePlatform]:
    """A fake platform on a free port."""
    platform = FakePlatform()
    server = _Server(("127.0.0.1", 0), _handler(platform))
    platform.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
