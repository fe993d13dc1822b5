"""A writer that stands still with the writer's lock in its hand, as a stopped process does, keeps nobody for long."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, text

from gatekeeper.errors import UnavailableError
from gatekeeper.proposals.tables import proposals
from gatekeeper.storage import migration
from gatekeeper.storage.database import Database


def test_the_server_ends_it_and_whoever_waits_goes_on(postgres_url: str):
    standing_still, other = Database(postgres_url, idle_seconds=0.2), Database(postgres_url)
    migration.upgrade(other)
    with pytest.raises(UnavailableError) as lost, standing_still.write() as connection:
        connection.execute(insert(proposals).values(id="lost", revision=0))
        with other.write() as waiting:
            waiting.execute(insert(proposals).values(id="kept", revision=0))
    assert lost.value.code == "database_unavailable"
    with standing_still.read() as connection:
        assert connection.execute(select(proposals.c.id)).scalars().all() == ["kept"]
    for database in (standing_still, other):
        database.close()


def test_a_reader_that_stands_still_is_ended_too(postgres_url: str):
    standing_still, other = Database(postgres_url, idle_seconds=0.2), Database(postgres_url)
    migration.upgrade(other)
    with pytest.raises(UnavailableError) as lost, standing_still.read() as connection:
        connection.execute(select(proposals.c.id))
        with other.write() as waiting:
            waiting.execute(text("LOCK TABLE proposals IN ACCESS EXCLUSIVE MODE"))
        connection.execute(select(proposals.c.id))
    assert lost.value.code == "database_unavailable"
    for database in (standing_still, other):
        database.close()


def test_it_is_ended_before_those_who_wait_give_up(postgres_url: str):
    database = Database(postgres_url)
    names = ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")
    with database.read() as connection:
        limits = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert limits == ["10s", "15s", "30s"]
    database.close()
