"""Figures of days that are over; where a case is, by street and district; events by kind"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CASES = sa.table(
    "cases",
    sa.column("id", sa.Integer),
    sa.column("reading", sa.JSON),
    sa.column("street", sa.String),
    sa.column("district", sa.String),
)
BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "day_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "dimension", "key", "figure", name=op.f("pk_day_figures")),
    )
    op.add_column("cases", sa.Column("street", sa.String(length=60), nullable=True))
    op.add_column("cases", sa.Column("district", sa.String(length=40), nullable=True))
    _place_what_is_there(op.get_bind())
    op.create_index("ix_events_kind", "events", ["kind", "at"])


def downgrade() -> None:
    op.drop_index("ix_events_kind", table_name="events")
    op.drop_column("cases", "district")
    op.drop_column("cases", "street")
    op.drop_table("day_figures")
    op.execute("DELETE FROM counters WHERE name LIKE 'statistics_%'")


def _place_what_is_there(connection: sa.Connection) -> None:
    """Street and district of the cases so far, from what was read of their words."""
    last = 0
    while rows := connection.execute(
        sa.select(CASES.c.id, CASES.c.reading).where(CASES.c.id > last)
        .order_by(CASES.c.id).limit(BATCH)
    ).all():  # fmt: skip
        found = [{"of": row.id} | where for row in rows if (where := _where(row.reading))]
        if found:
            connection.execute(
                sa.update(CASES).where(CASES.c.id == sa.bindparam("of"))
                .values(street=sa.bindparam("in_street"), district=sa.bindparam("in_district")),
                found,
            )  # fmt: skip
        last = rows[-1].id


def _where(reading: Any) -> dict[str, str | None]:
    kept = json.loads(reading) if isinstance(reading, str) else reading or {}
    places = kept.get("places") or []
    place = next((p for p in places if p.get("sure")), next(iter(places), None))
    return {"in_street": place.get("unit"), "in_district": place.get("district")} if place else {}
