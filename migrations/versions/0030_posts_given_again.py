"""A post given again keeps the time it was held before"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ONCE, EACH_TIME = ["person_id", "unit_id", "role"], ["person_id", "unit_id", "role", "valid_from"]


def upgrade() -> None:
    with op.batch_alter_table("posts") as table:
        table.drop_constraint(op.f("uq_posts_person_id_unit_id_role"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_posts_person_id_unit_id_role_valid_from"), EACH_TIME
        )


def downgrade() -> None:
    op.execute(
        "DELETE FROM posts WHERE EXISTS (SELECT 1 FROM posts AS later"
        " WHERE later.person_id = posts.person_id AND later.unit_id = posts.unit_id"
        " AND later.role = posts.role AND later.id > posts.id)"
    )
    with op.batch_alter_table("posts") as table:
        table.drop_constraint(op.f("uq_posts_person_id_unit_id_role_valid_from"), type_="unique")
        table.create_unique_constraint(op.f("uq_posts_person_id_unit_id_role"), ONCE)
