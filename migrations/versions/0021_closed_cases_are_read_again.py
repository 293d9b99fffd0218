"""Closed cases that are read again, and demands that two people call unreasonable"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WAITS = sa.text("review = 'wanted' OR unreasonable = 'said'")


def upgrade() -> None:
    op.add_column("cases", sa.Column("review", sa.String(length=10), nullable=True))
    op.add_column("cases", sa.Column("unreasonable", sa.String(length=10), nullable=True))
    op.create_index(
        "ix_cases_read_again", "cases", ["id"], sqlite_where=WAITS, postgresql_where=WAITS
    )


def downgrade() -> None:
    op.drop_index("ix_cases_read_again", table_name="cases")
    op.drop_column("cases", "unreasonable")
    op.drop_column("cases", "review")
