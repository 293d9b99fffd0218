"""The account's menu: what the platform takes, keeps and shows.

Source: the platform's page on 创建自定义菜单: up to 3 buttons of up to 5 each; names of 16 and 60
bytes, keys of 128, addresses of 1024.
"""

import json
from dataclasses import replace
from typing import Any

from simulator.errors import Refused
from simulator.incoming import Incoming
from simulator.store import Row, Store

APP = "{app}"
"""Stands for the address of the account's own pages."""
FIRST: list[Row] = [
    {"type": "click", "name": "提诉求", "key": "K_NEW"},
    {
        "name": "我的诉求",
        "sub_button": [
            {"type": "click", "name": "查进度", "key": "K_MINE"},
            {"type": "view", "name": "我的诉求", "url": f"{APP}/h5/"},
            {"type": "view", "name": "我的数据", "url": f"{APP}/h5/data"},
        ],
    },
    {
        "name": "找工作站/人工",
        "sub_button": [
            {"type": "click", "name": "找工作站", "key": "K_FIND"},
            {"type": "click", "name": "人工", "key": "K_HUMAN"},
        ],
    },
]
"""What phones show while no menu was ever set, so that the desk can be used at once."""


def create(store: Store, body: dict[str, Any]) -> tuple[Row, str]:
    """menu/create: replaces the whole menu."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refused(40016, "a menu has 1 to 3 buttons")
    kept = [_button(each, top=True) for each in buttons]
    with store.db() as db:
        db.execute("DELETE FROM menu")
        db.execute("INSERT INTO menu VALUES (?)", (json.dumps(kept, ensure_ascii=False),))
    store.version += 1
    return {}, "menu replaced"


def _button(given: Any, *, top: bool) -> Row:
    if not isinstance(given, dict):
        raise Refused(47001, "a button must be an object")
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= (16 if top else 60):
        raise Refused(40018 if top else 40025, "a name of 1 to 16 bytes, below it 60")
    below = given.get("sub_button") or []
    if top and below:
        if not isinstance(below, list) or len(below) > 5:
            raise Refused(40023, "at most 5 buttons below one")
        return {"name": name, "sub_button": [_button(each, top=False) for each in below]}
    return {"name": name} | _action(given)


def _action(given: Row) -> Row:
    kind = given.get("type")
    if kind == "click":
        key = given.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= 128:
            raise Refused(40019, "a click button needs a key of up to 128 bytes")
        return {"type": "click", "key": key}
    if kind == "view":
        url = given.get("url")
        if not isinstance(url, str) or not 1 <= len(url.encode()) <= 1024:
            raise Refused(40020, "a view button needs a url of up to 1024 bytes")
        if not url.startswith(("http://", "https://")):
            raise Refused(40054, "a url begins with https://")
        return {"type": "view", "url": url}
    raise Refused(40035, "type must be click or view on this desk")


def get(store: Store) -> tuple[Row, str]:
    """menu/get: the menu with an empty sub_button wherever there is none; 46003 without one."""
    kept = _kept(store)
    if kept is None:
        raise Refused(46003, "no menu was ever created")
    buttons = [
        each | {"sub_button": [below | {"sub_button": []} for below in each.get("sub_button", [])]}
        for each in kept
    ]
    return {"menu": {"button": buttons}}, "menu"


def shown(store: Store) -> list[Row]:
    """The buttons on the phones."""
    return _kept(store) or FIRST


def named(store: Store, what: Incoming) -> Incoming:
    """A tap is shown by the button's own name."""
    fields = dict(what.fields)
    if fields.get("Event") != "CLICK":
        return what
    return replace(what, shown=f"[菜单] {_name_of(store, fields['EventKey'])}")


def _name_of(store: Store, key: str) -> str:
    every = [each for top in shown(store) for each in [top, *top.get("sub_button", [])]]
    return next((str(each["name"]) for each in every if each.get("key") == key), key)


def _kept(store: Store) -> list[Row] | None:
    found = store.rows("SELECT buttons FROM menu")
    return json.loads(found[0]["buttons"]) if found else None
