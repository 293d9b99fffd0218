"""A browser inside WeChat that reads our pages and sends their forms, as its phone's person."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conversation_rig import Phone, Town
from tests.web.page_shown import PageShown

INSIDE = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50 Language/zh_CN"


@dataclass
class Pages(PageShown):
    """One person's browser. `page`: the last one shown."""

    town: Town
    openid: str
    agent: str = INSIDE
    client: FlaskClient = field(init=False)
    page: TestResponse = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.town.app.app.test_client()

    def ask(self, path: str) -> TestResponse:
        """GET, following nothing."""
        return self.client.get(path, headers={"User-Agent": self.agent})

    def open(self, path: str) -> str:
        """GET as a person does: signs in on the way; the text of the page shown in the end."""
        response = self.ask(path)
        for _ in range(5):
            if response.status_code not in (302, 303):
                break
            response = self.ask(self._next(response.headers["Location"]))
        self.page = response
        return self.text

    def _next(self, location: str) -> str:
        if not location.startswith("https://platform.test/"):
            return location
        asked = parse_qs(urlsplit(location).query)
        return f"{urlsplit(asked['to'][0]).path}?code={self.openid}&state={asked['state'][0]}"

    def send(self, action: str, **fields: str) -> str:
        """Fill in and send the form of this page whose address ends so; the next page's text."""
        forms = self.tree.xpath(f"//form[contains(@action, '{action}')]") if action else []
        form = forms[0] if forms else self.tree.xpath("//main//form")[0]
        hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
        where = form.get("action") or self.page.request.path
        return self.post(where, hidden | fields)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """POST exactly this; the next page's text."""
        response = self.client.post(path, data=fields, headers={"User-Agent": self.agent})
        if response.status_code == 303:
            return self.open(response.headers["Location"])
        self.page = response
        return self.text


def pages_of(phone: Phone) -> Pages:
    """That phone's browser."""
    return Pages(phone.town, phone.openid)
