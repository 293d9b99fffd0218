"""QR codes with a scene: what the platform makes, and what a scan of one of them means.

Source: the platform's page on 生成带参数的二维码.
"""

import secrets
from typing import Any

from simulator.errors import Refused
from simulator.incoming import BadMessage, Incoming
from simulator.store import Row, Store

LONGEST_SCENE, LONGEST_LIFE, USUAL_LIFE = 64, 2_592_000, 60
MARK = "/q/"
"""Before the ticket in the address that a code says."""


def create(store: Store, base: str, body: dict[str, Any], now: float) -> tuple[Row, str]:
    """qrcode/create for scenes of text, permanent or for a time. Returns {ticket, url}."""
    name = body.get("action_name")
    if name not in ("QR_LIMIT_STR_SCENE", "QR_STR_SCENE"):
        raise Refused(40053, "action_name must be QR_LIMIT_STR_SCENE or QR_STR_SCENE on this desk")
    scene = _scene(body)
    answer: Row = {}
    expires = None
    if name == "QR_STR_SCENE":
        seconds = body.get("expire_seconds", USUAL_LIFE)
        if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_LIFE:
            raise Refused(40053, f"expire_seconds must be from 1 to {LONGEST_LIFE}")
        answer, expires = {"expire_seconds": seconds}, now + seconds
    ticket = f"gQdesk{secrets.token_urlsafe(24)}"
    store.run("INSERT INTO qr_codes VALUES (?, ?, ?)", (ticket, scene, expires))
    return {"ticket": ticket, "url": f"{base}{MARK}{ticket}"} | answer, f"scene {scene}"


def _scene(body: dict[str, Any]) -> str:
    info = body.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    text = scene.get("scene_str") if isinstance(scene, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_SCENE:
        raise Refused(40053, f"scene_str must be a text of 1 to {LONGEST_SCENE} characters")
    return text


def find(store: Store, ticket: str) -> Row | None:
    """{scene, expires_at} of a ticket."""
    found = store.rows("SELECT scene, expires_at FROM qr_codes WHERE ticket = ?", (ticket,))
    return found[0] if found else None


def resolved(store: Store, what: Incoming, now: float) -> Incoming:
    """A scan of one of our own addresses becomes a scan of its scene. Raises BadMessage for a code
    that isn't known or is over. A bare scene stays what it is: a code made elsewhere."""
    fields = dict(what.fields)
    if fields.get("Event") not in ("SCAN", "subscribe"):
        return what
    key = fields["EventKey"]
    ticket = key.rpartition(MARK)[2] if MARK in key else ""
    if not ticket:
        return what
    code = find(store, ticket)
    if code is None:
        raise BadMessage("no QR code of this desk has that ticket")
    if code["expires_at"] is not None and code["expires_at"] <= now:
        raise BadMessage("this QR code has expired: the platform shows that and pushes nothing")
    prefix = "qrscene_" if fields["Event"] == "subscribe" else ""
    return what.with_field("EventKey", prefix + code["scene"]).with_field("Ticket", ticket)
