"""The queue of the engine at scale: procrastinate's own tables, on PostgreSQL only"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DROP = """
DO $$
DECLARE thing record;
BEGIN
    FOR thing IN SELECT format('DROP TABLE IF EXISTS %I CASCADE', tablename) AS words
        FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
    LOOP EXECUTE thing.words; END LOOP;
    FOR thing IN SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) AS words
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND proname LIKE 'procrastinate\\_%'
    LOOP EXECUTE thing.words; END LOOP;
    FOR thing IN SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) AS words
        FROM pg_type WHERE typnamespace = current_schema()::regnamespace
        AND typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c')
    LOOP EXECUTE thing.words; END LOOP;
END $$
"""


def upgrade() -> None:
    # The schema as the pinned version has it. A version that changes it needs a migration of its
    # own; a test holds the name of the last change that is in here.
    _on_postgres(SchemaManager.get_schema())


def downgrade() -> None:
    _on_postgres(_DROP)


def _on_postgres(words: str) -> None:
    bind = op.get_bind()
    driver = bind.connection.driver_connection
    if bind.dialect.name == "postgresql" and driver is not None:
        driver.execute(words)  # without parameters: % is a plain sign
