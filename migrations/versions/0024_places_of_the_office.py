"""Names of places that no list knows, and what the office made of them"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_places",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("same_as", sa.String(length=60), nullable=False),
        sa.Column("street", sa.String(length=60), nullable=True),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_office_places")),
    )
    op.create_table(
        "place_mentions",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_place_mentions_case_id")),
        sa.PrimaryKeyConstraint("name", "case_id", name=op.f("pk_place_mentions")),
    )
    op.create_index("ix_place_mentions_case_id", "place_mentions", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_place_mentions_case_id", table_name="place_mentions")
    op.drop_table("place_mentions")
    op.drop_table("office_places")
