"""四周后: whether what was solved has held"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("lasting", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("lasting_asked_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns in (
        ("ix_cases_may_last", ["ending", "lasting", "closed_at"]),
        ("ix_cases_asked_lasting", ["lasting", "lasting_asked_at"]),
    ):
        rows = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(name, "cases", columns, sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    op.drop_index("ix_cases_asked_lasting", "cases")
    op.drop_index("ix_cases_may_last", "cases")
    with op.batch_alter_table("cases") as batch:
        for name in ("lasting_asked_at", "lasting"):
            batch.drop_column(name)
