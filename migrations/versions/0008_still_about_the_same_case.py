"""What is added later is about the same case; what is over is erased when that was asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("erase_wanted_at", sa.DateTime(timezone=True), nullable=True))
    rows = sa.text("erase_wanted_at IS NOT NULL")
    op.create_index(
        "ix_cases_erase_wanted",
        "cases",
        ["erase_wanted_at"],
        sqlite_where=rows,
        postgresql_where=rows,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_erase_wanted", "cases")
    with op.batch_alter_table("cases") as batch:
        for name in ("erase_wanted_at", "spoken_at"):
            batch.drop_column(name)
