"""Runs migrations over the one connection it is handed; has no settings of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
context.run_migrations()
