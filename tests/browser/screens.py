"""Where screenshots go, how Chromium is started in peace, and how phones on the desk are used."""

from pathlib import Path

from playwright.sync_api import FrameLocator, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"


def calm_chromium() -> list[str]:
    """Flags for a machine without a display or a way out."""
    return [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip


def pick_up(page: Page, name: str) -> FrameLocator:
    """Pick up somebody's phone from the list, which a narrow screen shows by itself."""
    people = page.get_by_role("button", name="人", exact=True)
    if people.is_visible():
        people.click()
    page.fill("#search", name)
    button = page.locator("#people button:visible").first
    nickname = button.get_attribute("data-nickname") or ""
    assert name in nickname
    button.click()
    return page.frame_locator(f'iframe[title="{nickname} 的手机"]')


def say(phone: FrameLocator, words: str) -> None:
    phone.locator("#content").fill(words)
    phone.get_by_role("button", name="发送").click()
