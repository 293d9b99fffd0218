"""GET and POST /wechat: what the platform calls.

Every failure to prove where a push comes from is one and the same 403. Once a message is stored
the answer is 200, whatever happens after; when it could not be stored the answer is 503, and the
platform tries again (three tries in all, about five seconds apart).
"""

import logging
import secrets
from functools import lru_cache

from flask import Blueprint, Response, current_app, request

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

blueprint = Blueprint("wechat", __name__)


@blueprint.get("/wechat")
def confirm_url() -> Response:
    """The platform's check of our address: its echostr comes back byte for byte."""
    try:
        _verify(_deps())
    except Refused:
        return _refusal()
    return _plain(request.args.get("echostr", ""))


@blueprint.post("/wechat")
def push() -> Response:
    """One message or event."""
    deps = _deps()
    body = _read_body(MAX_BODY[deps.settings.wechat_cipher])
    if body is None:
        return _plain("too large", 413)
    try:
        _verify(deps)
        if body.lstrip().startswith((b"{", b"[")):
            log.error("alarm wechat_push_is_json: choose XML in the platform's console")
            return _plain("XML is expected", 415)
        inbound = translate(_clear_xml(deps, body))
    except Refused:
        return _refusal()
    except Malformed as error:
        log.error("alarm wechat_push_malformed: %s", error)
        return _plain("malformed", 400)
    return _receive(deps, inbound)


def _deps() -> Deps:
    deps: Deps = current_app.extensions["deps"]
    return deps


def _crypto(deps: Deps) -> Crypto:
    settings = deps.settings
    return _account(
        settings.wechat_app_id,
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_key.get_secret_value(),
    )


_account = lru_cache(maxsize=4)(Crypto)
"""An account's keys are made ready once."""


def _verify(deps: Deps) -> None:
    """Signature and time of the query; says nothing about the body."""
    query = request.args
    timestamp = query.get("timestamp", "")
    _crypto(deps).check(query.get("signature", ""), timestamp, query.get("nonce", ""))
    check_window(timestamp, deps.clock.now())


def _read_body(limit: int) -> bytes | None:
    """The body; None when it is longer than `limit`, whatever its header says."""
    if (request.content_length or 0) > limit:
        return None
    body = request.stream.read(limit + 1)
    return body if len(body) <= limit else None


def _clear_xml(deps: Deps, body: bytes) -> bytes:
    """The push in clear. Outside plain mode only what was encrypted for us is believed."""
    if deps.settings.wechat_cipher == "plain":
        return body
    try:
        encrypted = flatten(parse(body)).get("Encrypt", "").strip()
    except Malformed:
        raise Refused from None
    if not encrypted:
        raise Refused
    query, crypto = request.args, _crypto(deps)
    signed = query.get("msg_signature", "")
    crypto.check(signed, query.get("timestamp", ""), query.get("nonce", ""), encrypted)
    return crypto.decrypt(encrypted)


def _receive(deps: Deps, inbound: Inbound) -> Response:
    try:
        reply = intake.receive(deps, inbound)
    except StorageUnavailable:
        log.error("alarm storage_unavailable: answered 503, the platform tries again")
        return _plain("try again", 503)
    except Exception:  # whatever it was, the message may not be stored: let the platform retry
        code = secrets.token_hex(4)
        log.exception("receive_failed code=%s kind=%s", code, inbound.kind)
        return _plain(f"try again {code}", 503)
    return _answer(deps, inbound, reply)


def _answer(deps: Deps, inbound: Inbound, reply: Reply) -> Response:
    """The passive reply, or `success`: the message is stored, so nothing here may fail."""
    if not reply.text or inbound.kind in SILENT:
        return _plain("success")
    try:
        now = deps.clock.now()
        xml = render(reply, inbound, now, deps.texts)
        if deps.settings.wechat_cipher != "plain":
            nonce = secrets.token_hex(8)
            xml = _crypto(deps).envelope(xml, str(int(now.timestamp())), nonce)
    except Exception:
        log.exception("render_failed code=%s kind=%s", secrets.token_hex(4), inbound.kind)
        return _plain("success")
    return Response(xml, content_type="application/xml; charset=utf-8")


def _refusal() -> Response:
    log.warning("wechat_push_refused from=%s", request.remote_addr)
    return _plain("forbidden", 403)


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
