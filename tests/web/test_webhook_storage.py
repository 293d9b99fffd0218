"""A database that can't write now: nothing is lost, nothing is doubled."""

import sqlite3
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from bot.texts import Texts
from tests.web.conftest import AppClient
from tests.wechat_push import text

LAMP = "昭乌达路的路灯坏了三天了"


def change(client: AppClient, statement: str) -> None:
    with client.deps.database.engine.begin() as connection:
        connection.execute(sql(statement))


def test_database_that_cannot_write(app_client: AppClient) -> None:
    """Not stored: 503, so that the platform tries again; its next try lands once."""
    push = app_client.platform.safe(text(LAMP))
    change(app_client, "ALTER TABLE messages RENAME TO away")
    assert app_client.post(push).status_code == 503
    change(app_client, "ALTER TABLE away RENAME TO messages")
    assert app_client.shown(app_client.post(push))
    assert app_client.shown(app_client.post(push))
    assert app_client.count("messages") == app_client.count("cases") == 1


def test_database_locked_for_a_while(app_client: AppClient) -> None:
    """A lock held by somebody else is waited for, within the platform's five seconds."""
    app_client.push(text("您好"))
    path = str(app_client.deps.database.engine.url.database)
    stranger = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: stranger.execute("COMMIT"))
    release.start()
    assert app_client.shown(app_client.push(text(LAMP)))
    release.join()
    stranger.close()
    assert app_client.count("messages") == 2


def test_unforeseen_failure_asks_for_another_try(
    app_client: AppClient, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody foresaw: 503 with a code to find it by; the next try lands once."""
    push, whole = app_client.platform.safe(text(LAMP)), app_client.deps
    app_client.use(replace(whole, texts=Texts({})))
    response = app_client.post(push)
    assert response.status_code == 503
    assert f"code={response.text.rpartition(' ')[2]}" in caplog.text
    assert app_client.count("messages") == 0
    app_client.use(whole)
    assert app_client.shown(app_client.post(push))
    assert app_client.count("messages") == 1


def test_reply_that_cannot_be_rendered_is_acknowledged(
    app_client: AppClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Once the message is stored no failure of ours may show the resident a fault notice."""
    sentences = app_client.deps.texts.sentences
    broken = {k: v for k, v in sentences.items() if k != "reply.cut"}
    broken |= {"reply.greeting": "您好。" * 300}
    app_client.use(replace(app_client.deps, texts=Texts(broken)))
    assert app_client.push(text("您好")).data == b"success"
    assert app_client.count("messages") == 1
    assert "render_failed" in caplog.text
