"""Filters of the search that somebody keeps under a name"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_own_filters_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_filters")),
        sa.UniqueConstraint("account_id", "name", name="uq_own_filters_name"),
    )


def downgrade() -> None:
    op.drop_table("own_filters")
