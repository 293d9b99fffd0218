"""`flask learn`: reading is learned anew, compared with what is in use, and taken on a word."""

import importlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask.cli import with_appcontext

from bot.cli.evaluation import measured
from bot.cli.model_card import CARD, KINDS, card, rows_of
from bot.cli.output import deps, print_json, say
from bot.domain.understanding import Understander
from bot.nlp import corpus, model_files
from bot.nlp.corpus import Example
from bot.nlp.understander import load_understander
from bot.services import correcting
from bot.services.correcting import Lesson

LEAST = 0.02
"""A category that gets better or worse by less isn't named."""


@click.command(epilog="Example: flask learn && flask learn --use")
@click.option("--use", is_flag=True, help="Take what was learned last, from the next start on.")
@click.option("--back", is_flag=True, help="Go back to the one before.")
@click.option("--product", is_flag=True, help="Write the product's own model (for developers).")
@with_appcontext
def learn(*, use: bool, back: bool, product: bool) -> None:
    """Learn reading anew from the corpus and from what the office put right; print as JSON what
    gets better and worse on messages that no model learns from. Nothing changes before --use."""
    var = deps(migrated=False).settings.var_path
    if back:
        say("换回来了，重启后生效。" if model_files.back(var) else "用的就是自带的，不用换。")
    elif use:
        _take(var)
    else:
        _learn(var, product=product)


def _take(var: Path) -> None:
    try:
        model_files.take(var)
    except FileNotFoundError as error:
        say("还没有学好的。请先运行 flask learn。")
        raise click.exceptions.Exit(1) from error
    say("换上了，重启后生效。不好用就 flask learn --back。")


def _learn(var: Path, *, product: bool) -> None:
    training = _training()
    known, frozen = corpus.split(corpus.load())
    lessons = [] if product else list(_examples(correcting.lessons(deps())))
    taught, asked = corpus.split(lessons)
    reader = load_understander(var / "cache", model=model_files.missing(var))
    samples = training.samples_of([*known, *taught], reader)
    unseen = training.crossed(samples)
    raw = training.fit(samples, f"{datetime.now(UTC):%Y.%m.%d}")
    training.calibrate(raw, unseen)
    path = model_files.PRODUCT if product else model_files.candidate(var)
    before = scored(_old(var), [*frozen, *asked])
    model_files.write(path, raw)
    new = load_understander(var / "cache", model=path)
    after = scored(new, [*frozen, *asked])
    if product:
        figures = measured(rows_of(frozen), new, "accept")
        own = {code: after[code] for code in new.categories if code in after}
        kinds = {
            kind: measured(rows_of([one for one in frozen if one.kind == kind]), new, "accept")
            for kind in KINDS
        }
        CARD.write_text(card(figures, own, kinds, len(samples)), "utf-8")
    learned = {"examples": len(samples), "corrections": len(taught)}
    print_json(learned | compared(before, after))
    say(f"写好了：{path}。" + ("" if product else "换上它：flask learn --use"))


def _old(var: Path) -> Understander:
    """What is in use; of a model that this code can't read, the words alone."""
    try:
        return load_understander(var / "cache", model=model_files.in_use(var))
    except ValueError as error:
        say(f"现在的模型读不了（{error}），只和词表比。")
        return load_understander(var / "cache", model=model_files.missing(var))


def _training() -> ModuleType:
    try:
        return importlib.import_module("bot.nlp.training")
    except ImportError as error:
        say(f"学习要用的库没有装（{error.name}）：pip install -r requirements-learn.txt")
        raise click.exceptions.Exit(1) from error


def _examples(lessons: Iterator[Lesson]) -> Iterator[Example]:
    """What the office put right, as examples; the newest word on a case holds."""
    newest = {lesson.number: lesson for lesson in lessons if "category" in lesson.changed}
    for number, lesson in newest.items():
        code = lesson.changed["category"][1]
        emergency = (lesson.changed.get("emergency") or [None, None])[1]
        accept = (code,) if code else ()
        yield Example(number, lesson.text, accept, "demand", emergency or None, (), "corrected")


def scored(reader: Understander, examples: Sequence[Example]) -> dict[str, Any]:
    """How many were read right, by category, emergency and intent."""
    right: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for one in examples:
        read = reader.read(one.text)
        marks = {"intent": read.intent == one.intent}
        if one.accept:
            marks[one.accept[0]] = marks["category"] = read.category in one.accept
        if one.emergency:
            marks["emergency_found"] = read.emergency is not None
        else:
            marks["no_alarm"] = read.emergency is None
        if one.accept and read.confident:
            marks["routed_right"] = read.category in one.accept
        rows.update(marks.keys())
        right.update({name: int(mark) for name, mark in marks.items()})
    return {name: {"rows": count, "right": right[name]} for name, count in sorted(rows.items())}


def compared(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Both, and the names of what got better and worse."""
    change = {
        name: own["right"] / own["rows"] - before[name]["right"] / before[name]["rows"]
        for name, own in after.items() if name in before
    }  # fmt: skip
    return {
        "before": before, "after": after,
        "better": {name: round(by, 3) for name, by in change.items() if by >= LEAST},
        "worse": {name: round(by, 3) for name, by in change.items() if by <= -LEAST},
    }  # fmt: skip


commands: list[click.Command] = [learn]
