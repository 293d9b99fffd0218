"""The platform's API as the account calls it: /cgi-bin/… on the desk's own URL."""

import json
import re
import socket
import struct
import time
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from simulator import abilities
from simulator.account_calls import add_account_calls
from simulator.desk import Desk
from simulator.errors import WORDS, Refused
from simulator.faults import Fault
from simulator.store import Row, Work

ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}")
BEFORE = ("errcode", "http_500", "html", "reset", "slow", "quota")
BEFORE_TOKEN = (*BEFORE, "ip_refused", "secret_frozen")
AFTER = ("cut_json", "answer_lost")


def api_of(desk: Desk) -> Blueprint:
    """Routes of the platform."""
    pages = Blueprint("api", __name__, url_prefix="/cgi-bin")

    @pages.get("/token")
    def token() -> Response:
        return answer_call(
            desk, "token", lambda: (desk.tokens.plain(request.args.to_dict()), "new")
        )

    @pages.post("/stable_token")
    def stable_token() -> Response:
        return answer_call(desk, "token", lambda: (desk.tokens.stable(_body()), "stable"))

    @pages.post("/message/custom/send")
    def custom() -> Response:
        return answer_call(desk, "custom", lambda: desk.sending.custom(checked(desk, "custom")))

    @pages.post("/message/template/send")
    def template() -> Response:
        body = partial(checked, desk, "template")
        return answer_call(desk, "template", lambda: desk.sending.template(body()))

    @pages.post("/message/subscribe/bizsend")
    def subscribe() -> Response:
        body = partial(checked, desk, "subscribe")
        return answer_call(desk, "subscribe", lambda: desk.sending.subscribe(body()))

    @pages.post("/clear_quota")
    def clear_quota() -> Response:
        return answer_call(desk, "clear_quota", lambda: _clear(desk))

    add_account_calls(pages, desk, answer_call, checked)

    @pages.route("/<path:rest>", methods=["GET", "POST"])
    def unknown(rest: str) -> Response:
        return answer_call(desk, rest[:60], _no_such_call)

    return pages


def _no_such_call() -> tuple[Row, str]:
    raise Refused(40066, "the desk does not play this call")


def _clear(desk: Desk) -> tuple[Row, str]:
    checked(desk, "clear_quota")
    desk.tokens.clear()
    desk.faults.clear("quota")
    return {}, "counts start again"


def checked(desk: Desk, api: str) -> dict[str, Any]:
    """The JSON body of a call whose token is good."""
    desk.tokens.check(request.args.get("access_token", ""))
    body = _body()
    if api in abilities.ABILITIES[abilities.USUAL]:
        abilities.check(desk.store, api)
    desk.tokens.count(api)
    return body


def _body() -> dict[str, Any]:
    """The JSON object of the call: raw UTF-8, no escapes for Chinese."""
    raw = request.get_data()
    if not raw:
        raise Refused(44002, "no body")
    if ESCAPED.search(raw):
        raise Refused(40033, r"\uXXXX escapes in the body: send raw UTF-8")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refused(47001, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise Refused(47001, "the body is not a JSON object")
    return body


def answer_call(desk: Desk, place: str, work: Work) -> Response:
    """Faults, the work, the log: the same for every call."""
    started = time.monotonic()
    fault = desk.faults.take(BEFORE_TOKEN if place == "token" else BEFORE, place)
    body: Row = {}
    try:
        broken = _broken_before(desk, fault)
        if broken is None:
            body, rule = work()
            verdict = "ok"
        else:
            verdict, rule = broken[0], "fault switched on"
    except Refused as refused:
        broken = None
        rid = f"rid: {desk.store.next_number('rid', 0x6740_0000):08x}-0d35c0de-2026a11c"
        body = {"errcode": refused.code, "errmsg": f"{refused.words} {rid}"}
        verdict, rule = f"errcode {refused.code}", refused.rule
    ms = round((time.monotonic() - started) * 1000)
    _note(desk, place, verdict, rule, ms)
    if broken is not None:
        return broken[1]
    return _sent(desk, place, body)


def _broken_before(desk: Desk, fault: Fault | None) -> tuple[str, Response] | None:
    """What a fault does before the call has any effect."""
    kind = fault.kind if fault else ""
    if fault is None:
        return None
    codes = {
        "quota": 45009,
        "ip_refused": 40164,
        "secret_frozen": 40243,
        "errcode": int(fault.value),
    }
    if kind in codes:
        raise Refused(codes[kind], "fault switched on", WORDS.get(codes[kind], ""))
    if kind == "slow":
        desk.timing.pause(max(0.0, fault.value))
        return None
    if kind == "http_500":
        return "HTTP 500", Response("Internal Server Error", 500)
    if kind == "html":
        return "HTML", Response("<html><body>502 Bad Gateway</body></html>", mimetype="text/html")
    hang_up()
    return "reset", Response(status=502)


def _sent(desk: Desk, place: str, body: Row) -> Response:
    """The answer, unless a fault spoils it after the work was done."""
    whole = body if "access_token" in body else {"errcode": 0, "errmsg": "ok"} | body
    text = json.dumps(whole, ensure_ascii=False)
    fault = desk.faults.take(AFTER, place)
    if fault and fault.kind == "answer_lost":
        _note(desk, place, "answer lost", "fault switched on: done, but never answered", 0)
        desk.timing.pause(desk.timing.hang)
        hang_up()
    if fault and fault.kind == "cut_json":
        _note(desk, place, "cut answer", "fault switched on: done, answer cut", 0)
        text = text[: len(text) // 2]
    return Response(text, mimetype="application/json")


def _note(desk: Desk, place: str, verdict: str, rule: str, ms: int) -> None:
    asked = request.get_json(force=True, silent=True) if request.method == "POST" else None
    openid = str(asked.get("touser", ""))[:40] if isinstance(asked, dict) else ""
    line = {"direction": "api", "call": place, "openid": openid, "verdict": verdict}
    desk.store.note(desk.clock.now(), line | {"rule": rule, "ms": ms})


def hang_up() -> None:
    """Break the connection under the caller (a reset when the server closes the socket)."""
    link = request.environ.get("werkzeug.socket")
    if isinstance(link, socket.socket):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.shutdown(socket.SHUT_RDWR)
