"""The office's own days off and on, on top of the public calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plan", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_office_days")),
    )


def downgrade() -> None:
    op.drop_table("office_days")
