"""What the watch and the published promises read: moves of the lead, ticks, due times, lateness"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DUE = sa.text("due_at IS NOT NULL")
OF_CLOCK = sa.text("clock_id IS NOT NULL")


def upgrade() -> None:
    _make_tables()
    op.add_column("events", sa.Column("clock_id", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    # Rungs recorded before belong to the last clock of their kind that had started by then. When
    # they were due is not known any more, so they count for no lateness.
    op.execute(
        "UPDATE events SET clock_id = (SELECT max(c.id) FROM clocks c"
        " WHERE c.subject_kind = 'case' AND c.subject_id = events.case_id"
        " AND c.kind = events.data ->> 'clock' AND c.started_at <= events.at)"
        " WHERE kind = 'rung'"
    )
    for name, table, column, where in (
        ("ix_events_due", "events", "at", DUE),
        ("ix_events_clock", "events", "clock_id", OF_CLOCK),
        ("ix_outbox_promised", "outbox", "sent_at", DUE),
    ):
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def _make_tables() -> None:
    op.create_table(
        "lease_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease_moves")),
    )
    op.create_index("ix_lease_moves_name", "lease_moves", ["name", "at"])
    op.create_table(
        "job_ticks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("every", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("did", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_ticks")),
    )
    op.create_table(
        "lateness_hours",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "measure", "bin", name=op.f("pk_lateness_hours")),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_promised", table_name="outbox")
    op.drop_index("ix_events_clock", table_name="events")
    op.drop_index("ix_events_due", table_name="events")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("due_at")
    with op.batch_alter_table("events") as batch:
        batch.drop_column("due_at")
        batch.drop_column("clock_id")
    for table in ("lateness_hours", "job_ticks", "lease_moves"):
        op.drop_table(table)
