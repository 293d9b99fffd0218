"""`flask classify`, `explain` and `evaluate`: what the bot understands, and how well."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from bot.cli import evaluation_page
from bot.cli.evaluation import measured
from bot.cli.output import deps, writable
from bot.cli.rows import Row, read_rows
from bot.domain.routing import route as choose_route
from bot.domain.stations import Route, Station
from bot.domain.understanding import Reading, Understander
from bot.services import roster

FILE = click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
TEXT_COLUMN = click.option(
    "--text-column", "text_columns", multiple=True, help="Column that holds text; repeatable."
)


@click.command(
    epilog="Example: echo 昭乌达路的路灯不亮 | flask classify --route   "
    "or: flask classify 来信.csv --text-column 标题 --text-column 内容"
)
@FILE
@TEXT_COLUMN
@click.option("--route", "with_route", is_flag=True, help="Also choose the station.")
@with_appcontext
def classify(file: Path | None, text_columns: tuple[str, ...], with_route: bool) -> None:
    """Read texts from FILE or standard input; print one JSON object for each, in order.

    A line is a text; jsonl, csv and xlsx need --text-column. A broken or empty row keeps its
    line, with `error` set.
    """
    understander = deps(migrated=with_route).understander()
    router = _router(understander) if with_route else None
    wrong = 0
    for row in read_rows(_file(file), text_columns):
        wrong += row.error is not None
        click.echo(_json(_classified(row, understander, router)))
    if wrong:
        click.echo(f"有 {wrong} 行没有可读的文字。", err=True)


@click.command(epilog="Example: flask explain 我们小区电梯坏了三天，老人下不了楼")
@click.argument("text", nargs=-1, required=True)
@with_appcontext
def explain(text: tuple[str, ...]) -> None:
    """Say in plain words what was understood of TEXT, and by which words."""
    understander = deps(migrated=False).understander()
    reading = understander.read(" ".join(text))
    click.echo(coloured(reading))
    for line in explained(reading, understander):
        click.echo(line)


@click.command(epilog="Example: flask evaluate 样本.csv --text-column subject --html 结果.html")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@TEXT_COLUMN
@click.option(
    "--accept-column",
    default="accept",
    show_default=True,
    help="Column with the codes that count as right: separated by spaces, or a JSON list.",
)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Also as a page.")
@with_appcontext
def evaluate(
    files: tuple[Path, ...], text_columns: tuple[str, ...], accept_column: str, html: Path | None
) -> None:
    """Measure first choices against codes that people accepted; print figures as JSON.

    FILES: jsonl, csv or xlsx, all with the same columns; standard input when there is none.
    routed_share: rows sent on without a person; routed_precision: how many of those are right.
    coverage_accuracy: of the surest so many, how many are right. worst: the surest wrong ones, by
    row number. Columns emergency, like, intent, places and pii are measured when they are there.
    """
    understander = deps(migrated=False).understander()
    rows = chain.from_iterable(
        read_rows(_file(file), text_columns, more_columns=(accept_column,))
        for file in files or (None,)
    )
    figures = measured(rows, understander, accept_column)
    if not figures["rows"] and figures.keys().isdisjoint(("emergency", "intent", "places", "pii")):
        click.echo("没有一行既有文字又有认可的类别。", err=True)
        raise click.exceptions.Exit(1)
    click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
    if html:
        names = {code: info.name for code, info in understander.categories.items()}
        with writable(html):
            told = "、".join(file.name for file in files)
            html.write_text(evaluation_page.page(figures, told, names), "utf-8")
    click.echo(f"测了 {figures['rows']} 行，跳过 {figures['skipped']} 行。", err=True)


commands: list[click.Command] = [classify, explain, evaluate]


def as_dict(reading: Reading) -> dict[str, Any]:
    """A reading in the shape of the public contract."""
    return {
        "text": reading.text,
        "intent": reading.intent,
        "categories": [asdict(one) for one in reading.categories],
        "confident": reading.confident,
        "urgency": reading.urgency,
        "emergency": reading.emergency,
        "places": [
            {"name": p.name, "unit": p.unit, "district": p.district, "sure": p.sure}
            for p in reading.places
        ],
        "pii": [asdict(one) for one in reading.pii],
        "masked": reading.masked,
        "parts": [asdict(part) for part in reading.parts],
        "evidence": [asdict(one) for one in reading.evidence],
        "handling": reading.handling,
        "want_human": reading.want_human,
        "angry": reading.angry,
        "command": reading.command,
    }


def coloured(reading: Reading) -> str:
    """The masked words; on a terminal those that decided are green, of danger red, places blue."""
    marks = {place.name: "blue" for place in reading.places}
    for one in reading.evidence:
        if one.code in (reading.category, reading.emergency, "urgent"):
            marks[one.word] = "green" if one.code == reading.category else "red"
    words = sorted(filter(None, marks), key=len, reverse=True)
    if not words:
        return reading.masked
    found = re.compile("|".join(map(re.escape, words)))
    return found.sub(lambda m: click.style(m[0], fg=marks[m[0]], bold=True), reading.masked)


def explained(reading: Reading, understander: Understander) -> Iterable[str]:
    """Lines of plain Chinese: what was understood, by which words, and what is unclear."""
    names = {code: info.name for code, info in understander.categories.items()}
    yield f"意图：{_INTENTS[reading.intent]}"
    emergency = understander.emergencies.get(reading.emergency or "")
    if emergency:
        yield f"紧急：{emergency.name}，请拨打 {'、'.join(emergency.phones)}"
    elif reading.urgency == "urgent":
        yield "紧急程度：加急"
    for one in reading.categories:
        yield f"类别：{names[one.code]}（{one.p:.0%}）" + _because(reading, one.code)
    for place in reading.places:
        where = "".join(filter(None, (place.district, place.unit))) or "还不知道在哪个街道"
        yield f"地点：{place.name} → {where}" + ("" if place.sure else "（拿不准）")
    for code in (reading.intent, reading.emergency, "urgent"):
        words = [e.word for e in reading.evidence if e.code == code]
        if words:
            yield f"{_label(code, understander)}的依据：{'、'.join(words)}"
    if reading.pii:
        yield f"遮住的个人信息：{len(reading.pii)} 处 → {reading.masked}"
    if len(reading.parts) > 1:
        for part in reading.parts:
            stretch = reading.text[part.start : part.end].strip()
            yield f"其中一件事：{stretch}（{names[part.code]}）"
    yield "把握：" + ("可以直接派单。" if reading.confident else _doubt(reading, names))


def _because(reading: Reading, code: str) -> str:
    words = [f"{e.word} {e.weight:g}" for e in reading.evidence if e.code == code]
    return f"，依据：{'、'.join(words)}" if words else ""


def _label(code: str | None, understander: Understander) -> str:
    if code in understander.emergencies:
        return understander.emergencies[code].name
    return "加急" if code == "urgent" else _INTENTS.get(code or "", "")


def _doubt(reading: Reading, names: dict[str, str]) -> str:
    if not reading.categories:
        return "请工作人员看一看，没有认出说的是哪类事。"
    best, *others = reading.categories
    if reading.handling != "normal":
        return "请工作人员看一看，可能涉及只有专人能看的内容。"
    if others and others[0].p > best.p / 2:
        return f"请工作人员看一看，“{names[best.code]}”和“{names[others[0].code]}”都说得通。"
    return "请工作人员看一看，能作依据的词太少或太弱。"


def _classified(
    row: Row, understander: Understander, router: Callable[[Reading], Route] | None
) -> dict[str, Any]:
    reading = understander.read(row.text)
    found = as_dict(reading)
    if row.error is not None:
        found["error"] = row.error
    elif router is not None:
        found["route"] = _route_dict(router(reading))
    return found


def _route_dict(route: Route) -> dict[str, Any]:
    def name(station: Station | None) -> str | None:
        return station.name if station else None

    return {
        "owner": name(route.owner),
        "owner_code": route.owner.code if route.owner else None,
        "assist": [station.name for station in route.assist],
        "partners": [station.name for station in route.partners],
        "queue": route.queue,
        "rule": route.rule,
        "words": list(route.words),
        "proposed": name(route.proposed),
    }


def _router(understander: Understander) -> Callable[[Reading], Route]:
    directory = roster.directory(deps())
    return lambda reading: choose_route(reading, directory, categories=understander.categories)


def _json(value: dict[str, Any]) -> str:
    """One line. A lone surrogate can't be written as UTF-8; such a line is escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return line


def _file(file: Path | None) -> Path | None:
    return None if file is None or str(file) == "-" else file


_INTENTS = {
    "demand": "诉求",
    "suggestion": "建议",
    "praise": "表扬感谢",
    "followup": "催办或问进度",
    "command": "命令",
    "chat": "寒暄",
    "abuse": "辱骂",
    "spam": "广告",
    "human": "找人工",
}
