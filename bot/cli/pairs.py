"""`flask evaluate-pairs`: how well it is told whether two letters are of the same matter."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from bot.cli.output import deps
from bot.cli.rows import read_rows
from bot.domain.understanding import Understander
from bot.nlp import pair_fit, pair_measure, same_matter
from bot.nlp.matters import Matter, features
from bot.nlp.pair_measure import Labelled, Share

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "evaluate-pairs",
    epilog="Example: flask evaluate-pairs tests/data/same_matter.csv stream.csv "
    "--text-column subject --text-column detail",
)
@click.argument("pairs", type=FILE)
@click.argument("letters", type=FILE)
@click.option("--text-column", "text_columns", multiple=True, required=True, help="Repeatable.")
@click.option("--id-column", default="id", show_default=True)
@click.option("--time-column", default="time", show_default=True)
@with_appcontext
def evaluate_pairs(
    pairs: Path, letters: Path, text_columns: tuple[str, ...], id_column: str, time_column: str
) -> None:
    """Measure on PAIRS (csv: id_a, id_b, same 1 or 0) of LETTERS; print figures as JSON.

    held_out: scores by weights that were learned without any pair of the group, by the shipped
    threshold, and by a threshold that was chosen without the group as well. in_use: the weights in
    use, which may have been learned from these very pairs.
    """
    columns = (id_column, time_column)
    named = {row.fields.get(id_column, ""): row
             for row in read_rows(letters, text_columns, more_columns=columns)}  # fmt: skip
    wanted = _labels(pairs)
    understander, scorer = deps(migrated=False).understander(), same_matter.load()
    known = {}
    for name in {name for one, other, _ in wanted for name in (one, other)} & named.keys():
        known[name] = _matter(understander, named[name].text, named[name].fields[time_column])
    labels = [each for each in wanted if each[0] in known and each[1] in known]
    if len(set(pair_fit.groups([each[:2] for each in labels]))) < pair_measure.FOLDS:
        click.echo(f"要至少 {pair_measure.FOLDS} 组互不相干、两个文件里都有的信。", err=True)
        raise click.exceptions.Exit(1)
    click.echo(json.dumps(measured(labels, known, scorer), ensure_ascii=False, indent=1))
    click.echo(f"比了 {len(labels)} 对，跳过 {len(wanted) - len(labels)} 对。", err=True)


def _labels(source: Path) -> list[tuple[str, str, bool]]:
    with source.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"id_a", "id_b", "same"} <= set(reader.fieldnames or ()):
            raise click.UsageError(f"{source.name} 要有三列：id_a、id_b、same。")
        return [(row["id_a"], row["id_b"], row["same"] == "1") for row in reader]


def _matter(understander: Understander, text: str, at: str) -> Matter:
    try:
        time = datetime.fromisoformat(at).replace(tzinfo=UTC)
    except ValueError as error:
        raise click.UsageError(f"看不懂这个时间：{at}") from error
    return same_matter.of_reading(understander.read(text), time, same_matter.load().rarity)


def measured(
    labels: Sequence[tuple[str, str, bool]],
    known: Mapping[str, Matter],
    scorer: same_matter.PairScorer,
) -> dict[str, Any]:
    """Figures of these labelled pairs."""
    rows = [features(known[one], known[other]) for one, other, _ in labels]
    given = Labelled([each[:2] for each in labels], rows, [each[2] for each in labels])
    scores, taken = pair_measure.held_out(given)
    likely = [scorer.score(known[one], known[other]) for one, other, _ in labels]
    bound = scorer.weights.threshold
    return {
        "pairs": len(labels),
        "same": sum(given.same),
        "held_out": _share(given, [score >= bound for score in scores]) | {"threshold": bound},
        "held_out_own_threshold": _share(given, taken),
        "curve": [
            _share(given, [score >= at / 10 for score in scores]) | {"threshold": at / 10}
            for at in range(1, 10)
        ],
        "in_use": _share(given, [each.same for each in likely]),
        "told_to_residents": _share(given, [each.sure for each in likely]),
        "version": scorer.weights.version,
        "worst": [
            {"id_a": one, "id_b": other, "score": score}
            for one, other, score in pair_measure.worst(scores, given)
        ],
    }


def _share(given: Labelled, taken: Sequence[bool]) -> dict[str, Any]:
    found: Share = pair_measure.share(taken, given.same)
    return asdict(found)


commands: list[click.Command] = [evaluate_pairs]
