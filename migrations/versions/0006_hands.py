"""Requests for a hold, assignment before acceptance"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("hold_wanted_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("hold_wanted_until", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column(
                "hold_wanted_reason", sa.String(length=300), nullable=False, server_default=""
            )
        )
        batch.add_column(sa.Column("assigned_post_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_cases_assigned_post_id"), "posts", ["assigned_post_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("fk_cases_assigned_post_id"), type_="foreignkey")
        batch.drop_column("assigned_post_id")
        batch.drop_column("hold_wanted_reason")
        batch.drop_column("hold_wanted_until")
        batch.drop_column("hold_wanted_at")
