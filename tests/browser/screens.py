"""Where screenshots go, and how Chromium is started in peace."""

from pathlib import Path

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"


def calm_chromium() -> list[str]:
    """Flags for a machine without a display or a way out."""
    return [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
