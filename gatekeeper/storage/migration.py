"""Bring a database's schema up or down, all or nothing, under the writer's lock so that two starts do not race."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gatekeeper.storage.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up to `revision`; nothing happens when the schema is there already."""
    with database.write() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Migrate down to `revision` (`base` for an empty database). Loses what the newer schema held."""
    with database.write() as connection:
        command.downgrade(_config(connection), revision)


def latest_revision() -> str | None:
    """The newest schema revision this program knows."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def current_revision(database: Database) -> str | None:
    """The schema revision of a database, None when it has none."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
