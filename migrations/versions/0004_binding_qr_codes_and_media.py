"""Binding by the phone's digits, QR codes, fetched media"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qr_codes",
        sa.Column("scene", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scene", "account", name=op.f("pk_qr_codes")),
    )
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("contacts") as batch:
        batch.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_contacts_invitation_id"), "invitations", ["invitation_id"], ["id"]
        )
    _add_media()


def _add_media() -> None:
    with op.batch_alter_table("attachments") as batch:
        batch.add_column(
            sa.Column("state", sa.String(length=20), nullable=False, server_default="none")
        )
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("mime", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("bytes", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(
            sa.Column("trouble", sa.String(length=200), nullable=False, server_default="")
        )
        batch.create_index(op.f("ix_attachments_sha256"), ["sha256"])
        batch.create_index("ix_attachments_due", ["state", "next_try_at"])
    # What came in the last three days can still be fetched; the platform has forgotten the rest.
    op.execute(
        "UPDATE attachments SET state = 'waiting', next_try_at = created_at"
        " WHERE media_id <> '' AND kind IN ('image', 'voice', 'video')"
    )


def downgrade() -> None:
    with op.batch_alter_table("attachments") as batch:
        batch.drop_index("ix_attachments_due")
        batch.drop_index(op.f("ix_attachments_sha256"))
        for name in (
            *("trouble", "fetched_at", "bytes", "mime"),
            *("sha256", "next_try_at", "attempts", "state"),
        ):
            batch.drop_column(name)
    with op.batch_alter_table("contacts") as batch:
        batch.drop_constraint(op.f("fk_contacts_invitation_id"), type_="foreignkey")
        batch.drop_column("invitation_id")
    with op.batch_alter_table("invitations") as batch:
        batch.drop_column("failures")
    op.drop_table("qr_codes")
