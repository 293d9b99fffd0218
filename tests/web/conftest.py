"""The whole app for tests of the edge: real database, real understanding, the wire's own bytes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app import create_app
from bot.domain.understanding import Understander
from bot.nlp.understander import load_understander
from bot.services import secrets
from bot.services.ports import Deps
from bot.settings import Settings
from bot.wiring import build
from tests.app_client import AppClient
from tests.conversation_rig import Town
from tests.factories import write_network
from tests.fakes import FakeClock, FakeSignIn, PaperPlatform, PaperTickets, RecordingChannel
from tests.wechat_push import Platform

__all__ = ["AppClient", "MakeApp"]

MakeApp = Callable[[str], AppClient]
MakeTown = Callable[[str], Town]


@pytest.fixture(scope="session")
def understander(tmp_path_factory: pytest.TempPathFactory) -> Understander:
    """The real one: it is immutable and takes a second to load, so all tests share it."""
    return load_understander(tmp_path_factory.mktemp("understander"))


def make_deps(url: str, folder: Path, understander: Understander, cipher: str) -> Deps:
    """What wiring makes on this database, with the shared understander."""
    settings = Settings(
        mode="demo",
        database_url=url,
        var_dir=folder,
        wechat_cipher=cipher,
        _env_file=None,
        backup_nightly=False,  # a test that lets days pass would copy the database each night
    )
    return replace(build(settings), understander=lambda: understander)


def serve(deps: Deps) -> AppClient:
    """The app on these dependencies, and its platform."""
    settings = deps.settings
    app = create_app(deps=deps)
    platform = Platform(
        settings.wechat_app_id,
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_key.get_secret_value(),
        deps.clock.now(),
    )
    return AppClient(app, app.test_client(), platform, settings.wechat_cipher)


@pytest.fixture
def make_app(sqlite_url: str, tmp_path: Path, understander: Understander) -> Iterator[MakeApp]:
    """Makes the app in a cipher mode: plain, compatible or safe."""
    made: list[AppClient] = []

    def make(cipher: str) -> AppClient:
        made.append(serve(make_deps(sqlite_url, tmp_path, understander, cipher)))
        return made[-1]

    yield make
    for client in made:
        client.deps.database.dispose()


@pytest.fixture
def app_client(make_app: MakeApp) -> AppClient:
    """The app in safe mode, as in production."""
    return make_app("safe")


def build_town(url: str, folder: Path, understander: Understander) -> Town:
    """The app with the small network, a clock that stands and a channel that remembers."""
    clock, channel, sign_in = FakeClock(), RecordingChannel(), FakeSignIn()
    deps = make_deps(url, folder, understander, "plain")
    platform = PaperPlatform()
    deps = replace(deps, clock=clock, channel=channel, platform=platform, sign_in=sign_in)
    deps = replace(deps, page_tickets=PaperTickets())
    write_network(deps.database)
    return Town(serve(deps), clock, channel, platform, sign_in)


@pytest.fixture
def make_town(tmp_path: Path, understander: Understander) -> Iterator[MakeTown]:
    """Makes a town on the database of a URL."""
    made: list[Town] = []
    build_here = partial(build_town, folder=tmp_path, understander=understander)

    def make(url: str) -> Town:
        made.append(build_here(url))
        return made[-1]

    yield make
    for town in made:
        town.deps.database.dispose()


@pytest.fixture
def town(make_town: MakeTown, pages_url: str) -> Town:
    """A town; the test runs once on each kind of database."""
    return make_town(pages_url)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function of the same library at its least cost: a tenth of a second for each
    sign-in is what guessers are to feel, not this suite."""
    cheap = PasswordHasher(1, 8, 1)
    monkeypatch.setattr(secrets, "_HASHER", cheap)
    monkeypatch.setattr(secrets, "_NOBODY", cheap.hash("nobody has this login"))
