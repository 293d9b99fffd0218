"""People of a story with their phones: what they write, read and tap, on the desk and on the pages
that their WeChat opens."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Demo
from tests.browser.screens import ROOT, SCREENS

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = (375, 812), (1280, 800)
SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea")]
  .filter((e) => e.checkVisibility() && !e.matches(".skip, p a"))
  .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"""
TINY = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16)
  .map((e) => e.outerHTML)"""
FRAMES = "() => new Promise((on) => requestAnimationFrame(() => requestAnimationFrame(on)))"
"""Waits until a page is drawn."""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
WEIGHT = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
HEAVIEST = 100_000
"""Bytes of a page with all that it shows, as they come over the wire."""
SOON = 15_000
"""Milliseconds within which a notice is on the phone: settling, one tick, one poll."""


def faults(page: Page) -> list[str]:
    """What axe calls serious or worse, targets below 44 px, text below 16 px, more bytes than
    HEAVIEST, and sideways scrolling, also with text at 200 %."""
    weight = page.evaluate(WEIGHT)
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("() => axe.run()")
    wrong = [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    wrong += [f"{weight} bytes"] if weight > HEAVIEST else []
    wrong += page.evaluate(SMALL) + page.evaluate(TINY)
    for size in ("16px", "32px"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        wrong += [f"sideways at {size}"] if page.evaluate(WIDE) else []
    page.evaluate("() => document.documentElement.removeAttribute('style')")
    return wrong


def look(page: Page, name: str) -> None:
    """Judge the page, once it is all there, and keep what it looks like on a phone and on a
    desktop."""
    page.wait_for_load_state()
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        whole = max(height, page.evaluate("() => document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": whole})  # the tabs lie at the end then
        page.screenshot(path=SCREENS / f"h5-{name}-{width}.png")
    page.set_viewport_size({"width": width, "height": height})
    assert faults(page) == [], name


class Street:
    """Everybody of one story. `who` is part of a phone's nickname; a newcomer gets a phone."""

    def __init__(self, demo: Demo, visitor: BrowserContext) -> None:
        self.demo = demo
        self._visitor = visitor
        self._phones: dict[str, Page] = {}

    def phone(self, who: str) -> Page:
        """Their phone at its own origin, in a tab of its own."""
        if who not in self._phones:
            handle = self._user(who)["handle"]
            page = self._visitor.new_page()
            page.goto(self.demo.desk.replace("127.0.0.1", f"{handle}.localhost") + "phone")
            page.locator("#thread ol").wait_for(state="attached")
            self._phones[who] = page
        return self._phones[who]

    def _user(self, who: str) -> dict[str, str]:
        people = requests.get(f"{self.demo.desk}desk/users", timeout=5).json()
        known = (each["nickname"] for each in people if who in each["nickname"])
        body = {"nickname": next(known, who)}
        made = requests.post(f"{self.demo.desk}desk/users", json=body, timeout=5)
        return dict(made.json())

    def scans(self, who: str, scene: str) -> None:
        """They scan a poster."""
        where = f"{self.demo.desk}desk/users/{self._user(who)['openid']}/messages"
        requests.post(where, json={"type": "scan", "scene": scene}, timeout=5).raise_for_status()

    def says(self, who: str, words: str) -> None:
        """They write to the account."""
        page = self.phone(who)
        page.locator("#content").fill(words)
        page.get_by_role("button", name="发送").click()

    def taps(self, who: str, word: str) -> None:
        """They tap an answer that was offered, the last one of that name."""
        self.phone(who).get_by_role("button", name=word, exact=True).last.click()

    def reads(self, who: str, words: str) -> None:
        """It is on their phone, or comes soon."""
        thread = self.phone(who).locator("#thread")
        expect(thread).to_contain_text(words, timeout=SOON)

    def code(self, who: str, words: str) -> str:
        """The item code in the message on their phone that has these words."""
        self.reads(who, words)
        texts = self.phone(who).locator("#thread").inner_text()
        found = re.search(r"回复[：\s]*[接看答](\d+)", texts[texts.rindex(words) :])
        assert found is not None, texts
        return found[1]

    def pages(self, who: str) -> Page:
        """What their phone's menu button opens, in a tab of its own."""
        phone = self.phone(who)
        phone.get_by_role("button", name="我的诉求").click()
        with phone.expect_popup() as opened:
            phone.get_by_role("link", name="我的诉求").click()
        return opened.value

    def case(self, who: str, matter: str) -> Page:
        """The page of a case that is on their list."""
        page = self.pages(who)
        page.get_by_role("link", name=matter).first.click()
        return page

    def office(self, *words: str, typed: str = "") -> str:
        """The office at its shell; what the command prints."""
        command: list[str | Path] = [Path(sys.executable).parent / "flask", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.demo.environment, input=typed, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        return done.stdout
