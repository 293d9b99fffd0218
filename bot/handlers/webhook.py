"""GET and POST /wechat: what the platform calls.

Every failure to prove where a push comes from is one and the same 403. Once a message is stored
the answer is 200, whatever happens after; when it could not be stored the answer is 503, and the
platform tries again (three tries in all, about five seconds apart).
"""

import logging
import secrets
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug import Request, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.domain.inbound import Inbound, Reply
from bot.handlers.crypto import Crypto, Refused, check_window
from bot.handlers.replies import render
from bot.handlers.translate import translate
from bot.handlers.xmlwalk import Malformed, flatten, parse
from bot.services import intake
from bot.services.errors import StorageUnavailable
from bot.services.ports import Deps

log = logging.getLogger(__name__)

MAX_XML = 64 * 1024
"""Bytes of one push in clear. Real ones stay below 10 KiB."""
MAX_BODY = {"plain": MAX_XML, "safe": 88 * 1024, "compatible": 152 * 1024}
"""Bytes on the wire: base64 takes a third more, and compatible mode sends both forms."""
SILENT = frozenset(
    {"unsubscribe", "view", "location_report", "send_result", "consent", "data_revoked"}
)
"""Kinds after which nobody looks at the chat: the platform wants `success` and nothing else."""


class Webhook:
    """A WSGI application for one account, mounted beside Flask's: it needs no session, no route
    and no template, which would cost every message a tenth of its time (ADR 0009)."""

    def __init__(self, deps: Deps) -> None:
        settings = deps.settings
        self._deps = deps
        self._cipher = settings.wechat_cipher
        self._crypto = Crypto(
            settings.wechat_app_id,
            settings.wechat_token.get_secret_value(),
            settings.wechat_aes_key.get_secret_value(),
            settings.wechat_aes_key_old.get_secret_value(),
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            response = self._answer_to(request)
        except Exception:
            code = secrets.token_hex(4)
            log.exception("webhook_failed code=%s", code)
            response = _plain(f"try again {code}", 503)
        return response(environ, start_response)

    def _answer_to(self, request: Request) -> Response:
        if request.environ.get("PATH_INFO"):
            return _plain("not found", 404)
        if request.method == "POST":
            return self._push(request)
        if request.method in ("GET", "HEAD"):
            return self._confirm_url(request)
        refusal = _plain("GET or POST", 405)
        refusal.headers["Allow"] = "GET, HEAD, POST"
        return refusal

    def _confirm_url(self, request: Request) -> Response:
        """The platform's check of our address: its echostr comes back byte for byte."""
        try:
            self._verify(request)
        except Refused:
            return _refusal()
        return _plain(request.args.get("echostr", ""))

    def _push(self, request: Request) -> Response:
        """One message or event."""
        body = _read_body(request, MAX_BODY[self._cipher])
        if body is None:
            return _plain("too large", 413)
        try:
            self._verify(request)
            if body.lstrip().startswith((b"{", b"[")):
                log.error("alarm_wechat_push_is_json")  # choose XML in the platform's console
                return _plain("XML is expected", 415)
            inbound = translate(self._clear_xml(request, body))
        except Refused:
            return _refusal()
        except Malformed:
            log.error("alarm_wechat_push_malformed")
            return _plain("malformed", 400)
        return self._receive(inbound)

    def _verify(self, request: Request) -> None:
        """Signature and time of the query; says nothing about the body."""
        query = request.args
        timestamp = query.get("timestamp", "")
        self._crypto.check(query.get("signature", ""), timestamp, query.get("nonce", ""))
        check_window(timestamp, self._deps.clock.now())

    def _clear_xml(self, request: Request, body: bytes) -> bytes:
        """The push in clear. Outside plain mode only what was encrypted for us is believed."""
        if self._cipher == "plain":
            return body
        try:
            encrypted = flatten(parse(body)).get("Encrypt", "").strip()
        except Malformed:
            raise Refused from None
        if not encrypted:
            raise Refused
        query = request.args
        signed = query.get("msg_signature", "")
        self._crypto.check(signed, query.get("timestamp", ""), query.get("nonce", ""), encrypted)
        return self._crypto.decrypt(encrypted)

    def _receive(self, inbound: Inbound) -> Response:
        try:
            reply = intake.receive(self._deps, inbound)
        except StorageUnavailable:
            log.error("alarm_storage_unavailable")  # the platform tries again
            return _plain("try again", 503)
        except Exception:  # whatever it was, the message may not be stored: the platform retries
            code = secrets.token_hex(4)
            log.exception("receive_failed code=%s kind=%s", code, inbound.kind)
            return _plain(f"try again {code}", 503)
        return self._reply(inbound, reply)

    def _reply(self, inbound: Inbound, reply: Reply) -> Response:
        """The passive reply, or `success`: the message is stored, so nothing here may fail."""
        if not reply.text or inbound.kind in SILENT:
            return _plain("success")
        try:
            now = self._deps.clock.now()
            xml = render(reply, inbound, now, self._deps.texts)
            if self._cipher != "plain":
                nonce = secrets.token_hex(8)
                xml = self._crypto.envelope(xml, str(int(now.timestamp())), nonce)
        except Exception:
            log.exception("render_failed code=%s kind=%s", secrets.token_hex(4), inbound.kind)
            return _plain("success")
        return Response(xml, content_type="application/xml; charset=utf-8")


def mount(app: Flask, deps: Deps) -> None:
    """Put the webhook at /wechat, before anything of Flask's sees the request."""
    mounts: dict[str, WSGIApplication] = {"/wechat": Webhook(deps)}
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, mounts)  # type: ignore[method-assign]


def _read_body(request: Request, limit: int) -> bytes | None:
    """The body; None when it is longer than `limit`, whatever its header says."""
    if (request.content_length or 0) > limit:
        return None
    body = request.stream.read(limit + 1)
    return body if len(body) <= limit else None


def _refusal() -> Response:
    log.warning("wechat_push_refused")
    return _plain("forbidden", 403)


def _plain(text: str, status: int = 200) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["X-Content-Type-Options"] = "nosniff"  # an echostr is somebody else's text
    return response
