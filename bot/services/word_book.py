"""The office's words of categories as a workbook."""

from collections.abc import Mapping

from bot.domain.lexicon import ENDED, HEAVIEST, LIGHTEST, LONGEST, Word
from bot.services import office_words
from bot.services.errors import Refused
from bot.services.office_books import OfficeBook, Rows
from bot.services.office_words import Line, Wish
from bot.services.ports import Deps
from bot.services.roster_files import MEGABYTE, Limits
from bot.services.sheet_cells import Column

_STOPPED = "停用"


def _columns(deps: Deps) -> tuple[Column, ...]:
    """The office may have named its categories anew."""
    weights = {str(n): str(n) for n in range(LIGHTEST, HEAVIEST + 1)} | {str(ENDED): _STOPPED}
    names = office_words.categories(deps)
    expected = f"{LIGHTEST} 到 {HEAVIEST} 的整数，或者 {_STOPPED}"
    words = f"2 到 {LONGEST} 个字，只用汉字、字母和数字"
    return (
        Column("words", "word", "词", "text", True, expected=words),
        Column("words", "category", "类别", "choice", True, choices=names,
               expected="下列之一：" + "、".join(names.values())),
        Column("words", "weight", "分量", "choice", True, choices=weights, expected=expected),
    )  # fmt: skip


def _rows(deps: Deps) -> list[tuple[str, str, str]]:
    own = (line for line in office_words.lines(deps).values() if line.own)
    return sorted(_row(deps, line) for line in own)


def _row(deps: Deps, line: Line) -> tuple[str, str, str]:
    weight = f"{line.now.weight:g}" if line.now.weight else _STOPPED
    first = next(iter(office_words.categories(deps).values()))
    return line.word, line.now.name or first, weight


def _read(deps: Deps, rows: Rows) -> dict[str, Word | None]:
    before, changes, first = office_words.lines(deps), dict[str, Word | None](), dict[str, int]()
    for row, values in rows.whole:
        word = office_words.folded(values["word"])
        if word in first:
            rows.fault(row, "word", deps.texts.say("master.word_twice", row=first[word]))
            continue
        first[word] = row.number
        try:
            given = office_words.checked(deps, Wish(word, values["category"], values["weight"]))
        except Refused as refusal:
            rows.fault(row, "word", deps.texts.say(refusal.key, **refusal.values))
            continue
        if not office_words.is_same(before.get(word) or Line(word, None, None, None), given):
            changes[word] = given
    return changes


def _told(deps: Deps, changes: Mapping[str, Word | None]) -> list[tuple[str, ...]]:
    before, told = office_words.lines(deps), list[tuple[str, ...]]()
    for word, given in changes.items():
        line = before.get(word) or Line(word, None, None, None)
        after = office_words.after(deps, line, given)
        was, now = (office_words.said(deps, each) for each in (line.counts, after))
        told.append((word, was, now))
    return told


WORDS = OfficeBook(
    "认类别的词", Limits(MEGABYTE, 8 * MEGABYTE, 2000), _columns, _rows, _read, _told,
    office_words.what_would_change, office_words.write, same="master.words_same",
    changed="master.words_changed", done="master.done_words",
)  # fmt: skip
