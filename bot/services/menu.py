"""The account's menu: ours in bot/data/menu.json, theirs at the platform."""

import difflib
import json
from pathlib import Path
from typing import Any

from bot.domain import menu as rules
from bot.domain.dialog import MENU
from bot.services.ports import Deps
from bot.services.qr_codes import asked

FILE = Path(__file__).resolve().parent.parent / "data" / "menu.json"


def ours(deps: Deps) -> list[dict[str, Any]]:
    """The buttons of the file, with the address of our pages."""
    return rules.filled(_read(), deps.settings.base_url)


def problems() -> list[str]:
    """What is wrong with the file; empty when nothing is."""
    try:
        return list(rules.problems(_read(), MENU))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"menu.json: {type(error).__name__}"]


def difference(deps: Deps) -> list[str]:
    """Lines that differ: `- ` what the platform has, `+ ` what the file has. Raises Refused."""
    theirs = asked(deps.platform.menu)
    both = difflib.ndiff(rules.lines(theirs), rules.lines(ours(deps)))
    return [line for line in both if line[:2] in ("- ", "+ ")]


def push(deps: Deps) -> list[str]:
    """Make the platform's menu ours, if it isn't; the lines that differed. Raises Refused."""
    changed = difference(deps)
    if changed:
        buttons = ours(deps)
        asked(lambda: deps.platform.set_menu(buttons))
    return changed


def _read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["button"]
    return found
