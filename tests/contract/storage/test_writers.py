"""Many writers, real processes: no update is lost and the chain has no gap."""

import multiprocessing
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.proposals.tables import proposals
from gatekeeper.storage.database import Database

WRITERS, WRITES = 4, 50


def count_up(url: str) -> None:
    database = Database(url)
    for _ in range(WRITES):
        with database.write() as connection:
            revision = connection.execute(select(proposals.c.revision)).scalar_one()
            connection.execute(update(proposals).values(revision=revision + 1))
            log.append(connection, [Event(EventType.GATE_FROZEN, datetime(2026, 1, 1, tzinfo=UTC))])
    database.close()


def test_read_then_write_loses_no_update_between_processes(database: Database, database_url: str):
    with database.write() as connection:
        connection.execute(insert(proposals).values(id="counter", revision=0))
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=count_up, args=(database_url,)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with database.read() as connection:
        assert connection.execute(select(proposals.c.revision)).scalar_one() == WRITERS * WRITES
    report = log.verify(database)
    assert (report.ok, report.size) == (True, WRITERS * WRITES)
