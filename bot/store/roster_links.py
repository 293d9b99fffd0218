"""Rows of the roster that link two others: posts, and pairings of stations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.domain.roster import PairingEntry, PostEntry
from bot.models.organisation import Pairing, Person, Post, Unit
from bot.store.roster_rows import Changes, Row, bulk, counted, ids_by_code

Link = TypeVar("Link", PostEntry, PairingEntry)


def post_key(post: PostEntry) -> tuple[str, str, str]:
    """What makes a post the same one, however often it is given."""
    return (post.unit, post.role, post.person)


def pairing_key(pairing: PairingEntry) -> tuple[str, str]:
    """What makes a pairing the same one (a constraint of the table, too)."""
    return (pairing.station, pairing.partner)


def load_posts(session: Session) -> tuple[PostEntry, ...]:
    """All posts, also past ones; of one given several times the last time."""
    rows = session.execute(
        select(Person.code, Unit.code, Post.role, Post.valid_from, Post.valid_to)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(Post.valid_from.nulls_first())
    )
    last = {post_key(entry): entry for entry in (PostEntry(*row) for row in rows)}
    return tuple(sorted(last.values(), key=post_key))


def load_pairings(session: Session) -> tuple[PairingEntry, ...]:
    """All pairings, also past ones, by the codes of station and partner."""
    station, partner = aliased(Unit), aliased(Unit)
    rows = session.execute(
        select(station.code, partner.code, Pairing.valid_from, Pairing.valid_to)
        .join(station, station.id == Pairing.station_id)
        .join(partner, partner.id == Pairing.partner_id)
    )
    return tuple(sorted((PairingEntry(*row) for row in rows), key=pairing_key))


def save_posts(session: Session, given: Sequence[PostEntry], old: Sequence[PostEntry]) -> Changes:
    """Write what is new or different."""
    people, units = ids_by_code(session, Person), ids_by_code(session, Unit)

    def named(entry: PostEntry) -> Row:
        ends = {"person_id": people[entry.person], "unit_id": units[entry.unit]}
        return ends | {"role": entry.role}

    known = {post_key(entry): entry for entry in old}
    return _save(session, Post, given, known, key_of=post_key, named=named)


def save_pairings(
    session: Session, given: Sequence[PairingEntry], old: Sequence[PairingEntry]
) -> Changes:
    """Write what is new or different."""
    units = ids_by_code(session, Unit)

    def named(entry: PairingEntry) -> Row:
        return {"station_id": units[entry.station], "partner_id": units[entry.partner]}

    known = {pairing_key(entry): entry for entry in old}
    return _save(session, Pairing, given, known, key_of=pairing_key, named=named)


def _save(
    session: Session, model: Any, given: Sequence[Link], known: Mapping[Any, Link],
    *, key_of: Callable[[Link], Any], named: Callable[[Link], Row],
) -> Changes:  # fmt: skip
    """`named`: the columns that say which row an entry is, and never change."""
    moved = [(entry, named(entry)) for entry in given if known.get(key_of(entry)) != entry]
    ids = _ids(session, model, list(moved[0][1])) if moved else {}
    rows: list[Row] = []
    for entry, name in moved:
        key = tuple(name.values())
        row = name | {"valid_from": entry.valid_from, "valid_to": entry.valid_to}
        again = model is Post and _again(entry, known.get(key_of(entry)))
        rows.append(row | ({"id": ids[key]} if key in ids and not again else {}))
    bulk(session, model, rows, lambda row: "id" not in row)
    return counted(known, key_of, given)


def _ids(session: Session, model: Any, names: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """Of each link its row; of several times the last one."""
    columns = [getattr(model, name) for name in names]
    rows = session.execute(select(*columns, model.id).order_by(model.valid_from.nulls_first()))
    return {tuple(key): id_ for *key, id_ in rows}


def _again(entry: Link, before: Link | None) -> bool:
    """Given again after it had ended: what was before stays as it was, unless it was no more than
    a day, as what is ended on the day it was given."""
    if before is None or before.valid_to is None or entry.valid_from is None:
        return False
    lasted = before.valid_from is None or before.valid_from < before.valid_to
    return lasted and entry.valid_from > before.valid_to
