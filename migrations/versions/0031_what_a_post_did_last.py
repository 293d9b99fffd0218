"""What a post did last is found by an index: the list 我经手的"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ROWS = sa.text("post_id IS NOT NULL")


def upgrade() -> None:
    _instead(["post_id", "id"])


def downgrade() -> None:
    _instead(["post_id"])


def _instead(columns: list[str]) -> None:
    op.drop_index("ix_events_post", table_name="events")
    op.create_index("ix_events_post", "events", columns, sqlite_where=ROWS, postgresql_where=ROWS)
