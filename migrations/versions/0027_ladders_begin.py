"""A ladder of the office may begin on a later day"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("office_ladders", "office_ladders_before")
    op.create_table(
        "office_ladders",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", "begins_at", name=op.f("pk_office_ladders_begin")),
    )
    op.execute(
        "INSERT INTO office_ladders (name, begins_at, rungs)"
        " SELECT name, saved_at, rungs FROM office_ladders_before"
    )
    op.drop_table("office_ladders_before")


def downgrade() -> None:
    op.rename_table("office_ladders", "office_ladders_after")
    op.create_table(
        "office_ladders",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_office_ladders_back")),
    )
    op.execute(
        "INSERT INTO office_ladders (name, rungs, saved_at)"
        " SELECT name, rungs, begins_at FROM office_ladders_after AS one WHERE begins_at ="
        " (SELECT MIN(begins_at) FROM office_ladders_after AS other WHERE other.name = one.name)"
    )
    op.drop_table("office_ladders_after")
