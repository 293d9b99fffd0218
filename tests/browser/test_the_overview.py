"""The overview in a real browser: drawn under the strict policy, and read without any script."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.screens import SCREENS
from tests.browser.street import AXE, FRAMES, WIDE, Street
from tests.browser.test_the_console import LAPTOP, OWN, TABLET

COLD = "昭乌达路街道暖气不热，屋里才十二度"
DRAWN = "() => [...document.querySelectorAll('.picture canvas')].filter((c) => c.width).length"


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """The leader's own browser."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def sign_in(street: Street, desk: Page) -> None:
    """An account for the leader, with an own password."""
    posts = [json.loads(line) for line in street.office("roster", "list", "--posts").splitlines()]
    leader = next(post["ref"] for post in posts if post["role"] == "leader")
    password = json.loads(street.office("account", "create", leader, "--login", "story.chief"))
    desk.goto(f"{street.demo.app}/console/")
    desk.get_by_label("账号").fill("story.chief")
    desk.get_by_label("密码").fill(password["password"])
    desk.get_by_role("button", name="登录").click()
    desk.get_by_label("一次性密码").fill(password["password"])
    desk.get_by_label("新密码").fill(OWN)
    desk.get_by_label("再输一遍").fill(OWN)
    desk.get_by_role("button", name="换成这个").click()


@pytest.mark.slow
def test_a_leader_reads_the_overview(demo: Demo, browser: Browser, desk: Page) -> None:
    """Five neighbours without heating stand on top as one matter; what is drawn obeys the policy
    and has its table below; a number opens its cases; without script the tables are there."""
    said: list[str] = []
    desk.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    desk.on("pageerror", lambda error: said.append(str(error)))
    with browser.new_context() as visitor:
        street = Street(demo, visitor)
        for who in ("居民 老赵", "居民 小马", "居民 老门", "居民 小叶", "居民 老郭"):
            street.says(who, COLD)
            street.reads(who, "编号")
        sign_in(street, desk)
    desk.goto(f"{demo.app}/console/overview?range=week")
    expect(desk.locator(".hot")).to_contain_text("昭乌达路街道 供热")
    assert desk.evaluate(DRAWN) >= 4
    desk.evaluate(AXE)
    found = desk.evaluate("() => axe.run()")["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    for width, height in (TABLET, LAPTOP):
        desk.set_viewport_size({"width": width, "height": height})
        desk.evaluate(FRAMES)  # the charts fit themselves when they are drawn
        assert not desk.evaluate(WIDE), width
        desk.screenshot(path=SCREENS / f"console-overview-{width}.png", full_page=True)
    assert [line for line in said if line.startswith(("error", "warning"))] == []
    desk.locator(".hot a").first.click()
    expect(desk.get_by_role("heading", name="收到：昭乌达路街道 供热")).to_be_visible()
    desk.screenshot(path=SCREENS / "console-figure-cases-1280.png", full_page=True)
    with browser.new_context(java_script_enabled=False) as plain:
        plain.add_cookies(desk.context.cookies())  # type: ignore[arg-type]
        page = plain.new_page()
        page.goto(f"{demo.app}/console/overview?range=week")
        expect(page.locator("details.numbers table").first).to_be_visible()
