"""What an event is about when it is about no case; what the office wrote over the product's own"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAMED = sa.text("about IS NOT NULL")


def upgrade() -> None:
    op.add_column("events", sa.Column("about", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_events_about", "events", ["about", "id"], sqlite_where=NAMED, postgresql_where=NAMED
    )
    op.create_table(
        "office_texts",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_office_texts")),
    )
    op.create_table(
        "office_sectors",
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_office_sectors")),
    )


def downgrade() -> None:
    op.drop_table("office_sectors")
    op.drop_table("office_texts")
    op.drop_index("ix_events_about", table_name="events")
    op.drop_column("events", "about")
