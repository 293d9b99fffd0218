"""The baseline: WeRoBot answers every text with itself, verified and encrypted like ours.

`memory`: no session at all, the fastest that WeRoBot can be. `sqlite`: its own default session
store (a file in the working directory), which is all that it writes.
"""

from typing import Any

from werobot import WeRoBot
from werobot.session.sqlitestorage import SQLiteStorage

from bot.settings import DEMO_CREDENTIALS


def _robot(storage: Any) -> Any:
    robot = WeRoBot(
        token=DEMO_CREDENTIALS["wechat_token"],
        app_id=DEMO_CREDENTIALS["wechat_app_id"],
        encoding_aes_key=DEMO_CREDENTIALS["wechat_aes_key"],
        SESSION_STORAGE=storage,
    )

    def echo(message: Any, session: Any) -> str:
        if session is not None:
            session["last"] = message.content
        return str(message.content)

    robot.add_handler(echo, type="text")
    return robot.wsgi


def memory() -> Any:
    """The WSGI application that keeps nothing."""
    return _robot(False)


def sqlite() -> Any:
    """The WSGI application with WeRoBot's own default store."""
    return _robot(SQLiteStorage())
