"""Migrations on both databases: up, down, up again, and no difference to what the slices declare."""

import importlib
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

import gatekeeper
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from gatekeeper.storage.schema import METADATA

for tables in Path(gatekeeper.__file__).parent.glob("*/tables.py"):
    importlib.import_module(f"gatekeeper.{tables.parent.name}.tables")


def table_names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_the_schema_goes_up_down_and_up_again(empty_database: Database):
    assert migration.current_revision(empty_database) is None
    migration.upgrade(empty_database)
    assert migration.current_revision(empty_database) == migration.latest_revision()
    assert table_names(empty_database) == {*METADATA.tables, "alembic_version"}
    migration.downgrade(empty_database, "base")
    assert table_names(empty_database) == {"alembic_version"}
    migration.upgrade(empty_database)
    migration.upgrade(empty_database)
    assert table_names(empty_database) == {*METADATA.tables, "alembic_version"}


def test_the_migrated_schema_is_the_declared_one(database: Database):
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
