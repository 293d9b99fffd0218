"""A desk on a free port, and a tiny account's server for it to push to.

The server decrypts and encrypts with a library that shares no code with the desk.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import requests
from lxml import etree
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werkzeug.serving import make_server

from simulator import config, desk
from simulator.app import create_app
from simulator.push import Timing

MONDAY = 1795399200.0
"""23 November 2026, 10:00 in Beijing, seconds of the epoch."""


@dataclass(frozen=True)
class Received:
    """One request of the desk; `message`: its elements, decrypted."""

    method: str
    query: dict[str, str]
    body: bytes
    message: dict[str, str]


Answer = tuple[int, bytes]


@dataclass
class Account:
    """The account's server. `answer` decides; everything that came is kept in order."""

    settings: config.Config
    answer: Callable[["Account", Received], Answer] = lambda _account, _received: (200, b"success")
    received: list[Received] = field(default_factory=list)
    checks: bool = True
    cut: int = 0
    """Bytes that its next answer promises and never sends."""

    @property
    def pushes(self) -> list[Received]:
        """What came besides URL checks."""
        return [each for each in self.received if each.method == "POST"]

    @property
    def crypto(self) -> Any:
        """The library's half of the encryption."""
        return WeChatCrypto(self.settings.token, self.settings.aes_key, self.settings.app_id)

    def take(self, method: str, target: str, body: bytes) -> Answer:
        """Check the signature like an account must, remember, answer."""
        query = dict(parse_qsl(urlsplit(target).query))
        signed = (query["signature"], query["timestamp"], query["nonce"])
        check_signature(self.settings.token, *signed)
        if method == "GET":
            self.received.append(Received(method, query, body, {}))
            return 200, query["echostr"].encode() if self.checks else b"no"
        plain = body
        if self.settings.cipher != "plain":
            plain = self.crypto.decrypt_message(body, query["msg_signature"], *signed[1:])
        received = Received(method, query, body, elements(plain))
        self.received.append(received)
        return self.answer(self, received)

    def text(self, received: Received, words: str) -> Answer:
        """A passive text reply, encrypted when the mode asks for it."""
        message = received.message
        plain = (
            f"<xml><ToUserName><![CDATA[{message['FromUserName']}]]></ToUserName>"
            f"<FromUserName><![CDATA[{message['ToUserName']}]]></FromUserName>"
            f"<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content>{escape(words)}</Content></xml>"
        )
        if self.settings.cipher == "plain":
            return 200, plain.encode()
        return 200, self.crypto.encrypt_message(plain, "77", "1").encode()


def elements(document: bytes | str) -> dict[str, str]:
    """Elements of a pushed document by name."""
    data = document.encode() if isinstance(document, str) else document
    return {str(each.tag): each.text or "" for each in etree.fromstring(data)}


@dataclass
class World:
    """Desk and account, running. `url`: the desk's; `moved`: seconds the real clock was moved."""

    url: str
    desk: desk.Desk
    account: Account
    http: requests.Session
    pauses: list[float]
    later: list[Callable[[], None]]
    waits: list[float]
    """Seconds for which things were put off."""

    def get(self, path: str, **query: Any) -> Any:
        """JSON of a GET."""
        return self.http.get(self.url + path, params=query).json()

    def post(self, path: str, **body: Any) -> Any:
        """JSON of a POST."""
        return self.http.post(self.url + path, json=body).json()

    def person(self, nickname: str = "aunt") -> str:
        """An openid."""
        return str(self.post("/desk/users", nickname=nickname)["openid"])

    def act(self, openid: str, **body: Any) -> Any:
        """Do something on that phone."""
        return self.post(f"/desk/users/{openid}/messages", **body)

    def token(self) -> str:
        """A stable token."""
        return str(self.post("/cgi-bin/stable_token", **self.credentials())["access_token"])

    def credentials(self) -> dict[str, str]:
        """What the token calls ask for."""
        known = self.account.settings
        return {
            "grant_type": "client_credential",
            "appid": known.app_id,
            "secret": known.app_secret,
        }

    def call(self, api: str, token: str, body: dict[str, Any] | bytes) -> Any:
        """A call of the platform's API as the account makes it: raw UTF-8."""
        data = body if isinstance(body, bytes) else compact(body)
        return self.http.post(
            f"{self.url}/cgi-bin/{api}", params={"access_token": token}, data=data
        )

    def say(self, openid: str, words: str, token: str = "") -> int:
        """errcode of a customer-service text."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
        told = self.call("message/custom/send", token or self.token(), body).json()
        return int(told["errcode"])

    def advance(self, seconds: int) -> None:
        """Move the demo clock."""
        self.post("/desk/clock", advance_seconds=seconds)

    def run_later(self) -> None:
        """Do what was put off."""
        work, self.later[:] = list(self.later), []
        for each in work:
            each()


def compact(body: dict[str, Any]) -> bytes:
    """JSON in raw UTF-8."""
    return json.dumps(body, ensure_ascii=False).encode()


@contextmanager
def world(folder: Path, *, cipher: str = "safe", limit: float = 5.0) -> Iterator[World]:
    """Start both sides on free ports; stop them at the end."""
    found = config.load({"XMZ_VAR_DIR": str(folder), "XMZ_WECHAT_CIPHER": cipher}, Path("no.env"))
    account = Account(found)
    with _account_server(account) as port:
        settings = replace(found, app_url=f"http://127.0.0.1:{port}")
        account.settings = settings
        pauses: list[float] = []
        later: list[Callable[[], None]] = []
        waits: list[float] = []

        def put_off(seconds: float, work: Callable[[], None]) -> None:
            waits.append(seconds)
            later.append(work)

        timing = Timing(
            limit=limit,
            hang=0.0,
            pause=pauses.append,
            later=put_off,
        )
        built = desk.build(settings, timing, real=lambda: MONDAY, overlap=0)
        server = make_server("127.0.0.1", 0, create_app(built), threaded=True)
        server.log = lambda *_ignored: None  # type: ignore[method-assign]
        with running(server), requests.Session() as http:
            url = f"http://127.0.0.1:{server.server_port}"
            yield World(url, built, account, http, pauses, later, waits)
        built.store.close()


@contextmanager
def _account_server(account: Account) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, words = account.take(self.command, self.path, body)
            self.send_response(status)
            cut, account.cut = account.cut, 0
            self.send_header("Content-Length", str(len(words) + cut))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_ignored: object) -> None:
            """The tests read what came, not the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_ignored: None  # type: ignore[method-assign]
    with running(server):
        yield server.server_address[1]


@contextmanager
def running(server: Any) -> Iterator[None]:
    """Serve on a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
