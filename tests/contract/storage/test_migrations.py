"""Migrations on both databases: up, down, up again, and no difference to what the slices declare."""

import hashlib
import importlib
import json
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import gatekeeper
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
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


def test_permits_go_and_come_back_without_touching_the_rest(empty_database: Database):
    migration.upgrade(empty_database, "0003")
    before = table_names(empty_database)
    with empty_database.write() as connection:
        log.append(connection, [Event(EventType.GATE_FROZEN, datetime(2026, 3, 1, tzinfo=UTC))])
    recorded = log.verify(empty_database)
    migration.upgrade(empty_database, "0004")
    assert table_names(empty_database) == {*before, "permits", "permit_keys"}
    key = {"kid": "k", "public": "p", "created_at": "2026-03-01T00:00:00+00:00"}
    with empty_database.write() as connection:
        connection.execute(
            text("INSERT INTO permit_keys (kid, public, created_at) VALUES (:kid, :public, :created_at)"), key
        )
    migration.downgrade(empty_database, "0003")
    assert (table_names(empty_database), log.verify(empty_database)) == (before, recorded)
    migration.upgrade(empty_database)
    with empty_database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM permit_keys")).scalar_one() == 0


def test_a_chain_of_events_becomes_a_log_and_a_chain_again(empty_database: Database):
    migration.upgrade(empty_database, "0002")
    chain = "sha256:" + "0" * 64
    rows = []
    for leaf in range(2500):
        body = json.dumps({"index": leaf, "type": "gate.frozen"}, separators=(",", ":"))
        chain = "sha256:" + hashlib.sha256(f"{chain}\n{body}".encode()).hexdigest()
        rows.append(
            {
                "leaf": leaf,
                "type": "gate.frozen",
                "at": "2026-03-01T00:00:00+00:00",
                "body": body,
                "digest": chain,
            }
        )
    with empty_database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO events (leaf, type, at, body, digest) VALUES (:leaf, :type, :at, :body, :digest)"
            ),
            rows,
        )
        connection.execute(text("UPDATE chain_head SET size = 2500, digest = :digest"), {"digest": chain})
    migration.upgrade(empty_database)
    report = log.verify(empty_database)
    assert (report.ok, report.size, report.root) == (True, 2500, _root([row["body"] for row in rows]))
    migration.downgrade(empty_database, "0002")
    with empty_database.read() as connection:
        digests = connection.execute(text("SELECT digest FROM events ORDER BY leaf")).scalars().all()
        assert digests == [row["digest"] for row in rows]
        assert connection.execute(text("SELECT size, digest FROM chain_head")).one() == (2500, chain)


def _root(bodies: list[str]) -> bytes:
    """MTH of RFC 6962, 2.1, as it is written there."""
    if len(bodies) == 1:
        return hashlib.sha256(b"\x00" + bodies[0].encode()).digest()
    half = 1 << (len(bodies) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _root(bodies[:half]) + _root(bodies[half:])).digest()


def test_the_migrated_schema_is_the_declared_one(database: Database):
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
