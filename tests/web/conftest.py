"""The whole app for tests of the edge: real database, real understanding, the wire's own bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from app import create_app
from bot.domain.understanding import Understander
from bot.nlp.understander import load_understander
from bot.services.ports import Deps
from bot.settings import Settings
from bot.wiring import build
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


MakeApp = Callable[[str], AppClient]


@pytest.fixture(scope="session")
def understander(tmp_path_factory: pytest.TempPathFactory) -> Understander:
    """The real one: it is immutable and takes a second to load, so all tests share it."""
    return load_understander(tmp_path_factory.mktemp("understander"))


@pytest.fixture
def make_app(sqlite_url: str, tmp_path: Path, understander: Understander) -> Iterator[MakeApp]:
    """Makes the app in a cipher mode: plain, compatible or safe."""
    made: list[AppClient] = []

    def make(cipher: str) -> AppClient:
        settings = Settings(
            mode="demo",
            database_url=sqlite_url,
            var_dir=tmp_path,
            wechat_cipher=cipher,
            _env_file=None,
        )
        deps = replace(build(settings), understander=lambda: understander)
        app = create_app(deps=deps)
        platform = Platform(
            settings.wechat_app_id,
            settings.wechat_token.get_secret_value(),
            settings.wechat_aes_key.get_secret_value(),
            deps.clock.now(),
        )
        made.append(AppClient(app, app.test_client(), platform, cipher))
        return made[-1]

    yield make
    for client in made:
        client.deps.database.dispose()


@pytest.fixture
def app_client(make_app: MakeApp) -> AppClient:
    """The app in safe mode, as in production."""
    return make_app("safe")
