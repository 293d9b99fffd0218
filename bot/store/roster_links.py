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
    """What makes a post the same one (a constraint of the table, too)."""
    return (post.unit, post.role, post.person)


def pairing_key(pairing: PairingEntry) -> tuple[str, str]:
    """What makes a pairing the same one (a constraint of the table, too)."""
    return (pairing.station, pairing.partner)


def load_posts(session: Session) -> tuple[PostEntry, ...]:
    """All posts, also past ones."""
    rows = session.execute(
        select(Person.code, Unit.code, Post.role, Post.valid_from, Post.valid_to)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
    )
    return tuple(sorted((PostEntry(*row) for row in rows), key=post_key))


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
    names = list(moved[0][1]) if moved else []
    there = session.execute(select(*(getattr(model, n) for n in names), model.id)) if names else ()
    ids = {tuple(key): id_ for *key, id_ in there}
    rows: list[Row] = []
    for entry, name in moved:
        key = tuple(name.values())
        row = name | {"valid_from": entry.valid_from, "valid_to": entry.valid_to}
        rows.append(row | ({"id": ids[key]} if key in ids else {}))
    bulk(session, model, rows, lambda row: "id" not in row)
    return counted(known, key_of, given)
