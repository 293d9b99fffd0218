"""Corrections found by index, and who has a case on the screen"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CORRECTED = sa.text("kind = 'corrected'")


def upgrade() -> None:
    op.create_table(
        "case_looks",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_case_looks_account_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_looks_case_id")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_looks")),
    )
    op.create_index(
        "ix_events_corrected", "events", ["id"],
        sqlite_where=CORRECTED, postgresql_where=CORRECTED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_events_corrected", table_name="events")
    op.drop_table("case_looks")
