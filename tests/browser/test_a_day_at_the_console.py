"""A day at the staff console, lived in a browser: by keyboard, with the members' phones at hand."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import requests
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.browser.conftest import Demo
from tests.browser.street import Street
from tests.browser.test_the_console import OWN, look

pytestmark = pytest.mark.slow

STATION = "迎新路街道委员工作站"
LAMP = "{}三号楼门口的路灯坏了三天了，晚上老人摔了"
UNCLEAR = "不知道找谁，反正就是不满意，第{}回了"


@dataclass
class Clerk:
    """Somebody of the office with an own browser window."""

    demo: Demo
    page: Page

    def sign_in(self, login: str, made: str) -> None:
        """With the one-time password that the office `made`: own password, authenticator."""
        self.page.goto(f"{self.demo.app}/console/")
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(json.loads(made)["password"])
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_label("一次性密码").fill(json.loads(made)["password"])
        self.page.get_by_label("新密码").fill(OWN)
        self.page.get_by_label("再输一遍").fill(OWN)
        self.page.get_by_role("button", name="换成这个").click()
        self.page.get_by_role("link", name="启用动态码").click()
        secret = self.page.locator("code.secret").inner_text()
        self.page.locator("input[name=code]").fill(pyotp.TOTP(secret).at(self._now()))
        look(self.page, "authenticator")
        self.page.get_by_role("button", name="启用").click()
        expect(self.page.get_by_role("link", name="启用动态码")).to_have_count(0)

    def _now(self) -> datetime:
        """By the demo's own clock."""
        kept = Path(self.demo.environment["XMZ_VAR_DIR"]) / "clock.json"
        offset = json.loads(kept.read_text(encoding="utf-8"))["offset_seconds"]
        return datetime.now(UTC) + timedelta(seconds=offset)

    def list_(self, name: str) -> None:
        """Open one of the lists."""
        self.page.goto(f"{self.demo.app}/console/queue")
        self.page.get_by_role("navigation", name="列表").get_by_role("link", name=name).click()
        expect(self.page.locator("#views a[aria-current]")).to_contain_text(name)

    def done(self, words: str) -> None:
        """It was done, and the page says so."""
        expect(self.page.locator(".alert-success")).to_contain_text(words)


@pytest.fixture
def windows(browser: Browser) -> Iterator[list[Page]]:
    """Two browsers of the office."""
    contexts = [
        browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
        for _ in range(2)
    ]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def writes(demo: Demo, who: str, **message: str) -> None:
    """A resident writes, or speaks, to the account."""
    person = requests.post(f"{demo.desk}desk/users", json={"nickname": who}, timeout=5).json()
    where = f"{demo.desk}desk/users/{person['openid']}/messages"
    requests.post(where, json=message, timeout=10).raise_for_status()


def follow(page: Page, link: Locator) -> None:
    """Click, and wait for the page that it leads to: keys pressed before go to the old one."""
    with page.expect_navigation():
        link.click()


def by_keyboard(clerk: Clerk, count: int) -> None:
    """Ten cases, one after the other, without the mouse."""
    page = clerk.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_contain_text("下一行")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for n in range(count):
        expect(page.get_by_role("heading", name="派给工作站")).to_be_visible()
        if n == 0:
            look(page, "case")
        page.keyboard.press("s")
        page.keyboard.type(STATION)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        clerk.done(f"派给{STATION}了")


def put_right(clerk: Clerk) -> None:
    """A place is put right, and the case goes to the station that it leads to."""
    page = clerk.page
    follow(page, page.get_by_role("link", name="反正就是不").first)
    page.keyboard.press("c")
    page.get_by_label("什么事", exact=True).select_option("road")
    page.get_by_label("在哪里", exact=True).fill("石东路街道")
    look(page, "correct")
    with page.expect_navigation():
        page.get_by_role("button", name="改过来").click()
    clerk.done("改过来了")
    page.keyboard.press("d")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clerk.done("派给石东路街道委员工作站了")


def write_down(clerk: Clerk) -> None:
    """A voice message becomes words, which lead on by themselves."""
    page = clerk.page
    follow(page, page.locator("[data-row]").first)
    look(page, "voice")
    page.keyboard.press("v")
    page.keyboard.type("石东路街道石东路社区门口的路灯不亮了")
    with page.expect_navigation():
        page.get_by_role("button", name="写好了").click()
    clerk.done("写下来了")


