"""Every page of the console that links lead to is judged, and kept as a picture."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.conftest import Demo
from tests.browser.street import Street
from tests.browser.test_a_day_at_the_console import Clerk, writes
from tests.browser.test_the_console import HEAVIEST, look

pytestmark = pytest.mark.slow

LEFT_OUT = re.compile(r"/(file|photo|small|poster|qr|template|xlsx|download)|\.(xlsx|pdf|png)$")
"""Addresses that give a file."""
LINKS = "() => [...document.querySelectorAll('main a, header a')].map((a) => a.href)"
CHARTS = 400_000
"""Bytes of the one page that draws: what draws is a library of its own."""
MOST = 60
"""Kinds of pages of one person; more would be a crawl that goes in circles."""


def kind_of(address: str) -> str:
    """Pages that differ in what they are about, or in a filter, are of one kind; lists are not."""
    parts = urlsplit(address)
    names = parts.path.removeprefix("/console/").split("/")
    view = re.search(r"view=(\w+)", parts.query) if names[0] == "queue" else None
    about = ["N"] if len(names) > 1 else []
    return "/".join([names[0], *about, *names[2:], *([view[1]] if view else [])])


def crawl(demo: Demo, page: Page, who: str) -> list[str]:
    """Judge one page of each kind that this person reaches by links; their kinds."""
    waiting, seen = [f"{demo.app}/console/"], dict[str, str]()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen or not address.startswith(f"{demo.app}/console"):
            continue
        if LEFT_OUT.search(urlsplit(address).path):
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        seen[kind] = address
        name = re.sub(r"\W+", "-", kind).strip("-") or "home"
        look(page, f"{who}-{name}", CHARTS if kind == "overview" else HEAVIEST)
        waiting += [link.partition("#")[0] for link in page.evaluate(LINKS)]
    assert len(seen) < MOST, sorted(seen)
    return sorted(seen)


FILES = {
    "words": "词,类别,分量\n智慧灯柱,道路与市政设施,10\n路灯,道路与市政设施,停用\n",
    "ladders": "哪个时限,什么时候,给谁,说什么,再做什么\n"
    "接单,30%,手上有这件事的人,提醒接单,\n接单,+1d,领导,过时没人接，请过问,列入督办\n",
    "routes": "什么事,哪里的,归哪里,从,到\n什么事都算,月亮,月亮站,昨天,\n",
}
"""Tables with what is tried there: two that are right, one that is wrong all over."""


def tries(demo: Demo, page: Page) -> None:
    """Judge what a tried file would do, and the list of what is wrong with one."""
    for name, rows in FILES.items():
        page.goto(f"{demo.app}/console/{name}")
        content = FilePayload(name=f"{name}.csv", mimeType="text/csv", buffer=rows.encode())
        page.set_input_files("#file", files=[content])
        page.locator("form", has=page.locator("#file")).locator("button").click()
        page.wait_for_selector(f"text={'处不对' if name == 'routes' else '会改'}")
        look(page, f"tried-{name}", HEAVIEST)


def test_every_page_is_sound(demo: Demo, browser: Browser) -> None:
    """For an administrator, a leader, somebody of the intake desk, an auditor and somebody with
    restricted cases: no page breaks, axe finds nothing serious, nothing is wider than a tablet."""
    with browser.new_context() as visitor:
        street = Street(demo, visitor)
        for n in range(3):
            writes(demo, f"路人{n}", type="text", content=f"不知道找谁，反正就是不满意，说{n}遍")
            writes(demo, f"街坊{n}", type="text", content="石东路街道石东路社区五号楼下水道堵了")
        writes(demo, "急人", type="text", content="着火了！石东路街道石东路社区二楼冒烟")
        for login in ("guanli", "lingdao", "shouli", "shenji", "zhuanban"):
            context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
            clerk = Clerk(demo, context.new_page())
            made = street.office("account", "reset", login, "--authenticator")
            clerk.sign_in(login, made)
            assert json.loads(made)["login"] == login
            assert crawl(demo, clerk.page, login)
            if login == "guanli":
                tries(demo, clerk.page)
            context.close()
