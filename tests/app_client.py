"""The app behind a test client, and the platform that speaks to it."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from bot.handlers.webhook import Webhook
from bot.services.ports import Deps
from tests.wechat_push import Platform, Push


@dataclass(frozen=True)
class AppClient:
    """A running app and the platform that speaks to it."""

    app: Flask
    client: FlaskClient
    platform: Platform
    cipher: str

    @property
    def deps(self) -> Deps:
        """What wiring made for this app."""
        deps: Deps = self.app.extensions["deps"]
        return deps

    def use(self, deps: Deps) -> None:
        """Go on with other dependencies: what broke, or was mended."""
        self.app.extensions["deps"] = deps
        mounted: Any = self.app.wsgi_app
        mounted.mounts["/wechat"] = Webhook(deps)

    def push(self, xml: str) -> TestResponse:
        """Deliver a message in the mode that the app is set to."""
        make = self.platform.plain if self.cipher == "plain" else self.platform.safe
        return self.post(make(xml))

    def post(self, push: Push) -> TestResponse:
        """Deliver exactly these bytes."""
        return self.client.post(**push.request)

    def shown(self, response: TestResponse) -> str:
        """The text that the phone shows; empty for a bare acknowledgement."""
        assert response.status_code == 200
        if response.data == b"success":
            return ""
        xml = response.data
        if self.cipher != "plain":
            encrypted = etree.fromstring(xml).findtext("Encrypt") or ""
            xml = self.platform.crypto.decrypt(encrypted)
        return etree.fromstring(xml).findtext("Content") or ""

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.deps.database.engine.connect() as connection:
            return int(connection.execute(sql(f"SELECT count(*) FROM {table}")).scalar_one())
