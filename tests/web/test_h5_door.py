"""Who comes in: nobody without a session, and sessions only by the platform's word."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from app import create_app
from bot.domain.signing_in import SignInFailed, Visitor
from bot.domain.understanding import Understander
from bot.services import qr_codes
from bot.services.story import TOLD, Line
from bot.settings import DEMO_CREDENTIALS, Settings
from bot.wiring import build
from tests.conversation_rig import LAMP, Town
from tests.web.conftest import MakeTown
from tests.web.h5_rig import Pages, pages_of
from web.guard import DOORS, MONITORS, OPEN_ROUTES


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """One town is enough: the door is the same on every database."""
    return make_town(sqlite_url)


def test_every_route_is_open_by_name_or_needs_a_session(here: Town) -> None:
    """Reads every route: what is neither listed as open nor behind a door would answer 403; what
    is behind the door sends a stranger to the platform, and takes no form."""
    phone = Pages(here, "stranger")
    seen = set()
    for rule in here.app.app.url_map.iter_rules():
        seen.add(rule.endpoint)
        assert rule.endpoint in OPEN_ROUTES | MONITORS or rule.endpoint.split(".")[0] in DOORS
        if rule.endpoint in MONITORS:
            away = here.app.client.get(rule.rule, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
            assert away.status_code == 403, rule.rule
        if rule.endpoint in OPEN_ROUTES | MONITORS or rule.endpoint.startswith("console."):
            continue  # the console's door has tests of its own
        path = "".join("x" if dynamic else part for dynamic, part in rule._trace).lstrip("|")
        if "GET" in (rule.methods or ()):
            location = phone.ask(path).headers["Location"]
            assert location.startswith("https://platform.test/authorize?"), path
        if "POST" in (rule.methods or ()):
            phone.post(path, {"token": "", "words": "写了半天"})
            assert (phone.status, "写了半天" in phone.text) == (401, True), path
    assert seen >= OPEN_ROUTES | MONITORS, "a route listed as open is no more"


def test_outside_wechat_a_plain_page_says_where_to_go(here: Town) -> None:
    """A browser that is not WeChat can't know anybody; the page names the account."""
    browser = Pages(here, "stranger", agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    shown = browser.open("/h5/mine")
    assert (browser.status, "公众号“小马扎”" in shown) == (403, True)
    assert browser.page.headers.getlist("Set-Cookie") == []


def test_outside_wechat_a_code_leads_to_the_page_one_wanted(here: Town) -> None:
    """Its address, drawn on the page without script or style, and nothing of the query."""
    browser = Pages(here, "stranger", agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    wanted = qr_codes.inline("http://127.0.0.1:8000/h5/c/261123-0001")
    for path in ("/h5/c/261123-0001", "/h5/c/261123-0001?code=secret"):
        browser.open(path)
        assert wanted in browser.page.text
    assert "style" not in wanted
    browser.open("/h5/" + "x" * 500)
    assert qr_codes.inline("http://127.0.0.1:8000/h5/") in browser.page.text


def test_pages_protect_themselves(here: Town) -> None:
    """Strict policy without exceptions, no copies, a cookie that only pages of ours carry; files
    under a versioned address are kept for a year."""
    pages = pages_of(here.phone())
    pages.open("/h5/mine")
    headers = pages.page.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    cookie = pages.client.get_cookie("xmz_h5", path="/h5")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/h5")
    weight = len(pages.page.data)
    for sheet in pages.tree.xpath("//link/@href"):
        with pages.ask(sheet) as response:
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            weight += len(response.data)
    assert weight <= 100_000
    with pages.ask("/static/0000/tokens.css") as old:
        assert old.headers["Cache-Control"] == "no-cache, max-age=0"


@pytest.mark.parametrize(("url", "secure"), [("https://x.test", True), ("http://x.test", False)])
def test_the_cookie_is_secure_where_we_are_reached_by_https(
    url: str, secure: bool, tmp_path: Path, understander: Understander
) -> None:
    """Only in production, and anywhere else with an https address."""
    keys = DEMO_CREDENTIALS | {"var_dir": tmp_path, "public_url": url}
    deps = build(Settings(mode="production", _env_file=None, **keys))  # type: ignore[arg-type]
    client = create_app(deps=deps).test_client()
    asked = client.get("/h5/", headers={"User-Agent": "MicroMessenger"}, base_url=url)
    cookie = asked.headers["Set-Cookie"]
    assert ("Secure" in cookie, "HttpOnly" in cookie) == (secure, True)
    location = asked.headers["Location"]
    assert location.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=")
    assert f"redirect_uri=http{'s' if secure else ''}%3A%2F%2Fx.test%2Fh5%2Fin" in location
    assert location.endswith("#wechat_redirect")
    assert "scope=snsapi_base" in location


def test_only_a_state_of_ours_lets_in(here: Town) -> None:
    """A code alone opens nothing; the state is random, for one session and one time."""
    phone, other = pages_of(here.phone()), pages_of(here.phone("other"))
    first = phone.ask("/h5/mine").headers["Location"]
    assert first != phone.ask("/h5/mine").headers["Location"]
    back = phone._next(first)
    other.open(back)
    assert (other.status, "请从公众号重新进入" in other.text) == (403, True)
    assert "现在还没有" in phone.open(back)
    assert "现在还没有" in phone.open(back)  # by the browser's own way back


def test_a_spent_code_is_asked_for_once_more(here: Town) -> None:
    """40029, 42003, 40163: once again silently; the second time the page says what to do."""
    spent = SignInFailed("code been used (40163)", again=True)
    pages = pages_of(here.phone())
    here.sign_in.refusals[:] = [spent]
    assert "现在还没有" in pages.open("/h5/mine")
    unlucky = pages_of(here.phone("unlucky"))
    here.sign_in.refusals[:] = [spent, spent]
    assert "请从公众号重新进入" in unlucky.open("/h5/mine")
    here.sign_in.refusals[:] = [SignInFailed("平台繁忙")]
    assert "请从公众号重新进入" in unlucky.open("/h5/mine")
    assert "现在还没有" in unlucky.open("/h5/mine")


def test_a_snapshot_is_nobody(here: Town) -> None:
    """A snapshot page's virtual openid becomes neither a contact nor a session."""
    pages = pages_of(here.phone())
    here.sign_in.refusals[:] = [Visitor("oSNAP", snapshot=True)]
    assert "使用完整服务" in pages.open("/h5/mine")
    assert here.rows("SELECT count(*) FROM contacts") == [(0,)]
    assert pages.ask("/h5/mine").status_code == 302


def test_an_ended_session_says_what_to_do_and_keeps_what_was_typed(here: Town) -> None:
    """Twelve idle hours end it; looking is let in again silently, a form says where to go."""
    phone = here.phone()
    phone.say(LAMP)
    pages = pages_of(phone)
    for _ in range(3):
        pages.open(f"/h5/c/{phone.number}")
        here.clock.advance(timedelta(hours=11))
    assert "补充好了" in pages.send("add", words="第一句")
    here.clock.advance(timedelta(hours=13))
    shown = pages.send("add", words="第二句 <i>")
    assert (pages.status, "第二句 <i>" in shown) == (401, True)
    assert "离开的时间长了" in shown
    assert "第一句" in pages.open(f"/h5/c/{phone.number}")
    assert "第二句" not in pages.text


def test_a_foreign_form_changes_nothing(here: Town) -> None:
    """Another site can make the browser post, but doesn't know the token."""
    phone = here.phone()
    phone.say(LAMP)
    pages = pages_of(phone)
    pages.open("/h5/mine")
    for token in ({}, {"token": ""}, {"token": "guess"}, {"token": "猜"}):
        pages.post(f"/h5/c/{phone.number}/withdraw", token)
        assert pages.status == 400
    assert here.case().state == "new"


def test_guessing_is_slowed_down(here: Town) -> None:
    """Twenty failures from one address, and it waits; another address does not."""
    guesser = Pages(here, "guesser")
    for _ in range(20):
        guesser.open("/h5/in?code=x&state=y")
        assert guesser.status == 403
    guesser.open("/h5/in?code=x&state=y")
    assert (guesser.status, "十分钟" in guesser.text) == (429, True)
    elsewhere = guesser.client.get("/h5/in", headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status_code == 403


def test_large_type_is_one_tap_and_remembered(here: Town) -> None:
    """关怀版 comes back on every page until it is switched off; it leads back to our pages only."""
    pages = pages_of(here.phone())
    pages.open("/h5/data")
    assert pages.tree.get("class") is None
    pages.send("large")
    assert (pages.tree.get("class"), pages.page.request.path) == ("large", "/h5/data")
    pages.open("/h5/mine")
    assert pages.tree.get("class") == "large"
    pages.send("large", back="//evil.test/")
    assert (pages.tree.get("class"), pages.page.request.path) == (None, "/h5/mine")


def test_the_webhook_pays_for_no_page(here: Town) -> None:
    """A push sets no cookie and passes none of the pages' hooks."""
    response = here.phone().push(here.phone().text_xml("你好"))
    assert "Set-Cookie" not in response.headers
    assert "Content-Security-Policy" not in response.headers


def test_what_breaks_says_what_to_do_and_a_code(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Not a stack trace: a sentence, and a code that staff find in the log."""
    phone = here.phone()
    phone.say(LAMP)
    pages = pages_of(phone)
    assert "没有找到" in pages.open("/h5/nowhere")
    with here.deps.database.engine.begin() as connection:
        connection.execute(sql("DROP TABLE attachments"))
    shown = pages.open(f"/h5/c/{phone.number}")
    code = re.search("说编号 ([0-9a-f]{6})", shown)
    assert code is not None
    assert pages.status == 500
    assert f"code={code[1]}" in caplog.text
    assert LAMP not in caplog.text


def test_every_step_of_a_story_has_its_words(here: Town) -> None:
    """What the story tells is told: a kind without words would be an empty line."""
    told = here.app.app.jinja_env.get_template("h5/parts.html").module.__dict__["told"]
    at = here.clock.now()
    lines = [Line(at, "", kind, "某站", "yes") for kind in TOLD]
    assert [line.kind for line in lines if not str(told(line, "您")).strip()] == []
