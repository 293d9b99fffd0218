"""The list of common questions, and who was answered from it"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "common_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("street", sa.String(length=60), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_questions")),
        sa.UniqueConstraint("code", name=op.f("uq_common_questions_code")),
    )
    op.create_table(
        "inquiries",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiries_case_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["common_questions.id"], name=op.f("fk_inquiries_question_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_inquiries")),
    )
    op.create_index("ix_inquiries_at", "inquiries", ["at"])
    op.create_index(
        "ix_inquiries_question",
        "inquiries",
        ["question_id", "said"],
        sqlite_where=sa.text("question_id IS NOT NULL"),
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("inquiries")
    op.drop_table("common_questions")
