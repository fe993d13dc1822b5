"""Bring a database's schema up or down, all or nothing, under the writer's lock so that two starts do not race."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from gatekeeper.storage.database import Database
from gatekeeper.storage.revision import SCRIPTS


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up to `revision`; nothing happens when the schema is there already."""
    with database.write() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Migrate down to `revision` (`base` for an empty database). Loses what the newer schema held."""
    with database.write() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
