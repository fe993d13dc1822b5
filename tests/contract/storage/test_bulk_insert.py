"""Many rows are stored as they would be one by one, and either all of them are or none."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.tables import events, log_nodes
from gatekeeper.storage.bulk_insert import insert_rows
from gatekeeper.storage.database import Database

AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
ODD_TEXTS = ("", "\\N", "\\.", "a\tb", "a\nb\r\n", "a\\b", "quotes \" and ' ", "é 漢 🦉", "NULL")
ROWS = [
    {
        "leaf": number,
        "type": "gate.frozen",
        "at": AT + timedelta(seconds=number),
        "proposal_id": None if number % 3 else f"fsar_{number}",
        "body": ODD_TEXTS[number % len(ODD_TEXTS)],
    }
    for number in range(1000)
]
NODES = [{"position": number, "hash": bytes([number % 256]) * 32} for number in range(600)]


@pytest.mark.parametrize("count", [1, 15, 16, 1000])
def test_rows_are_stored_as_they_are(database: Database, count: int):
    rows = ROWS[:count]
    with database.write() as connection:
        insert_rows(connection, events, rows)
    with database.read() as connection:
        stored = [dict(row) for row in connection.execute(select(events).order_by(events.c.leaf)).mappings()]
    assert stored == [{**row, "at": row["at"].astimezone(UTC)} for row in rows]


def test_bytes_are_stored_as_they_are(database: Database):
    with database.write() as connection:
        insert_rows(connection, log_nodes, NODES)
    with database.read() as connection:
        stored = connection.execute(select(log_nodes).order_by(log_nodes.c.position)).all()
    assert [{"position": position, "hash": bytes(value)} for position, value in stored] == NODES


def test_of_rows_one_of_which_is_there_none_is_stored(database: Database):
    with database.write() as connection:
        connection.execute(insert(log_nodes), NODES[-1])
    with pytest.raises(UnavailableError) as refused, database.write() as connection:
        insert_rows(connection, log_nodes, NODES)
    assert isinstance(refused.value.__cause__, IntegrityError)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(log_nodes)).scalar_one() == 1


def test_a_moment_without_a_time_zone_is_refused(database: Database):
    rows = [*ROWS[:20], {**ROWS[20], "at": AT.replace(tzinfo=None)}]
    with pytest.raises(Exception, match="time zone"), database.write() as connection:
        insert_rows(connection, events, rows)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(events)).scalar_one() == 0
