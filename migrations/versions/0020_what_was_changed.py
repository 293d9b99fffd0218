"""What an event is about when it is about no case: the past of a station, a person, a ladder"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

NAMED = sa.text("about IS NOT NULL")


def upgrade() -> None:
    op.add_column("events", sa.Column("about", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_events_about", "events", ["about", "id"], sqlite_where=NAMED, postgresql_where=NAMED
    )


def downgrade() -> None:
    op.drop_index("ix_events_about", table_name="events")
    op.drop_column("events", "about")
