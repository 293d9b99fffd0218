"""Who comes in at the console, how far, and for how long."""

import json
import re
from datetime import timedelta

import pyotp
import pytest

from bot.domain.console import ASKS_CODE, RIGHTS, STRONG, Right
from bot.domain.roles import Role
from bot.domain.roster import OFFICE_CODE
from tests.conversation_rig import Town
from tests.factories import POSTS
from tests.web.conftest import MakeTown
from tests.web.console_rig import NEW, OFFICE, Desk, command, desk_of, furnish, one_time, write
from web.console.door import Console


@pytest.fixture
def here(make_town: MakeTown, sqlite_url: str) -> Town:
    """One town is enough: the door is the same on every database."""
    town = make_town(sqlite_url)
    furnish(town)
    return town


def audit(town: Town) -> list[str]:
    """Kinds of lines of the access log, the oldest first."""
    return [row[0] for row in town.rows("SELECT kind FROM access_log ORDER BY id")]


def test_one_time_password_opens_only_the_page_for_an_own_one(here: Town) -> None:
    """A new account chooses a password before anything else; too short, too easy, or typed
    differently twice is said, and a second sign-in with the one-time one fails from then on."""
    password = one_time(here, "staff", "dong.sl")
    desk = Desk(here)
    assert "先换成自己的密码" in desk.sign_in("dong.sl", password)
    assert "先换成自己的密码" in desk.open("/console/authenticator")
    for new, again, said in (
        ("short", "short", "至少 12 个字符"),
        ("dong.sl-dong.sl", "dong.sl-dong.sl", "太好猜"),
        ("password1234", "password1234", "太好猜"),
        ("198001011234", "198001011234", "太好猜"),
        ("aaaaaaaaaaaaa", "aaaaaaaaaaaaa", "太好猜"),
        (password, password, "和现在的一样"),
        (NEW, NEW[:-1], "不一样"),
    ):
        assert said in desk.send("password", old=password, new=new, again=again), new
    assert "现在的密码不对" in desk.send("password", old="x" * 12, new=NEW, again=NEW)
    desk.send("password", old=password, new=NEW, again=NEW)
    assert "先换成" not in desk.open("/console/password")
    other = Desk(here, "203.0.113.9")
    assert "账号或密码不对" in other.sign_in("dong.sl", password)
    assert "退出" in other.sign_in("Dong.SL")
    told = ["account_created", "login", "password_failed", "password_changed", "login_failed"]
    assert audit(here) == [*told, "login"]


def test_a_one_time_password_is_over_after_a_week(here: Town) -> None:
    """The slip of paper is worth nothing then, not even in a session that it opened."""
    password = one_time(here, "staff", "dong.sl")
    desk = Desk(here)
    here.clock.advance(timedelta(days=6, hours=23))
    desk.sign_in("dong.sl", password)
    here.clock.advance(timedelta(hours=2))
    assert "登录控制台" in desk.open("/console/password")
    assert "账号或密码不对" in desk.sign_in("dong.sl", password)


def answers(here: Town, desk: Desk) -> dict[str, int | str]:
    """Status of every page that this browser asks for, or where it is sent."""
    found: dict[str, int | str] = {}
    for rule in here.app.app.url_map.iter_rules():
        if not rule.endpoint.startswith("console.") or "GET" not in (rule.methods or ()):
            continue
        path = "".join("1" if dynamic else part for dynamic, part in rule._trace).lstrip("|")
        answer = desk.client.get(path)
        where = answer.headers.get("Location", "").partition("?")[0]
        found[rule.endpoint] = where if answer.status_code == 302 else answer.status_code
    return found


