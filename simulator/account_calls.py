"""Calls by which the account asks the platform for QR codes, its menu, media and tickets."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from simulator import media, menu, page_tags, qr
from simulator.desk import Desk
from simulator.store import Row, Work

Answer = Callable[[Desk, str, Work], Response]
Checked = Callable[[Desk, str], dict[str, Any]]


def add_account_calls(pages: Blueprint, desk: Desk, answer: Answer, checked: Checked) -> None:
    """Routes under /cgi-bin, with the faults and the log that every call has."""

    @pages.post("/qrcode/create")
    def qrcode() -> Response:
        def work() -> tuple[Row, str]:
            body, now = checked(desk, "qrcode"), desk.clock.now()
            return qr.create(desk.store, request.host_url.rstrip("/"), body, now)

        return answer(desk, "qrcode", work)

    @pages.post("/menu/create")
    def create_menu() -> Response:
        return answer(desk, "menu", lambda: menu.create(desk.store, checked(desk, "menu")))

    @pages.get("/menu/get")
    def get_menu() -> Response:
        def work() -> tuple[Row, str]:
            _check_get(desk, "menu")
            return menu.get(desk.store)

        return answer(desk, "menu", work)

    @pages.get("/ticket/getticket")
    def get_ticket() -> Response:
        def work() -> tuple[Row, str]:
            _check_get(desk, "ticket")
            kind = request.args.get("type", "")
            return page_tags.give_ticket(desk.store, kind, desk.clock.now())

        return answer(desk, "ticket", work)

    @pages.get("/media/get")
    def get_media() -> Response:
        return _media(desk, answer)


def _check_get(desk: Desk, api: str) -> None:
    desk.tokens.check(request.args.get("access_token", ""))
    desk.tokens.count(api)


def _media(desk: Desk, answer: Answer) -> Response:
    found: list[Row] = []

    def work() -> tuple[Row, str]:
        _check_get(desk, "media")
        kept = media.find(desk.store, request.args.get("media_id", ""), desk.clock.now())
        found.append(kept)
        # A video is answered with the address of the file instead of the file.
        url = f"{request.host_url}desk/media/{kept['media_id']}"
        return {"video_url": url} if kept["kind"] == "video" else {}, f"a {kept['kind']}"

    told = answer(desk, "media", work)
    spoilt = told.status_code != 200 or not told.is_json or told.get_json(silent=True) is None
    if spoilt or not found or found[0]["kind"] == "video":
        return told
    return file_of(found[0])


def file_of(kept: Row) -> Response:
    """The bytes of something that a phone sent."""
    kind = kept["kind"]
    made = Response(media.content(kind, kept["media_id"]), mimetype=media.TYPES[kind])
    made.headers["Content-Disposition"] = f'attachment; filename="{kept["media_id"]}"'
    return made
