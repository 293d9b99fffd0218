"""Alembic's entry: always online, on the connection that bot.store.migrate opened."""

from alembic import context

from bot.models.registry import metadata
from bot.store.migrate import is_ours

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
