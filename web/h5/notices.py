"""有结果时通知我: the page on which the platform asks whether it may bring our notices."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.page_tags import tag_host
from bot.services import consents
from bot.services.errors import Refused
from web.assets import tokens
from web.h5.door import deps, origin, visitor
from web.h5.parts import sentence, wants_large

Page = str | tuple[str, int] | AnyResponse


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/notices", "notices", _notices)
    pages.add_url_rule("/notices", "notices_said", _said, methods=["POST"])


def _notices() -> Page:
    return _shown()


def _shown(problem: str = "") -> str:
    """The platform's script is let in only where there is something to ask, and a signature."""
    found = consents.templates(deps(), visitor().contact_id)
    signed = consents.signed(deps(), _address()) if any(each.asks for each in found) else None
    if signed is not None:
        settings = deps().settings
        g.tags = tag_host(settings.wechat_api_base, demo=settings.mode == "demo")
    return render_template(
        "h5/notices.html", templates=found, signed=signed, tags=g.get("tags"), problem=problem,
        tokens=tokens(large=wants_large()),
    )  # fmt: skip


def _address() -> str:
    """This page's address as the browser has it: what is signed must be that, to the letter."""
    query = request.environ.get("QUERY_STRING", "")
    return f"{origin()}{request.path}" + (f"?{query}" if query else "")


def _said() -> Page:
    """The page's script sends what the person answered to the platform's question."""
    template, value = request.form.get("template", ""), request.form.get("value", "")
    try:
        flash(consents.said(deps(), visitor().contact_id, template, value))
    except Refused as refusal:
        return _shown(sentence(refusal)), 409
    return redirect(url_for("h5.notices"), 303)
