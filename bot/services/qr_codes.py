"""QR codes that the platform makes for us: a person's own for binding, a station's for its poster.

A permanent code is made once for a scene and account and kept; the platform allows 100,000.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import segno

from bot.domain.messages import SendError
from bot.domain.scenes import QrTicket, bind_scene, station_scene
from bot.services.accounts import VALID_FOR, Invited, invite
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.store import tickets

T = TypeVar("T")


def personal(deps: Deps, ref: str) -> tuple[Invited, str]:
    """A fresh invitation for a post and what its QR code says. Raises NotFound, Refused."""
    (invited,) = invite(deps, [ref])
    seconds = int(VALID_FOR.total_seconds())
    made = asked(lambda: deps.platform.qr_code(bind_scene(invited.code), seconds))
    return invited, made.url


def of_stations(deps: Deps, codes: Iterable[str]) -> dict[str, QrTicket]:
    """Station code → its permanent QR code, made where there is none yet. Raises Refused; what
    was made until then is kept."""
    return {code: _of_station(deps, code) for code in codes}


def _of_station(deps: Deps, code: str) -> QrTicket:
    account, scene = deps.settings.wechat_app_id, station_scene(code)
    with deps.database.read() as session:
        kept = tickets.of_scene(session, account, scene)
    if kept is not None:
        return kept
    made = asked(lambda: deps.platform.qr_code(scene))
    with deps.database.write() as session:
        return tickets.keep(session, account, scene, made, deps.clock.now())


def asked(question: Callable[[], T]) -> T:
    """What the platform answers. Raises Refused with its reason."""
    try:
        return question()
    except SendError as error:
        raise Refused("operator.platform", reason=error.reason) from error


def inline(url: str) -> str:
    """The QR code as an SVG element for a page: neither style nor script."""
    code = segno.make(url, error="m", micro=False)
    return code.svg_inline(scale=5, border=4, light="#fff", svgclass=None, lineclass=None)


def draw(url: str, target: Path) -> None:
    """Write the QR code as a picture, the type by the name's end. Raises OSError. Level M bears a
    crease or a thumb on a seventh of it."""
    segno.make(url, error="m", micro=False).save(str(target), scale=10, border=4)
