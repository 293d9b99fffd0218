"""The office's ladders; days of progress; supervision, co-owners; drills; who is about"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_ladders",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_office_ladders")),
    )
    op.create_table(
        "drills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_post_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_post_id"], ["posts.id"], name=op.f("fk_drills_acknowledged_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )
    op.create_table(
        "station_looks",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_station_looks_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_station_looks")),
    )
    op.add_column("contacts", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("progress_date", sa.Date(), nullable=True))
        table.add_column(sa.Column("supervised_post_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("co_owner_post_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_cases_co_owner_post_id"), "posts", ["co_owner_post_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_cases_supervised_post_id"), "posts", ["supervised_post_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.drop_constraint(op.f("fk_cases_co_owner_post_id"), type_="foreignkey")
        table.drop_column("co_owner_post_id")
        table.drop_constraint(op.f("fk_cases_supervised_post_id"), type_="foreignkey")
        table.drop_column("supervised_post_id")
        table.drop_column("progress_date")
    with op.batch_alter_table("contacts") as table:
        table.drop_column("seen_at")
    op.drop_table("station_looks")
    op.execute("DELETE FROM clocks WHERE subject_kind = 'drill'")
    op.drop_table("drills")
    op.drop_table("office_ladders")
