"""Stations: the list, one station with its people, and what is changed there."""

from urllib.parse import quote

from flask import Response, redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.domain.roles import ROLE_NAMES
from bot.domain.roster import MODES, UNIT_KINDS
from bot.services import station_acts, stations
from bot.services.errors import Refused
from bot.services.station_plans import Plan
from bot.store.stations import Wanted
from web.addresses import address
from web.console.door import Answer, Console, carry, deps, visitor

STATES = {"open": "在开", "suspended": "暂停", "ended": "结束", "empty": "没有人"}
NAMES = {
    "suspend": "暂停收件", "end": "结束这个站", "end_post": "结束职务",
    "move_rest": "转走没办完的",
}  # fmt: skip
"""Acts that show first what they would move."""


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/stations", "stations", listed, Right.STATIONS)
    pages.page("/stations/<code>", "station", station, Right.STATIONS)
    pages.page("/stations/<code>/poster.pdf", "poster", poster, Right.STATIONS)
    pages.page("/stations/<code>/<name>", "station_act", act, Right.STATIONS, ("POST",))


def listed() -> Answer:
    """Stations by code, as asked for."""
    given = {name: request.args.get(name, "")[:60] for name in ("q", "mode", "district", "state")}
    wanted = Wanted(given["q"], given["mode"], given["district"], given["state"])
    after = request.args.get("after", "")[:40]
    found = stations.listed(deps(), visitor(), wanted, after)
    return render_template(
        "console/stations.html", found=found, given=given, modes=MODES, states=STATES
    )


def station(code: str) -> Answer:
    """One station."""
    return _page(code, 200)


def poster(code: str) -> Answer:
    """What hangs at its door, with the QR code."""
    try:
        made = stations.poster(deps(), visitor(), code)
    except Refused as refusal:
        return _page(code, 409, problem=deps().texts.say(refusal.key, **refusal.values))
    named = f"attachment; filename*=UTF-8''{quote(code)}.pdf"
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": named})


def act(code: str, name: str) -> Answer:
    """Change something there; what would move cases is shown first."""
    fields = dict(request.form.items())
    try:
        done = station_acts.do(deps(), visitor(), code, name, fields, address=address())
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _page(code, 409, problem=words, tried=name, typed=fields)
    if isinstance(done, Plan):
        found = stations.look(deps(), visitor(), code)
        return render_template(
            "console/station_plan.html", plan=done, station=found, act=name, title=NAMES[name],
            typed=fields,
        )  # fmt: skip
    return redirect(url_for("console.station", code=code, said=carry(done.words)), 303)


def _page(code: str, status: int, **values: object) -> tuple[str, int]:
    found = stations.look(deps(), visitor(), code)
    kept = {"typed": {}, "tried": ""} | values
    shown = render_template(
        "console/station.html", station=found, states=STATES, role_words=ROLE_NAMES, modes=MODES,
        unit_kinds=UNIT_KINDS,
        may=station_acts.allowed(visitor(), code), giving=station_acts.ROLES, **kept,
    )  # fmt: skip
    return shown, status
