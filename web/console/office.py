"""Settings of the office that are changed while everything runs."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.services import office_settings
from bot.services.errors import Refused
from web.console.door import Answer, Console, carry, deps, visitor


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/settings", "settings", settings, Right.RULES)
    pages.page("/settings/keep", "settings_keep", keep, Right.MASTER, ("POST",))


def settings() -> Answer:
    """What is set, and what the office may change of it."""
    return _settings(200)


def keep() -> Answer:
    """Change it."""
    typed = {name: request.form.get(name, "") for name in ("names", "reason", "before")}
    try:
        said = office_settings.keep(
            deps(), visitor(), typed["names"], reason=typed["reason"], before=typed["before"]
        )
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return _settings(409, problem=words, typed=typed)
    return redirect(url_for("console.settings", said=carry(said)), 303)


def _settings(status: int, **values: object) -> tuple[str, int]:
    empty: dict[str, object] = {"typed": {}}
    shown = render_template(
        "console/settings.html", found=office_settings.look(deps()), **empty | values
    )
    return shown, status
