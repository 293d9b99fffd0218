"""联建共建: who stands by a station"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pairings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.unit_id"], name=op.f("fk_pairings_station_id_stations")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["units.id"], name=op.f("fk_pairings_partner_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint(
            "station_id", "partner_id", name=op.f("uq_pairings_station_id_partner_id")
        ),
    )
    op.create_index(op.f("ix_pairings_partner_id"), "pairings", ["partner_id"])


def downgrade() -> None:
    op.drop_table("pairings")
