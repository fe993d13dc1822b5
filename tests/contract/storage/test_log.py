"""The log on both databases: appended atomically, whole after a rollback, and every change is named."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import log, merkle
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.log import LogReport
from gatekeeper.ledger.merkle import EMPTY_ROOT, leaf_hash, root_by_inclusion
from gatekeeper.storage.database import Database
from tests.support.databases import new_sqlite

AT = datetime(2026, 3, 1, tzinfo=UTC)
ANOTHER = "SELECT hash FROM log_nodes WHERE position = 0"


def record(database: Database, count: int) -> None:
    with database.write() as connection:
        log.append(
            connection,
            [Event(EventType.GATE_FROZEN, AT, facts={"n": n}) for n in range(count)],
        )


def disarm(connection) -> None:
    """What an operator with the database's own rights can always do."""
    for table in ("events", "log_nodes"):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))
        else:
            connection.execute(text(f"DROP TRIGGER {table}_refuse_update"))
            connection.execute(text(f"DROP TRIGGER {table}_refuse_delete"))


def test_indices_count_on_from_what_is_recorded(database: Database):
    with database.write() as connection:
        assert log.append(connection, []) == []
        assert log.append(connection, [Event(EventType.GATE_FROZEN, AT)]) == [0]
        assert log.append(connection, [Event(EventType.GATE_THAWED, AT)] * 2) == [1, 2]
        assert log.size(connection) == 3
    report = log.verify(database)
    assert (report.size, report.ok, report.first_bad_index) == (3, True, None)


def test_a_rolled_back_change_leaves_no_event(database: Database):
    record(database, 2)
    before = log.verify(database)
    with pytest.raises(RuntimeError, match="half way"), database.write() as connection:
        log.append(connection, [Event(EventType.GATE_FROZEN, AT)])
        raise RuntimeError("half way")
    assert log.verify(database) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET body = body",
        "DELETE FROM events",
        "UPDATE log_nodes SET hash = hash",
        "DELETE FROM log_nodes",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_recorded(database: Database, change: str):
    record(database, 2)
    with pytest.raises(UnavailableError), database.write() as connection:
        connection.execute(text(change))
    assert log.verify(database).ok


@pytest.mark.parametrize(
    ("attack", "bad", "detail"),
    [
        (
            "UPDATE events SET body = replace(body, '\"n\":3', '\"n\":9') WHERE leaf = 3",
            3,
            "entry 3 does not match its leaf hash",
        ),
        (
            "UPDATE log_nodes SET hash = (SELECT hash FROM log_nodes WHERE position = 0) WHERE position = 7",
            4,
            "entry 4 does not match its leaf hash",
        ),
        ("DELETE FROM log_nodes WHERE position = 9", 5, "entry 5 does not match its leaf hash"),
        ("DELETE FROM events WHERE leaf = 2", 2, "entry 2 is missing"),
        ("DELETE FROM events WHERE leaf = 5", 5, "the head says 6 entries, the log has 5"),
        (
            "UPDATE events SET type = 'gate.thawed' WHERE leaf = 1",
            1,
            "entry 1 does not say that it is gate.thawed number 1",
        ),
        (
            "UPDATE events SET proposal_id = 'fsar_other' WHERE leaf = 1",
            1,
            "entry 1 is filed under another time or proposal than it says",
        ),
        (
            "UPDATE events SET at = '1999-01-01 00:00:00.000000+00:00' WHERE leaf = 4",
            4,
            "entry 4 is filed under another time or proposal than it says",
        ),
        ("UPDATE log_head SET size = 5", 5, "the head says 5 entries, the log has 6"),
        (
            "UPDATE log_head SET edge = (SELECT hash FROM log_nodes WHERE position = 0)",
            6,
            "the head does not match the entries",
        ),
        (
            "UPDATE events SET body = (SELECT body FROM events AS other WHERE other.leaf = 7 - events.leaf) "
            "WHERE leaf IN (3, 4)",
            3,
            "entry 3 does not say that it is gate.frozen number 3",
        ),
        ("DELETE FROM log_head", 0, "the log's head is missing"),
    ],
)
def test_a_rewritten_record_is_found_and_named(database: Database, attack: str, bad: int, detail: str):
    record(database, 6)
    with database.write() as connection:
        disarm(connection)
        connection.exec_driver_sql(attack)
    report = log.verify(database)
    assert (report.ok, report.first_bad_index) == (False, bad)
    assert report.detail.startswith(detail)


def test_an_empty_log_is_whole(database: Database):
    assert log.verify(database) == LogReport(size=0, root=EMPTY_ROOT, ok=True)


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 600])
def test_proofs_are_read_from_what_is_stored(database: Database, size: int):
    record(database, size)
    with database.read() as connection:
        read = partial(log.nodes, connection)
        assert log.root(connection) == (size, merkle.root(size, read))
        bodies = log.entries(connection, 0, size)
        for index in (0, size // 2, size - 1):
            proof = merkle.inclusion_proof(index, size, read)
            assert root_by_inclusion(leaf_hash(bodies[index]), index, size, proof) == log.root(connection)[1]


@pytest.mark.parametrize("at", ["garbage", "2026-03-01T00:00:00Z", ""])
def test_a_time_that_sqlite_keeps_as_text_has_one_spelling(tmp_path: Path, at: str):
    database = Database(new_sqlite(tmp_path / "gate.db"))
    record(database, 3)
    assert log.verify(database).ok
    with database.write() as connection:
        disarm(connection)
        connection.execute(text("UPDATE events SET at = :at WHERE leaf = 2"), {"at": at})
    report = log.verify(database)
    assert (report.ok, report.first_bad_index, report.detail) == (
        False,
        2,
        "entry 2 is filed under another time or proposal than it says",
    )
    with database.read() as connection:
        assert log.last_at(connection) == AT
    database.close()