def merge(clerk: Clerk) -> None:
    """Two neighbours said the same."""
    page = clerk.page
    page.get_by_role("searchbox").first.fill("三号楼门口的路灯")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(2)
    look(page, "search")
    follow(page, page.locator("[data-row]").first)
    page.keyboard.press("b")
    look(page, "merge")
    with page.expect_navigation():
        page.get_by_role("button", name="并过去").first.click()
    clerk.done("并")


def half_an_answer(clerk: Clerk) -> None:
    """An answer was begun and the case is sent off instead: asked first, and when that is refused
    the answer is there again."""
    page, address, asked = clerk.page, clerk.page.url, list[str]()

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.get_by_label("给居民的话").fill("已解决 换过灯泡了")
    page.get_by_label("工作站的全名或代码").fill("没有这个站")
    page.once("dialog", go_on)
    with page.expect_navigation():
        page.get_by_role("button", name="派过去").click()
    assert asked == ["beforeunload"]
    expect(page.get_by_label("给居民的话")).to_have_value("已解决 换过灯泡了")
    page.get_by_label("给居民的话").fill("")
    page.goto(address)


def fight(one: Clerk, two: Clerk) -> None:
    """Both have a case on the screen and see each other; who comes second loses no word."""
    expect(one.page.get_by_role("heading", name="派给工作站")).to_be_visible()
    address = one.page.url
    two.page.goto(address)
    expect(two.page.locator("#others-here")).to_contain_text("也在看这件")
    two.page.get_by_label("工作站的全名或代码").fill(STATION)
    two.page.get_by_label("为什么给它").fill("我问过居民了")
    one.page.get_by_label("理由，居民会看到").fill("是广告")
    with one.page.expect_navigation():
        one.page.get_by_role("button", name="不作诉求办").click()
    with two.page.expect_navigation():
        two.page.get_by_role("button", name="派过去").click()
    expect(two.page.get_by_role("alert")).to_contain_text("刚刚有人动过")
    expect(two.page.locator("textarea[readonly]")).to_have_value(re.compile("我问过居民了"))
    look(two.page, "stale")


def export(clerk: Clerk) -> None:
    """A list goes home as a workbook, for a reason."""
    page = clerk.page
    clerk.list_("在办")
    follow(page, page.get_by_role("link", name="导出这个列表"))
    look(page, "export")
    page.get_by_label("为什么导出").fill("周例会要用")
    with page.expect_download() as got:
        page.get_by_role("button", name="导出").click()
    assert got.value.suggested_filename.endswith(".xlsx")


def test_a_day(demo: Demo, browser: Browser, windows: list[Page]) -> None:
    """Signed in with an authenticator: ten cases by keyboard, a place put right, a voice written
    down, two cases merged, an answer begun and left, two browsers on one case; a phone
    rings; a list is exported; then home."""
    with browser.new_context() as visitor:
        street = Street(demo, visitor)
        posts = [json.loads(p) for p in street.office("roster", "list", "--posts").splitlines()]
        staff = [p["ref"] for p in posts if p["role"] == "intake_staff"]
        one, two = Clerk(demo, windows[0]), Clerk(demo, windows[1])
        made = street.office("account", "create", staff[2], "--login", "day.clerk")
        one.sign_in("day.clerk", made)
        two.sign_in("guanli", street.office("account", "reset", "guanli", "--authenticator"))
        for n in range(12):
            writes(demo, f"晨练的人{n}", type="text", content=UNCLEAR.format(n))
        for who in ("甲", "乙"):
            writes(demo, f"邻居{who}", type="text", content=LAMP.format("石东路街道石东路社区"))
        writes(demo, "说话的人", type="voice")
        one.list_("要人看")
        by_keyboard(one, 10)
        street.reads(f"{STATION}第一召集人", "接单｜")
        one.list_("要人看")
        put_right(one)
        one.list_("要听的")
        write_down(one)
        merge(one)
        writes(demo, "广告", type="text", content=UNCLEAR.format(99))
        one.list_("要人看")
        follow(one.page, one.page.locator("[data-row]").last)
        half_an_answer(one)
        fight(one, two)
        one.page.goto(f"{demo.app}/console/calls")
        look(one.page, "calls")
        export(two)
        two.page.goto(f"{demo.app}/console/audit")
        look(two.page, "audit")
        one.page.get_by_role("button", name="退出").click()
        expect(one.page.get_by_role("heading", name="登录控制台")).to_be_visible()
