"""Pages of a resident: 我的诉求, one case with all that can be done, 我的数据."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for

from bot.services import consents, hands, own_cases, own_data
from bot.services.errors import NotFound, Refused
from web.h5.door import deps, visitor
from web.h5.parts import Page, sent_photos, sentence


def put(pages: Blueprint) -> None:
    """Add the routes."""
    pages.add_url_rule("/mine", "mine", _mine)
    pages.add_url_rule("/c/<number>", "case", _case)
    pages.add_url_rule("/c/<number>/rate", "rate", _rate, methods=["POST"])
    pages.add_url_rule("/c/<number>/add", "add", _add, methods=["POST"])
    for name, view in (("withdraw", _withdraw), ("reopen", _reopen)):
        pages.add_url_rule(f"/c/<number>/{name}", name, view, methods=["GET", "POST"])
    pages.add_url_rule("/data", "data", _data)
    pages.add_url_rule("/data/copy", "copy", _copy, methods=["POST"])
    pages.add_url_rule("/data/erase", "erase", _erase, methods=["GET", "POST"])


def _mine() -> str:
    contact_id = visitor().contact_id
    lines, allow = own_cases.mine(deps(), contact_id), consents.would_help(deps(), contact_id)
    return render_template("h5/mine.html", lines=lines, allow=allow)


def _case(number: str) -> Page:
    """The page that notices link to: one's own case, or one that a person works on."""
    try:
        return _shown(number)
    except NotFound:
        person_id = visitor().person_id
        if person_id is None:
            raise
        hands.look(deps(), person_id, number)
        return redirect(url_for("h5.work", number=number))


def _shown(number: str, problem: str = "") -> str:
    found = own_cases.look(deps(), visitor().contact_id, number)
    return render_template("h5/case.html", case=found, problem=problem, typed=request.form)


def _tried(number: str, work: Callable[[], str]) -> Page:
    """Do it and show the case with what was said; a refusal keeps what was typed."""
    try:
        flash(work())
    except Refused as refusal:
        return _shown(number, sentence(refusal)), 409
    return redirect(url_for("h5.case", number=number), 303)


def _rate(number: str) -> Page:
    kind, value = request.form.get("kind", ""), request.form.get("value", "")
    contact_id = visitor().contact_id
    return _tried(number, lambda: own_cases.rate(deps(), contact_id, number, kind, value))


def _add(number: str) -> Page:
    contact_id, form = visitor().contact_id, _form()
    return _tried(number, lambda: own_cases.add(deps(), contact_id, number, form))


def _form() -> own_cases.Form:
    words, once = request.form.get("words", ""), request.form.get("once", "")
    return own_cases.Form(words, once, sent_photos())


def _withdraw(number: str) -> Page:
    contact_id = visitor().contact_id
    if request.method == "POST":
        return _tried(number, lambda: own_cases.withdraw(deps(), contact_id, number))
    found = own_cases.look(deps(), contact_id, number)
    if not found.may_withdraw:
        return redirect(url_for("h5.case", number=number))
    return render_template("h5/withdraw.html", case=found)


def _reopen(number: str) -> Page:
    contact_id = visitor().contact_id
    if request.method == "POST":
        form = _form()
        return _tried(number, lambda: own_cases.reopen(deps(), contact_id, number, form))
    found = own_cases.look(deps(), contact_id, number)
    if not found.may_reopen:
        return redirect(url_for("h5.case", number=number))
    return render_template("h5/reopen.html", case=found)


def _data() -> str:
    contact_id = visitor().contact_id
    notices = consents.templates(deps(), contact_id)
    return render_template(
        "h5/data.html", data=own_data.look(deps(), contact_id), notices=notices
    )  # fmt: skip


def _copy() -> Page:
    flash(own_data.ask_copy(deps(), visitor().contact_id))
    return redirect(url_for("h5.data"), 303)


def _erase() -> Page:
    if request.method == "POST":
        flash(own_data.erase(deps(), visitor().contact_id))
        return redirect(url_for("h5.data"), 303)
    return render_template("h5/erase.html")