def test_every_page_says_for_whom_it_is(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that names no right answers nobody, and is not there."""
    pages = here.app.app.blueprints["console"]
    assert isinstance(pages, Console)
    named = {r.endpoint for r in here.app.app.url_map.iter_rules() if "console." in r.endpoint}
    assert named - set(pages.rights) == {"console.login"}
    monkeypatch.delitem(pages.rights, "console.audit")
    assert answers(here, desk_of(here, "boss", "boss", strong=True))["console.audit"] == 403


@pytest.mark.parametrize(
    "person", ["staff", "trusted", "duty", "checker", "boss", "chief", "first", "head"]
)
def test_pages_are_closed_by_role(here: Town, person: str) -> None:
    """All pages × roles × without and with a code of the authenticator."""
    pages = here.app.app.blueprints["console"]
    assert isinstance(pages, Console)
    role = Role(dict({who: post[1] for who, post in POSTS.items()} | OFFICE)[person])
    desk = desk_of(here, person, "somebody")
    for strong in (False, True):
        for endpoint, answer in answers(here, desk).items():
            right = pages.rights.get(endpoint, Right.ENTER)
            if right is Right.ENTER:
                assert answer != 403, endpoint
            elif role not in RIGHTS[right]:
                assert answer == 403, endpoint
            elif (role in STRONG or right in ASKS_CODE) and not strong:
                assert answer == "/console/authenticator", endpoint
            else:
                assert answer in (200, 404), endpoint
        if not strong:
            desk.enrol()


def test_strangers_and_members_stay_out(here: Town) -> None:
    """Without a session every page leads to the sign-in and no form is taken; a member's post opens
    no account, and an account whose post has ended opens nothing."""
    desk = Desk(here)
    for endpoint, answer in answers(here, desk).items():
        assert answer == (200 if endpoint == "console.login" else "/console/login"), endpoint
    desk.post("/console/password", {"old": "my secret", "new": NEW, "answer": "写了半天"})
    assert (desk.status, "写了半天" in desk.text) == (401, True)
    assert "my secret" not in desk.text
    assert NEW not in desk.text
    assert "('" not in desk.text
    signed = desk_of(here, "staff", "dong.sl")
    write(here, "UPDATE posts SET valid_to = '2026-01-01' WHERE role = 'intake_staff'")
    assert "登录控制台" in signed.open("/console/password")
    assert "没有要用控制台的职务" in Desk(here).sign_in("dong.sl")


def test_forms_are_taken_only_from_our_own_pages(here: Town) -> None:
    """Without the session's token, or from another site, nothing is done; also not the sign-in."""
    desk = desk_of(here, "staff", "dong.sl")
    desk.post("/console/logout", {})
    assert desk.status == 400
    desk.open("/console/password")
    token = str(desk.tree.xpath("//input[@name='token']/@value")[0])
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        desk.post("/console/logout", {"token": token}, **headers)
        assert desk.status == 400
        fields = {"login": "dong.sl", "password": NEW}
        desk.post("/console/login", fields, **headers)
        assert desk.status == 400
    assert "登录控制台" in desk.post("/console/logout", {"token": token})
    assert "登录控制台" in desk.open("/console/password")


def test_sessions_end(here: Town) -> None:
    """After an hour without anything done, after twelve in all, with a reset, with the password
    changed elsewhere; a page that looks for news by itself keeps nobody signed in."""
    desk = desk_of(here, "staff", "dong.sl")
    for _ in range(3):
        here.clock.advance(timedelta(minutes=50))
        desk.open("/console/password")
        assert "登录控制台" not in desk.text
    for _ in range(2):
        here.clock.advance(timedelta(minutes=35))
        answer = desk.client.get("/console/password", headers={"X-Poll": "1"})
    assert answer.status_code == 401
    desk.sign_in("dong.sl")
    for _ in range(13):
        here.clock.advance(timedelta(minutes=55))
        assert "登录控制台" not in desk.open("/console/password")
    here.clock.advance(timedelta(minutes=10))
    assert "登录控制台" in desk.open("/console/password")
    desk.sign_in("dong.sl")
    other = Desk(here)
    other.sign_in("dong.sl")
    other.open("/console/password")
    other.send("password", old=NEW, new=NEW + "再添", again=NEW + "再添")
    assert "登录控制台" in desk.open("/console/password")
    assert "登录控制台" not in other.open("/console/password")
    command(here, "account", "reset", "dong.sl")
    assert "登录控制台" in other.open("/console/password")


def test_cookies_are_kept_from_scripts_and_other_pages(here: Town) -> None:
    """Both cookies: HttpOnly, SameSite, only for the console; the database knows no token."""
    desk = desk_of(here, "staff", "dong.sl")
    desk.open("/console/login")
    answer = desk.client.post("/console/login", data={"login": "dong.sl", "password": NEW})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for each in cookies:
        assert {"HttpOnly", "SameSite=Lax", "Path=/console"} <= set(each.split("; ")), each
        value = each.partition("=")[2].partition(";")[0]
        assert value
        assert value not in here.dump()
    assert NEW not in here.dump()


def test_guesses_are_held_back_and_lock_nobody_out(here: Town) -> None:
    """Five wrong passwords and the stranger waits, also with the right one; the person at a browser
    that has signed in before does not, however many addresses guess."""
    known = desk_of(here, "staff", "dong.sl")
    known.open("/console/password")
    known.send("logout")
    stranger = Desk(here, "198.51.100.1")
    for _ in range(5):
        assert "账号或密码不对" in stranger.sign_in("dong.sl", "wrong-password")
    assert "错了太多次，10:15 以后再试" in stranger.sign_in("dong.sl", NEW)
    for last in range(2, 12):
        for _ in range(5):
            Desk(here, f"198.51.100.{last}").sign_in("dong.sl", "wrong-password")
    assert "错了太多次" in Desk(here, "192.0.2.1").sign_in("dong.sl", NEW)
    assert "退出" in known.sign_in("dong.sl")
    here.clock.advance(timedelta(minutes=61))
    assert "退出" in stranger.sign_in("dong.sl")


def test_one_address_does_not_try_all_logins(here: Town) -> None:
    """Twenty wrong ones from an address, whatever the login; known logins and unknown ones look the
    same."""
    desk_of(here, "staff", "dong.sl")
    guesser = Desk(here, "198.51.100.1")
    said = {guesser.sign_in(f"login{n}", "wrong-password") for n in range(19)}
    said |= {guesser.sign_in("dong.sl", "wrong-password")}
    assert len({re.sub(r"login\d+|dong.sl", "", each) for each in said}) == 1
    assert "错了太多次" in guesser.sign_in("login99", "x")
    assert "wrong-password" not in here.dump()
    assert "login7" not in here.dump()


def test_a_code_opens_once_and_what_needs_it(here: Town) -> None:
    """An auditor's pages ask for the code; a wrong one, an old one and one that was used are not
    taken; ten wrong ones end all sessions."""
    desk = desk_of(here, "checker", "shen", strong=True)
    assert "访问记录" in desk.open("/console/audit")
    used = desk.code()
    desk.open("/console/password")
    desk.send("logout")
    assert "输入动态码" in desk.sign_in("shen")
    assert "动态码不对" in desk.send("code", code=used)
    here.clock.advance(timedelta(seconds=30))
    assert "启用了动态码" in desk.send("code", code=desk.code(), to="/console/audit")
    desk.open("/console/password")
    desk.send("logout")
    desk.sign_in("shen")
    here.clock.advance(timedelta(minutes=5))
    for _ in range(9):
        assert "动态码不对" in desk.send("code", code="000000")
    desk.send("code", code="000000")
    assert "登录控制台" in desk.open("/console/audit")


def test_a_clock_that_ran_ahead_locks_nobody_out(here: Town) -> None:
    """A code and wrong passwords of a time that was taken back count no more."""
    desk = desk_of(here, "checker", "shen", strong=True)
    now = here.clock.now()
    here.clock.advance(timedelta(hours=5))
    desk.sign_in("shen")
    desk.send("code", code=desk.code(), to="/console/audit")
    for _ in range(5):
        Desk(here, "198.51.100.1").sign_in("shen", "wrong-password")
    here.clock.set(now)
    other = Desk(here, "198.51.100.1", secret=desk.secret)
    assert "输入动态码" in other.sign_in("shen")
    assert "访问记录" in other.send("code", code=other.code(), to="/console/audit")


def test_in_the_demo_a_phone_keeps_its_own_time(here: Town) -> None:
    """The demo's clock is moved by days; the codes that a real phone shows open all the same."""
    here.wait(days=400)
    desk = desk_of(here, "boss", "guan.li")
    desk.open("/console/authenticator")
    secret = str(desk.tree.xpath("//code[@class='secret']")[0].text)
    desk.send("authenticator", code=pyotp.TOTP(secret).now())
    desk.open("/console/units")
    assert desk.status == 200


def test_guesses_within_a_session_end(here: Town) -> None:
    """Whoever finds a browser that was left signed in can't try passwords there for ever; a mere
    HEAD is no try at all."""
    desk = desk_of(here, "staff", "dong.sl")
    for path in ("/console/login", "/console/password", "/console/code"):
        desk.client.head(path)
    desk.open("/console/password")
    for _ in range(10):
        assert "现在的密码不对" in desk.send(
            "password", old="x" * 12, new="y" * 6 + NEW, again="y" * 6 + NEW
        )
    assert "错了太多次" in desk.send("password", old=NEW, new="y" * 6 + NEW, again="y" * 6 + NEW)
    assert audit(here).count("password_failed") == 10
    assert "login_failed" not in audit(here)


def test_reset_lets_a_lost_authenticator_go(here: Town) -> None:
    """The person sets up a new one; without --authenticator the old one stays."""
    desk_of(here, "checker", "shen", strong=True)
    for flags, asked in (((), "输入动态码"), (("--authenticator",), "启用动态码")):
        password = json.loads(command(here, "account", "reset", "shen", *flags))["password"]
        desk = Desk(here, "203.0.113.50")
        desk.sign_in("shen", password)
        desk.open("/console/password")
        desk.send("password", old=password, new=NEW, again=NEW)
        assert asked in desk.open("/console/audit")
    assert "没有账号" in said(here, "account", "reset", "nobody")


def test_accounts_are_for_posts_that_use_the_console(here: Town) -> None:
    """A login is one person's; a member works on the phone."""
    one_time(here, "staff", "dong.sl")
    post = f"{OFFICE_CODE}:duty"
    both = command(here, "account", "create", post, post, "--login", "zhi.1", "--login", "zhi.2")
    people = {json.loads(line)["person"] for line in both.splitlines()}
    assert people == {"云值守", "夏值守"}
    assert "已经有账号 dong.sl" in said(here, "account", "create", f"{OFFICE_CODE}:intake_staff",
                                     "--login", "second")  # fmt: skip
    for login, why in (("dong.sl", "已经有人用了"), ("Dong Sl", "不行"), ("1st", "不行")):
        post = f"{OFFICE_CODE}:restricted_staff"
        assert why in said(here, "account", "create", post, "--login", login)
    write(here, "UPDATE posts SET role = 'member' WHERE role = 'second_convener'")
    assert "手机上办事" in said(here, "account", "create", "T001:member", "--login", "niu.chahu")


def said(town: Town, *arguments: str) -> str:
    """What a command that is refused says."""
    result = town.app.app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1, result.output
    return result.stderr


def test_a_browser_has_one_session(here: Town) -> None:
    """Signing in again ends what the browser had before; a form that is not taken gives the words
    back."""
    desk = desk_of(here, "staff", "dong.sl")
    desk.sign_in("dong.sl")
    assert here.rows("SELECT count(*) FROM console_sessions WHERE ended_at IS NULL") == [(1,)]
    (last,) = here.rows("SELECT data FROM access_log WHERE kind = 'session_ended'")
    assert "replaced" in str(last)
    said = desk.post("/console/cases/x/answer", {"token": "x", "answer": "灯明天就修"})
    assert (desk.status, "灯明天就修" in said) == (400, True)
