"""Members act: outcomes, holds, extensions, assisting parts, questions in a person's words"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_outcomes_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_case_outcomes_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_outcomes")),
    )
    op.create_index(op.f("ix_case_outcomes_case_id"), "case_outcomes", ["case_id"])
    with op.batch_alter_table("cases") as table:
        table.add_column(
            sa.Column("held_reason", sa.String(length=300), nullable=False, server_default="")
        )
        table.add_column(sa.Column("review_date", sa.Date(), nullable=True))
        table.add_column(sa.Column("extension", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("extension_days", sa.Integer(), nullable=True))
        table.add_column(sa.Column("opened_by_post_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_cases_opened_by_post_id"), "posts", ["opened_by_post_id"], ["id"]
        )
    with op.batch_alter_table("case_stations") as table:
        table.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("post_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("answer", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_case_stations_post_id"), "posts", ["post_id"], ["id"])
    with op.batch_alter_table("questions") as table:
        table.add_column(
            sa.Column("text", sa.String(length=300), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("questions") as table:
        table.drop_column("text")
    with op.batch_alter_table("case_stations") as table:
        table.drop_constraint(op.f("fk_case_stations_post_id"), type_="foreignkey")
        for name in ("answered_at", "answer", "post_id", "invited_at"):
            table.drop_column(name)
    with op.batch_alter_table("cases") as table:
        table.drop_constraint(op.f("fk_cases_opened_by_post_id"), type_="foreignkey")
        for name in (
            *("opened_by_post_id", "extension_days", "extension"),
            *("review_date", "held_reason"),
        ):
            table.drop_column(name)
    op.drop_index(op.f("ix_case_outcomes_case_id"), table_name="case_outcomes")
    op.drop_table("case_outcomes")
