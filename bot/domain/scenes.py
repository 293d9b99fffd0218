"""What a QR code of ours stands for. The scene string is ≤ 64 ASCII characters (platform rule)."""

STATION_PREFIX = "st_"


def station_scene(code: str) -> str:
    """The scene of a station's poster."""
    return f"{STATION_PREFIX}{code}"


def station_code(scene: str) -> str | None:
    """Code of the station whose poster was scanned; None for any other scene."""
    return scene.removeprefix(STATION_PREFIX) if scene.startswith(STATION_PREFIX) else None
