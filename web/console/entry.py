"""In and out: sign-in, the authenticator's code, an own password."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.console import Right
from bot.services import console_entry, qr_codes
from bot.services.errors import Refused
from web.addresses import address
from web.console import door
from web.console.door import Answer, Console, deps, visitor


def put(pages: Console) -> None:
    """Add these pages."""
    pages.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    pages.page("/logout", "logout", logout, Right.ENTER, ("POST",))
    pages.page("/password", "password", password, Right.ENTER, ("GET", "POST"))
    pages.page("/code", "code", code, Right.ENTER, ("GET", "POST"))
    pages.page("/authenticator", "authenticator", authenticator, Right.ENTER, ("GET", "POST"))


def login() -> Answer:
    """Login and password; after them the code, if there is an authenticator."""
    to = request.values.get("to", "")
    if request.method != "POST":
        return render_template("console/login.html", to=to)
    name = request.form.get("login", "")
    try:
        opened = console_entry.sign_in(
            deps(), name, request.form.get("password", ""), address(),
            request.cookies.get(door.DEVICE, ""),
        )  # fmt: skip
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return render_template("console/login.html", to=to, login=name, problem=words), 403
    if former := request.cookies.get(door.COOKIE, ""):
        console_entry.let_go(deps(), former, address())
    on = url_for("console.code", to=to or None) if opened.asks_code else door.safe_way(to)
    return door.let_in(redirect(on, 303), opened.token, opened.device)


def logout() -> Answer:
    """End the session."""
    console_entry.sign_out(deps(), visitor(), address())
    return door.let_out(redirect(url_for("console.login"), 303))


def code() -> Answer:
    """The code of the authenticator, or "later" for who needs none right now."""
    to = request.values.get("to", "")
    if not visitor().has_authenticator:
        return redirect(url_for("console.authenticator", to=to or None))
    if request.method != "POST":
        return render_template("console/code.html", to=to)
    try:
        console_entry.give_code(deps(), visitor(), request.form.get("code", ""), address())
    except Refused as refusal:
        return _again("console/code.html", refusal, to=to)
    return redirect(door.safe_way(to), 303)


def authenticator() -> Answer:
    """Set up an authenticator: scan, then give its first code."""
    to = request.values.get("to", "")
    try:
        offered = console_entry.offer_authenticator(deps(), visitor())
    except Refused:
        return redirect(url_for("console.code", to=to or None))
    shown = {"to": to, "secret": offered.secret, "picture": qr_codes.inline(offered.address)}
    if request.method != "POST":
        return render_template("console/authenticator.html", **shown)
    given = request.form.get("code", "")
    try:
        console_entry.confirm_authenticator(deps(), visitor(), given, address())
    except Refused as refusal:
        return _again("console/authenticator.html", refusal, **shown)
    return redirect(door.safe_way(to), 303)


def password() -> Answer:
    """An own password. Who came in with a one-time one gets no further without it."""
    if request.method != "POST":
        return render_template("console/password.html")
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Refused("console.password_twice")
        console_entry.change_password(deps(), visitor(), old, new, address())
    except Refused as refusal:
        return _again("console/password.html", refusal)
    return _home()


def _home() -> AnyResponse:
    return redirect(url_for("console.home"), 303)


def _again(template: str, refusal: Refused, **values: object) -> tuple[str, int]:
    words = deps().texts.say(refusal.key, **refusal.values)
    return render_template(template, problem=words, **values), 409
