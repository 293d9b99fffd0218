"""请假: who is away, who stands in, and under whose post a stand-in acted"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_post_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_post_id", sa.Integer(), nullable=True),
        sa.Column("carrier_post_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        *(
            sa.ForeignKeyConstraint([column], ["posts.id"], name=op.f(f"fk_absences_{column}"))
            for column in ("post_id", "stand_in_post_id", "entered_by_post_id", "carrier_post_id")
        ),
    )
    op.create_index(op.f("ix_absences_post_id"), "absences", ["post_id"])
    op.create_index(
        "uq_absences_open",
        "absences",
        ["post_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("events", sa.Column("for_post_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("events") as batch:
        batch.drop_column("for_post_id")
    op.drop_table("absences")
