"""The desk's own JSON API, for tests, scripts and the chat page."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator import abilities, attack, consents, media
from simulator.account_calls import file_of
from simulator.clock import LONGEST, stamp
from simulator.desk import Desk, NotFollowing
from simulator.errors import Refused
from simulator.faults import KINDS, BadFault
from simulator.incoming import BadMessage, incoming
from simulator.people import Person
from simulator.store import Row

LONGEST_NICKNAME = 40


class Wrong(Exception):
    """A request the desk refuses: one clear sentence and a status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def routes_of(desk: Desk) -> Blueprint:
    """Routes under /desk."""
    pages = Blueprint("desk", __name__, url_prefix="/desk")
    _people_routes(pages, desk)
    _fault_routes(pages, desk)
    _world_routes(pages, desk)

    @pages.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[Response, int]:
        return jsonify(error=str(error)), error.status

    @pages.errorhandler(NotFollowing)
    def left(error: NotFollowing) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409

    @pages.errorhandler(BadMessage)
    @pages.errorhandler(BadFault)
    def bad(error: Exception) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    return pages


def _people_routes(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/users")
    def users() -> Response:
        return jsonify([_person_row(row) for row in desk.store.people()])

    @pages.post("/users")
    def add_user() -> tuple[Response, int]:
        name = _body().get("nickname")
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_NICKNAME:
            raise Wrong(f"nickname must be a text of 1 to {LONGEST_NICKNAME} characters")
        person = desk.store.add_person(name.strip(), desk.clock.now())
        return jsonify(openid=person.openid, nickname=person.nickname, handle=person.handle), 200

    @pages.get("/users/<openid>/messages")
    def messages(openid: str) -> Response:
        person = _known(desk, openid)
        limit = _count("limit", 1000)
        return jsonify([message_row(row) for row in desk.store.messages(person.openid, limit)])

    @pages.post("/users/<openid>/messages")
    def act(openid: str) -> Response:
        person = _known(desk, openid)
        outcome = desk.act(person, incoming(_body()))
        return jsonify(reply=outcome.reply, tries=outcome.tries, ms=outcome.ms)

    @pages.post("/users/<openid>/block")
    def block(openid: str) -> Response:
        person, blocked = _known(desk, openid), _body().get("blocked")
        if not isinstance(blocked, bool):
            raise Wrong("blocked must be true or false")
        desk.store.run("UPDATE people SET blocks = ? WHERE openid = ?", (blocked, person.openid))
        return jsonify(openid=openid, blocked=blocked)

    @pages.post("/users/<openid>/consents")
    def consent(openid: str) -> Response:
        person, body = _known(desk, openid), _body()
        said, template_id = str(body.get("answer")), str(body.get("template_id"))
        what = consents.answer(desk.store, person, template_id, said, str(body.get("place", "h5")))
        desk.pusher.deliver(person.openid, what)
        return jsonify(openid=openid, template_id=template_id, answer=said)


def _fault_routes(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/faults")
    def faults() -> Response:
        return jsonify(faults=desk.faults.waiting(), kinds=KINDS)

    @pages.post("/faults")
    def add_fault() -> Response:
        body = _body()
        times, value = body.get("times", 1), body.get("value", -1)
        if isinstance(times, bool) or not isinstance(times, int):
            raise Wrong("times must be a whole number from 1 to 1000000")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong("value must be a number: an errcode, or seconds")
        place = str(body.get("on", "any"))
        desk.faults.add(str(body.get("kind")), times=times, place=place, value=value)
        return jsonify(faults=desk.faults.waiting())

    @pages.delete("/faults")
    def clear_faults() -> Response:
        desk.faults.clear()
        return jsonify(faults=[])

    @pages.post("/attack")
    def attacked() -> Response:
        kind = str(_body().get("kind"))
        if kind not in attack.KINDS:
            raise Wrong(f"kind must be one of: {', '.join(attack.KINDS)}")
        return jsonify(attack.attack(desk, kind))


def _world_routes(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/media/<media_id>")
    def video(media_id: str) -> Response:
        try:
            return file_of(media.find(desk.store, media_id, desk.clock.now()))
        except Refused as gone:
            raise Wrong(gone.rule, 404) from gone

    @pages.get("/account")
    def account() -> Response:
        kind = abilities.kind_of(desk.store)
        return jsonify(type=kind, may=sorted(abilities.ABILITIES[kind]))

    @pages.post("/account")
    def become() -> Response:
        kind = str(_body().get("type"))
        if kind not in abilities.ABILITIES:
            raise Wrong(f"type must be one of: {', '.join(abilities.ABILITIES)}")
        abilities.become(desk.store, kind)
        return account()

    @pages.get("/log")
    def log() -> Response:
        lines = desk.store.log(_count("after", 0), _count("limit", 1000))
        return jsonify([line | {"at": stamp(line["at"])} for line in lines])

    @pages.get("/clock")
    def clock() -> Response:
        return jsonify(offset_seconds=desk.clock.offset(), now=desk.clock.beijing())

    @pages.post("/clock")
    def advance() -> Response:
        seconds = _body().get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= LONGEST:
            raise Wrong(f"advance_seconds must be a whole number from 0 to {LONGEST}")
        offset = desk.clock.advance(seconds)
        line = {"direction": "clock", "call": "advance", "verdict": f"+{seconds} s"}
        desk.store.note(desk.clock.now(), line)
        return jsonify(offset_seconds=offset, now=desk.clock.beijing())


def message_row(row: Row) -> Row:
    """One message as the API shows it."""
    keys = ("id", "direction", "kind", "text", "choices", "url")
    return {"at": stamp(row["at"])} | {key: row[key] for key in keys}


def _person_row(row: Row) -> Row:
    keys = ("openid", "nickname", "handle", "unread", "messages_left")
    window = stamp(row["window_end"]) if row["window_end"] else None
    flags = {"follows": bool(row["follows"]), "blocks": bool(row["blocks"])}
    return {key: row[key] for key in keys} | flags | {"window_end": window}


def _known(desk: Desk, openid: str) -> Person:
    person = desk.store.person(openid)
    if person is None:
        raise Wrong("nobody on this desk has that openid: POST /desk/users first", 404)
    return person


def _body() -> dict[str, Any]:
    """The JSON object of the request. The content type is asked for, so that another site's form
    in the same browser cannot post here."""
    body = request.get_json(silent=True) if request.is_json else None
    if not isinstance(body, dict):
        raise Wrong("send a JSON object with Content-Type: application/json")
    return body


def _count(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal():
        raise Wrong(f"{name} must be a whole number")
    return min(int(text), 10**12)
