"""Which schema a database has, and which this program needs, read without Alembic, which is slow to import.

Owns the reading alone; `migration.py` changes schemas.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import column, inspect, select, table

from gatekeeper.storage.database import Database

SCRIPTS = Path(__file__).parent / "migrations"
_VERSIONS = table("alembic_version", column("version_num"))


def latest_revision() -> str:
    """The newest schema revision this program knows: its scripts are named by number, one after the other."""
    return max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    """The schema revision of a database, None when it has none. Raises UnavailableError."""
    with database.read() as connection:
        if not inspect(connection).has_table(_VERSIONS.name):
            return None
        return connection.execute(select(_VERSIONS.c.version_num)).scalar_one_or_none()
