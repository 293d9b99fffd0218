"""A browser at the staff console, and the accounts that a test needs there."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from bot.domain.roster import OFFICE_CODE, PersonEntry, PostEntry
from bot.store.roster import save
from tests.conversation_rig import Town
from tests.factories import small_network
from tests.web.page_shown import PageShown

OFFICE = {"boss": "admin", "checker": "auditor", "chief": "leader"}
"""Person's code → a post in the office that the small network has not got."""
NEW = "三张 板凳 一壶 热茶 慢慢说"
"""An own password."""


def furnish(town: Town) -> None:
    """The small network with an administrator, an auditor and a leader."""
    network = small_network()
    with town.deps.database.write() as session:
        save(
            session,
            replace(
                network,
                people=network.people + tuple(PersonEntry(each, f"{each}老师") for each in OFFICE),
                posts=network.posts
                + tuple(PostEntry(who, OFFICE_CODE, role) for who, role in OFFICE.items()),
            ),
        )


@dataclass
class Desk(PageShown):
    """One browser. `page`: the last one shown."""

    town: Town
    address: str = "203.0.113.7"
    client: FlaskClient = field(init=False)
    page: TestResponse = field(init=False)
    secret: str = ""
    """Of the authenticator."""

    def __post_init__(self) -> None:
        self.client = self.town.app.app.test_client()

    def open(self, path: str) -> str:
        """GET as a browser does; the text of the page shown in the end."""
        self.page = self.client.get(path, environ_overrides={"REMOTE_ADDR": self.address})
        for _ in range(5):
            if self.page.status_code not in (302, 303):
                break
            where = self.page.headers["Location"]
            self.page = self.client.get(where, environ_overrides={"REMOTE_ADDR": self.address})
        return self.text

    def send(self, action: str = "", **fields: str) -> str:
        """Fill in and send the form of this page whose address ends so (its only one, if none is
        named); the next page's text."""
        forms = self.tree.xpath(f"//form[contains(@action, '{action}')]")
        form = forms[-1]
        hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
        return self.post(form.get("action"), hidden | fields)

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> str:
        """POST exactly this; the next page's text."""
        self.page = self.client.post(
            path, data=fields, headers=headers, environ_overrides={"REMOTE_ADDR": self.address}
        )
        if self.page.status_code == 303:
            return self.open(self.page.headers["Location"])
        return self.text

    def sign_in(self, login: str, password: str = NEW) -> str:
        """Login and password."""
        self.open("/console/login")
        return self.send("login", login=login, password=password)

    def enrol(self) -> str:
        """Set up an authenticator."""
        self.open("/console/authenticator")
        self.secret = self.tree.xpath("//code[@class='secret']")[0].text
        return self.send("authenticator", code=self.code())

    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(self.secret).at(self.town.clock.now())


def write(town: Town, statement: str) -> None:
    """Change the database behind everybody's back."""
    with town.deps.database.engine.begin() as connection:
        connection.execute(sql(statement))


def command(town: Town, *arguments: str, code: int = 0) -> str:
    """Run a command of ours; its stdout."""
    result = town.app.app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout


def one_time(town: Town, person: str, login: str) -> str:
    """Make an account for a person of the network; the one-time password."""
    (post,) = town.rows(
        f"SELECT p.id FROM posts p JOIN people h ON h.id = p.person_id WHERE h.code = '{person}'"
    )
    made = json.loads(command(town, "account", "create", str(post[0]), "--login", login))
    return str(made["password"])


def desk_of(town: Town, person: str, login: str, *, strong: bool = False) -> Desk:
    """Somebody of the network who is signed in with an own password."""
    desk = Desk(town)
    password = one_time(town, person, login)
    desk.sign_in(login, password)
    desk.send("password", old=password, new=NEW, again=NEW)
    if strong:
        desk.enrol()
    return desk
