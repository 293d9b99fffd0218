"""Allowances, attempts hop by hop, receipts and consents"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
CONFIRM = sa.text("confirm_by IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "contacts", sa.Column("allowance_left", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("contacts", sa.Column("allowance_until", UTC, nullable=True))
    _open_for_whoever_wrote()
    op.add_column("outbox", sa.Column("confirm_by", UTC, nullable=True))
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_outbox_merged_into"), "outbox", ["merged_into"], ["id"])
    op.create_index("ix_outbox_message", "outbox", ["message_id"])
    op.create_index(
        "ix_outbox_confirm", "outbox", ["confirm_by"],
        sqlite_where=CONFIRM, postgresql_where=CONFIRM,
    )  # fmt: skip
    op.create_table(
        "delivery_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("hop", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_attempts_outbox_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
    )
    op.create_index(op.f("ix_delivery_attempts_outbox_id"), "delivery_attempts", ["outbox_id"])
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_receipts_contact_id")
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_receipts_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "contact_id", "message_id", name=op.f("uq_receipts_contact_id_message_id")
        ),
    )
    op.create_table(
        "consents",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_consents_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", "template_id", name=op.f("pk_consents")),
    )


def _open_for_whoever_wrote() -> None:
    """Who wrote within two days may still be written to; a refusal corrects what we assume."""
    two_days = (
        "datetime(last_message_at, '+48 hours')"
        if op.get_bind().dialect.name == "sqlite"
        else "last_message_at + interval '48 hours'"
    )
    op.execute(
        f"UPDATE contacts SET allowance_left = 5, allowance_until = {two_days}"  # noqa: S608
        " WHERE last_message_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("consents")
    op.drop_table("receipts")
    op.drop_table("delivery_attempts")
    op.drop_index("ix_outbox_confirm", table_name="outbox")
    op.drop_index("ix_outbox_message", table_name="outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("fk_outbox_merged_into"), type_="foreignkey")
        table.drop_column("merged_into")
        table.drop_column("confirm_by")
    op.drop_column("contacts", "allowance_until")
    op.drop_column("contacts", "allowance_left")
