"""The lists of cases, and one case on one screen."""

from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.domain.worklists import View
from bot.services import presence, staff_bulk, staff_case, staff_tasks, worklists
from bot.services.errors import NotFound, Refused
from bot.store.worklists import Key
from web.console.door import WORDS, Answer, Console, carry, deps, visitor

NAMES = {
    View.PERSON: "要人看",
    View.EMERGENCY: "紧急",
    View.RESTRICTED: "受限",
    View.VOICE: "要听的",
    View.RETURNED: "退过两次",
    View.RED: "晚了",
    View.YELLOW: "快到期",
    View.SUPERVISED: "督办",
    View.AGAIN: "复核",
    View.MINE: "我经手的",
    View.OPEN: "在办",
    View.ALL: "全部",
}
EMPTY = {
    View.PERSON: "没有等人看的。机器拿不准的诉求，会排在这里。",
    View.EMERGENCY: "没有等处理的紧急情况。",
    View.RESTRICTED: "没有等专办的。",
    View.VOICE: "没有要听的。居民发的语音，还没有人写成字的，会排在这里。",
    View.RETURNED: "没有退过两次的。工作站第二次退回来的，由这里定。",
    View.RED: "没有晚的。",
    View.YELLOW: "没有快到期的：一个工作日内到期的会排在这里。",
    View.SUPERVISED: "没有督办的。领导督办的，会排在这里。",
    View.AGAIN: "没有要复核的。办结的诉求，十件里抽一件，由人再看一遍答复。",
    View.MINE: "没有您经手、还在办的。您派过、改过、写过话的诉求，会排在这里。",
    View.OPEN: "没有在办的。",
    View.ALL: "还没有诉求。居民在公众号里说一句话，就有第一件。",
}

STAYS = frozenset({"correct", "not_same", "recall", "write_down", "unmerge"})
"""Tasks after which something remains to be done with the case."""


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/queue", "queue", queue, Right.QUEUE)
    pages.page("/queue/news", "news", news, Right.QUEUE)
    pages.page("/cases/<number>/looking", "looking", looking, Right.QUEUE)
    pages.page("/cases/<number>", "case", case, Right.QUEUE)
    pages.page("/cases/<number>/<name>", "do", do, Right.QUEUE, ("POST",))


def queue() -> Answer:
    """One list; the first of one's own if none is named."""
    return page(named_view(), 200)


def named_view() -> View:
    """The list that is asked for; the first of one's own if none is named."""
    named = request.values.get("view", "")
    if named and not _view(named):
        raise NotFound("console.no_view")
    return View(named) if named else worklists.views(visitor())[0]


def page(view: View, status: int, **more: object) -> tuple[str, int]:
    """One list, with what may be done with several of it."""
    found = worklists.listed(deps(), visitor(), view, _key(request.args.get("after", "")))
    bulk = staff_bulk.may_choose(visitor(), view)
    held = {"problem": "", "marked": [], "reason": ""} | more
    return render_template(
        "console/queue.html", found=found, names=NAMES, empty=EMPTY[view],
        after=_words(found.after), first="after" not in request.args,
        shown=",".join(line.number for line in found.lines), bulk=bulk, **held,
    ), status  # fmt: skip


def news() -> Answer:
    """What a list has that is not on the screen yet, and how much is in each: a piece of a page
    which moves nothing that stands there."""
    named = _view(request.args.get("view", ""))
    if named is None:
        raise NotFound("console.no_view")
    found = worklists.listed(deps(), visitor(), View(named))
    shown = set(request.args.get("shown", "").split(","))
    more = sum(line.number not in shown for line in found.lines)
    return render_template("console/news.html", found=found, names=NAMES, more=more)


def looking(number: str) -> Answer:
    """Who else has this case on the screen: a piece of a page."""
    others = presence.looking(deps(), visitor(), number)
    return render_template("console/here.html", others=others)


def _view(name: str) -> str | None:
    """The name, if it is a list's."""
    return name if name in set(View) else None


def case(number: str) -> Answer:
    """One case with what may be done."""
    return case_page(number, 200)


def do(number: str, name: str) -> Answer:
    """Carry a task out. What can't be done is said above the form, which keeps what was typed."""
    fields = dict(request.form.items())
    version = request.form.get("version", 0, type=int)
    try:
        done = staff_tasks.do(deps(), visitor(), number, name, fields, version=version)
    except Refused as refusal:
        words = deps().texts.say(refusal.key, **refusal.values)
        return case_page(number, 409, problem=words, tried=name, typed=fields)
    view, said = _view(request.form.get("view", "")), carry(done.words)
    if name in STAYS and done.seen:
        return redirect(url_for("console.case", number=number, view=view, said=said), 303)
    following = request.form.get("following", "")
    if view and following:
        return redirect(url_for("console.case", number=following, view=view, said=said), 303)
    return redirect(url_for("console.queue", view=view, said=said), 303)


def case_page(number: str, status: int, **values: object) -> tuple[str, int]:
    """The page of one case; `values`: what was tried there, and what came of it."""
    found = staff_case.look(deps(), visitor(), number)
    typed = {"typed": {}, "tried": ""} | values
    view = _view(request.values.get("view", ""))
    following = worklists.following(deps(), visitor(), View(view), number) if view else None
    return render_template(
        "console/case.html", case=found, view=view, following=following, words=WORDS, **typed
    ), status


def _words(key: Key | None) -> str | None:
    """Where the next page begins, for its address."""
    if key is None:
        return None
    due = str(key.due.timestamp()) if key.due else ""
    return f"{key.id}.{int(key.urgent)}.{due}"


def _key(words: str) -> Key | None:
    """The same again; what makes no sense begins at the start."""
    number, _, rest = words.partition(".")
    urgent, _, due = rest.partition(".")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    try:
        at = datetime.fromtimestamp(float(due), UTC) if due else None
        return Key(int(number), at, urgent == "1") if known else None
    except (ValueError, OverflowError, OSError):
        return None
