"""A morning at the staff console: a case is read and sent on, and the member's phone gets it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.screens import SCREENS
from tests.browser.street import AXE, FRAMES, WEIGHT, WIDE, Street

LAPTOP, TABLET = (1280, 800), (768, 1024)
HEAVIEST = 300_000
"""Bytes of a first view, as they come over the wire."""
OWN = "板凳三张 热茶一壶 慢慢说"


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """The clerk's own browser."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def look(page: Page, name: str, heaviest: int = HEAVIEST) -> None:
    """Judge the page, and keep what it looks like on a laptop and a tablet."""
    assert page.evaluate(WEIGHT) <= heaviest, name
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run()")["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], name
    for width, height in (TABLET, LAPTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(FRAMES)  # a chart fits itself to a new width when it is drawn next
        assert not page.evaluate(WIDE), (name, width)
        page.screenshot(path=SCREENS / f"console-{name}-{width}.png", full_page=True)


def new_clerk(street: Street) -> str:
    """The one-time password of a login for the second clerk."""
    lines = street.office("roster", "list", "--posts").splitlines()
    posts = [json.loads(line) for line in lines]
    second = [post for post in posts if post["role"] == "intake_staff"][1]["ref"]
    made = street.office("account", "create", second, "--login", "story.clerk")
    return str(json.loads(made)["password"])


@pytest.mark.slow
def test_a_clerk_signs_in_and_sends_a_case_on(demo: Demo, browser: Browser, desk: Page) -> None:
    """A one-time password becomes an own one; what waits is read with the reasons and dispatched;
    the list says so, and the convener's phone rings."""
    with browser.new_context() as visitor:
        street = Street(demo, visitor)
        street.says("居民 老门", "不知道找谁，反正就是不满意")
        street.reads("居民 老门", "编号")
        password = new_clerk(street)
        desk.goto(f"{demo.app}/console/")
        look(desk, "login")
        desk.get_by_label("账号").fill("story.clerk")
        desk.get_by_label("密码").fill(password)
        desk.get_by_role("button", name="登录").click()
        desk.get_by_label("一次性密码").fill(password)
        look(desk, "password")
        desk.get_by_label("新密码").fill(OWN)
        desk.get_by_label("再输一遍").fill(OWN)
        desk.get_by_role("button", name="换成这个").click()
        expect(desk.get_by_role("link", name="要人看")).to_be_visible()
        look(desk, "queue")
        desk.get_by_role("link", name="反正就是不").first.click()
        expect(desk.get_by_role("heading", name="机器怎么看")).to_be_visible()
        look(desk, "case")
        desk.get_by_label("工作站的全名或代码").fill("石东路街道委员工作站")
        desk.get_by_role("button", name="派过去").click()
        expect(desk.locator(".alert-success")).to_contain_text("派给石东路街道委员工作站了")
        street.reads("石东路街道委员工作站第一召集人", "接单｜")
        desk.get_by_role("button", name="退出").click()
        expect(desk.get_by_role("heading", name="登录控制台")).to_be_visible()
