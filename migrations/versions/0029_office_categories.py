"""A category may be named anew and get other days for its answer"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_categories",
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_office_categories")),
    )
    op.execute(
        "INSERT INTO office_categories (category, sectors, name, saved_at)"
        " SELECT category, sectors, '', saved_at FROM office_sectors"
    )
    op.drop_table("office_sectors")


def downgrade() -> None:
    op.create_table(
        "office_sectors",
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_office_sectors")),
    )
    op.execute(
        "INSERT INTO office_sectors (category, sectors, saved_at)"
        " SELECT category, sectors, saved_at FROM office_categories"
    )
    op.drop_table("office_categories")
