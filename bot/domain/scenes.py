"""What a QR code of ours stands for. The scene string is ≤ 64 ASCII characters (platform rule)."""

from dataclasses import dataclass

STATION_PREFIX = "st_"
BIND_PREFIX = "b_"


@dataclass(frozen=True, slots=True)
class QrTicket:
    """A QR code that the platform made. `url` is what the code says, for any library to draw."""

    ticket: str
    url: str


def station_scene(code: str) -> str:
    """The scene of a station's poster."""
    return f"{STATION_PREFIX}{code}"


def station_code(scene: str) -> str | None:
    """Code of the station whose poster was scanned; None for any other scene."""
    return scene.removeprefix(STATION_PREFIX) if scene.startswith(STATION_PREFIX) else None


def bind_scene(code: str) -> str:
    """The scene of somebody's personal code: the invitation itself, drawn instead of read out."""
    return f"{BIND_PREFIX}{code}"


def bind_code(scene: str) -> str | None:
    """The invitation that a personal code carries; None for any other scene."""
    return scene.removeprefix(BIND_PREFIX) if scene.startswith(BIND_PREFIX) else None
