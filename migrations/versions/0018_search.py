"""Search: the tokens of each case, and on each database the index that finds them"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQLITE = (
    # Only whether and where a token is: no positions, no lengths. The text lies in case_tokens.
    """CREATE VIRTUAL TABLE case_tokens_index USING fts5(
        words, phones, content='case_tokens', content_rowid='case_id', detail=none, columnsize=0,
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER case_tokens_added AFTER INSERT ON case_tokens BEGIN
        INSERT INTO case_tokens_index(rowid, words, phones)
        VALUES (new.case_id, new.words, new.phones); END""",
    """CREATE TRIGGER case_tokens_gone AFTER DELETE ON case_tokens BEGIN
        INSERT INTO case_tokens_index(case_tokens_index, rowid, words, phones)
        VALUES ('delete', old.case_id, old.words, old.phones); END""",
    """CREATE TRIGGER case_tokens_changed AFTER UPDATE ON case_tokens BEGIN
        INSERT INTO case_tokens_index(case_tokens_index, rowid, words, phones)
        VALUES ('delete', old.case_id, old.words, old.phones);
        INSERT INTO case_tokens_index(rowid, words, phones)
        VALUES (new.case_id, new.words, new.phones); END""",
)
POSTGRESQL = (
    # Our own tokens as they are: no parser, no dictionary, no locale.
    """ALTER TABLE case_tokens ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(
        array_remove(string_to_array(words || ' ' || phones, ' '), ''))) STORED""",
    "CREATE INDEX ix_case_tokens_vector ON case_tokens USING gin (vector)",
)


def upgrade() -> None:
    op.create_table(
        "case_tokens",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tokens_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_tokens")),
    )
    op.create_index("ix_case_stations_unit", "case_stations", ["unit_id", "case_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE case_tokens_index")
    op.drop_table("case_tokens")
    op.drop_index("ix_case_stations_unit", table_name="case_stations")
    op.execute("DELETE FROM counters WHERE name IN ('search', 'search_erased')")
