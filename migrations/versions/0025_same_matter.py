"""Cases that may be of the same matter, and by what they are found"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_terms",
        sa.Column("term", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_terms_case_id")),
        sa.PrimaryKeyConstraint("term", "case_id", name=op.f("pk_case_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_terms_case", "case_terms", ["case_id"])
    op.create_table(
        "case_likenesses",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_likenesses_case_id")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["cases.id"], name=op.f("fk_case_likenesses_other_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_case_likenesses_post_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_likenesses")),
    )
    op.create_index("ix_case_likenesses_other", "case_likenesses", ["other_id"])
    op.create_table(
        "cases_to_compare",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_cases_to_compare_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases_to_compare")),
    )
    # Cases that are open today are compared by the job as if they were new.
    op.execute(
        "INSERT INTO cases_to_compare (case_id) SELECT t.case_id FROM case_tokens t "
        "JOIN cases c ON c.id = t.case_id WHERE c.closed_at IS NULL"
    )


def downgrade() -> None:
    op.drop_table("cases_to_compare")
    op.drop_table("case_likenesses")
    op.drop_table("case_terms")
