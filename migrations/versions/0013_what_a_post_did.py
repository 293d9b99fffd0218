"""What a person did is found by their posts, not by reading all events"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rows = sa.text("post_id IS NOT NULL")
    op.create_index(
        "ix_events_post", "events", ["post_id"], sqlite_where=rows, postgresql_where=rows
    )


def downgrade() -> None:
    op.drop_index("ix_events_post", table_name="events")
