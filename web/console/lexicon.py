"""Words by which categories are told: seen, written anew, ended; as a workbook, too."""

from flask import redirect, render_template, request, url_for

from bot.domain.console import Right
from bot.domain.lexicon import HEAVIEST, LIGHTEST, LONGEST
from bot.services import office_words
from bot.services.errors import NotFound, Refused
from bot.services.office_words import BACK, MOST, SHOWN, Wish
from bot.services.word_book import WORDS
from web.console import workbooks
from web.console.door import Answer, Console, carry, deps, visitor
from web.console.workbooks import Table


def put(pages: Console) -> None:
    """Add these pages."""
    pages.page("/words", "words", words, Right.RULES)
    pages.page("/words/<word>", "word", word, Right.RULES)
    pages.page("/words/keep", "word_keep", keep, Right.MASTER, ("POST",))
    headings = "词", "现在", "导入以后"
    workbooks.put(pages, Table("words", WORDS, _words, "个词", headings, "这些词"))


def words() -> Answer:
    """Words of a category, or with some characters; without either the office's own."""
    return _words(200)


def _words(status: int, **values: object) -> tuple[str, int]:
    given = {name: request.args.get(name, "")[:60] for name in ("q", "category")}
    found = office_words.listed(deps(), given["q"], given["category"])
    empty: dict[str, object] = {"typed": {}}
    shown = render_template(
        "console/words.html", found=found, given=given, categories=office_words.categories(deps()),
        most=SHOWN, longest=LONGEST, weights=range(HEAVIEST, LIGHTEST - 1, -1), **empty | values,
    )  # fmt: skip
    return shown, status


def word(word: str) -> Answer:
    """One of them."""
    line, history = office_words.look(deps(), word)
    if not office_words.known(line, history):
        raise NotFound("console.no_view")
    return _word(word, 200)


def keep() -> Answer:
    """Say what a word would change; said again, keep it."""
    names = ("word", "category", "weight", "reason", "sure")
    typed = {name: request.form.get(name, "").strip() for name in names}
    wish = Wish(typed["word"], typed["category"], typed["weight"])
    try:
        done = office_words.keep(
            deps(), visitor(), wish, reason=typed["reason"], sure=typed["sure"]
        )
    except Refused as refusal:
        problem = deps().texts.say(refusal.key, **refusal.values)
        return _words(409, problem=problem, typed=typed)
    if isinstance(done, str):
        return redirect(
            url_for("console.word", word=office_words.folded(typed["word"]), said=carry(done)), 303
        )
    return _word(typed["word"], 200, typed=typed, differences=done)


def _word(word: str, status: int, **values: object) -> tuple[str, int]:
    line, history = office_words.look(deps(), office_words.folded(word))
    empty: dict[str, object] = {"typed": {}, "differences": None}
    shown = render_template(
        "console/word.html", line=line, history=history, back=BACK, most=MOST,
        categories=office_words.categories(deps()),
        weights=range(HEAVIEST, LIGHTEST - 1, -1), **empty | values,
    )  # fmt: skip
    return shown, status
