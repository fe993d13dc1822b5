"""Migrations on both databases: up, down, up again, and no difference to what the slices declare."""

import hashlib
import importlib
import json
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import gatekeeper
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database
from gatekeeper.storage.revision import SCRIPTS, current_revision, latest_revision
from gatekeeper.storage.schema import METADATA

for tables in Path(gatekeeper.__file__).parent.glob("*/tables.py"):
    importlib.import_module(f"gatekeeper.{tables.parent.name}.tables")


def table_names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_the_newest_script_by_name_is_the_head_that_alembic_finds():
    assert latest_revision() == ScriptDirectory(str(SCRIPTS)).get_current_head()


def test_the_schema_goes_up_down_and_up_again(empty_database: Database):
    assert current_revision(empty_database) is None
    migration.upgrade(empty_database)
    assert current_revision(empty_database) == latest_revision()
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


def fill(database: Database, table: str, **columns: object) -> None:
    """One row, by the columns that this schema has."""
    names = ", ".join(columns)
    with database.write() as connection:
        values = ", ".join(f":{name}" for name in columns)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), columns)


def a_spent_permit(database: Database, number: int, report: dict[str, object]) -> dict[str, object]:
    """What an execution refers to: a submitter, a revision with this report, and its permit."""
    at, digest = "2026-03-01T00:00:00+00:00", "sha256:" + "0" * 64
    proposal, permit = f"fsar_{number}", f"permit_{number}"
    revision = {"proposal_id": proposal, "revision": 1, "digest": digest}
    fill(database, "proposals", id=proposal, revision=1)
    fill(
        database,
        "revisions",
        **revision,
        report=json.dumps(report),
        submitted_by="prn_1",
        submitted_at=at,
        assessment="{}",
        severity=4,
        outcome="allow",
        reasons="[]",
        policy_revision=digest,
        policy_engine="embedded",
        decided_at=at,
        state="passed",
        verdict="pass",
        verdict_reasons="[]",
    )
    fill(
        database,
        "permits",
        id=permit,
        proposal_id=proposal,
        revision=1,
        statement="{}",
        executor_id="prn_1",
        issued_by="prn_1",
        issued_at=at,
        not_before=at,
        expires_at=at,
        policy_revision=digest,
        approvals="[]",
        freeze_seen=0,
        kid="k",
        leaf=0,
        state="consumed",
    )
    task = revision | {"permit_id": permit, "executor_id": "prn_1", "opened_at": at, "deadline_at": at}
    return task | {"claimed_severity": 4, "assessed_severity": 6, "p_fail": 0.5, "state": "open"}


def executions(database: Database) -> list[dict[str, object]]:
    with database.read() as connection:
        rows = connection.execute(text("SELECT * FROM execution_tasks ORDER BY id")).mappings().all()
    shown = ("id", "permit_id", "claimed_severity", "assessed_severity", "p_fail", "state", "ai_model")
    return [{name: row[name] for name in shown if name in row} for row in rows]


def test_executions_get_their_model_lose_it_and_get_it_again(empty_database: Database):
    migration.upgrade(empty_database, "0004")
    before = table_names(empty_database)
    person = {"id": "prn_1", "name": "bot", "roles": "submitter", "person": "bot"}
    fill(empty_database, "principals", **person, created_at="2026-03-01T00:00:00+00:00")
    named = a_spent_permit(empty_database, 1, {"ai_model": "model-1"})
    unnamed = a_spent_permit(empty_database, 2, {})
    migration.upgrade(empty_database, "0005")
    fill(empty_database, "execution_tasks", id="exec_1", **named)
    fill(empty_database, "execution_tasks", id="exec_2", **unnamed)
    at = {"at": "2026-03-01T00:00:00+00:00", "leaf": 3}
    told = {"execution_id": "exec_1", "number": 1, "outcome": "started", "evidence": "[]"}
    fill(empty_database, "execution_outcomes", **told, reported_by="prn_1", **at)
    without = executions(empty_database)
    severities = {"claimed_severity": 4, "assessed_severity": 6, "p_fail": 0.5, "state": "open"}
    assert without == [{"id": f"exec_{n}", "permit_id": f"permit_{n}"} | severities for n in (1, 2)]
    for _ in range(2):
        migration.upgrade(empty_database)
        assert [row["ai_model"] for row in executions(empty_database)] == ["model-1", None]
        migration.downgrade(empty_database, "0005")
        assert executions(empty_database) == without
    with empty_database.read() as connection:
        kept = connection.execute(text("SELECT outcome, leaf FROM execution_outcomes")).one()
    assert kept == ("started", 3)
    migration.downgrade(empty_database, "0004")
    assert table_names(empty_database) == before


def test_a_chain_of_events_becomes_a_log_and_a_chain_again(empty_database: Database):
    migration.upgrade(empty_database, "0002")
    chain = "sha256:" + "0" * 64
    rows = []
    for leaf in range(2500):
        body = json.dumps(
            {"at": "2026-03-01T00:00:00.000000Z", "index": leaf, "type": "gate.frozen"}, separators=(",", ":")
        )
        chain = "sha256:" + hashlib.sha256(f"{chain}\n{body}".encode()).hexdigest()
        rows.append(
            {
                "leaf": leaf,
                "type": "gate.frozen",
                "at": "2026-03-01T00:00:00.000000+00:00",
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
