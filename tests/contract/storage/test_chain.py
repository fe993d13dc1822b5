"""The event chain on both databases: appended atomically, whole after a rollback, and every change is named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger import chain
from gatekeeper.ledger.chain import ChainReport
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.storage.database import Database

AT = datetime(2026, 3, 1, tzinfo=UTC)


def record(database: Database, count: int) -> None:
    with database.write() as connection:
        chain.append(
            connection,
            [Event(EventType.GATE_FROZEN, AT, facts={"n": n}) for n in range(count)],
        )


def disarm(connection) -> None:
    """What an operator with the database's own rights can always do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP TRIGGER events_append_only ON events"))
    else:
        connection.execute(text("DROP TRIGGER events_refuse_update"))
        connection.execute(text("DROP TRIGGER events_refuse_delete"))


def test_indices_count_on_from_what_is_recorded(database: Database):
    with database.write() as connection:
        assert chain.append(connection, []) == []
        assert chain.append(connection, [Event(EventType.GATE_FROZEN, AT)]) == [0]
        assert chain.append(connection, [Event(EventType.GATE_THAWED, AT)] * 2) == [1, 2]
        assert chain.size(connection) == 3
    report = chain.verify(database)
    assert (report.size, report.ok, report.first_bad_index) == (3, True, None)


def test_a_rolled_back_change_leaves_no_event(database: Database):
    record(database, 2)
    before = chain.verify(database)
    with pytest.raises(RuntimeError, match="half way"), database.write() as connection:
        chain.append(connection, [Event(EventType.GATE_FROZEN, AT)])
        raise RuntimeError("half way")
    assert chain.verify(database) == before


@pytest.mark.parametrize("change", ["UPDATE events SET body = body", "DELETE FROM events"])
def test_the_database_itself_refuses_to_change_events(database: Database, change: str):
    record(database, 2)
    with pytest.raises(UnavailableError), database.write() as connection:
        connection.execute(text(change))
    assert chain.verify(database).ok


@pytest.mark.parametrize(
    ("attack", "bad", "detail"),
    [
        (
            "UPDATE events SET body = replace(body, '\"n\":3', '\"n\":9') WHERE leaf = 3",
            3,
            "event 3 does not match",
        ),
        ("UPDATE events SET digest = 'sha256:0' WHERE leaf = 4", 4, "event 4 does not match its digest"),
        ("DELETE FROM events WHERE leaf = 2", 2, "event 2 is missing"),
        ("DELETE FROM events WHERE leaf = 5", 5, "the head says 6 events, the chain has 5"),
        (
            "UPDATE events SET type = 'gate.thawed' WHERE leaf = 1",
            1,
            "event 1 says it is gate.frozen number 1",
        ),
        ("UPDATE chain_head SET size = 5", 5, "the head says 5 events, the chain has 6"),
        ("DELETE FROM chain_head", 0, "the chain's head row is missing"),
    ],
)
def test_a_rewritten_record_is_found_and_named(database: Database, attack: str, bad: int, detail: str):
    record(database, 6)
    with database.write() as connection:
        disarm(connection)
        connection.exec_driver_sql(attack)
    report = chain.verify(database)
    assert (report.ok, report.first_bad_index) == (False, bad)
    assert report.detail.startswith(detail)


def test_an_empty_chain_is_whole(database: Database):
    assert chain.verify(database) == ChainReport(size=0, head="sha256:" + "0" * 64, ok=True)
