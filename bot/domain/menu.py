"""The account's menu: what the platform allows, and when two menus are the same.

Source: the platform's page on 创建自定义菜单. Names are counted in bytes there, a Chinese character
three; a phone shows four characters of a button and seven below one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

Button = dict[str, Any]

MOST, MOST_BELOW = 3, 5
NAME_BYTES, NAME_BYTES_BELOW = 16, 60
KEY_BYTES, URL_BYTES = 128, 1024


def filled(buttons: Sequence[Mapping[str, Any]], base_url: str) -> list[Button]:
    """The buttons with the address of our own pages in place."""
    return [_filled(button, base_url) for button in buttons]


def _filled(button: Mapping[str, Any], base_url: str) -> Button:
    made = dict(button)
    if "sub_button" in made:
        made["sub_button"] = filled(made["sub_button"], base_url)
    if "url" in made:
        made["url"] = str(made["url"]).replace("{base_url}", base_url)
    return made


def problems(buttons: object, keys: Collection[str]) -> Iterator[str]:
    """What the platform, or our own dialog (which knows `keys`), would not take."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST:
        yield f"a menu has 1 to {MOST} buttons"
        return
    for button in buttons:
        below = button.get("sub_button") if isinstance(button, dict) else None
        yield from _problems(button, keys, NAME_BYTES, leaf=not below)
        if below and (not isinstance(below, list) or len(below) > MOST_BELOW):
            yield f"{button.get('name')}: at most {MOST_BELOW} buttons below one"
        for each in below if isinstance(below, list) else ():
            yield from _problems(each, keys, NAME_BYTES_BELOW, leaf=True)


def _problems(button: object, keys: Collection[str], longest: int, *, leaf: bool) -> Iterator[str]:
    if not isinstance(button, dict):
        yield "a button must be an object"
        return
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= longest:
        yield f"{name}: a name has 1 to {longest} bytes"
    if not leaf:
        return
    kind = button.get("type")
    if kind == "click" and button.get("key") not in keys:
        yield f"{name}: the dialog knows no key {button.get('key')}"
    elif kind == "view" and not _is_address(button.get("url")):
        yield f"{name}: a view button needs an address"
    elif kind not in ("click", "view"):
        yield f"{name}: type must be click or view"


def _is_address(url: object) -> bool:
    known = ("{base_url}/", "https://", "http://")
    return isinstance(url, str) and url.startswith(known) and len(url.encode()) <= URL_BYTES


def lines(buttons: Sequence[Mapping[str, Any]], indent: str = "") -> list[str]:
    """A menu as text, one button a line: what two menus are compared by. The platform gives back
    empty lists and other fields that say nothing."""
    drawn: list[str] = []
    for button in buttons:
        below = button.get("sub_button") or []
        does = "" if below else f" → {button.get('key') or button.get('url') or button.get('type')}"
        drawn += [f"{indent}{button.get('name')}{does}", *lines(below, indent + "  ")]
    return drawn
