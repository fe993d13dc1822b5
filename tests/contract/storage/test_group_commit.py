"""Group commit on both databases: threads share a transaction, and yet each has an answer and a failure of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import DBAPIError

from gatekeeper.errors import ConflictError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.proposals.tables import proposals
from gatekeeper.storage.database import Database
from gatekeeper.storage.group_commit import GroupCommit
from tests.support.ports import wait_until

AT = datetime(2026, 1, 1, tzinfo=UTC)
LEAF = Event(EventType.GATE_FROZEN, AT)


def ids(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(proposals.c.id).order_by(proposals.c.id)).scalars())


def recorded(proposal_id: str) -> Callable[[Connection], int]:
    """Work that writes a row and a leaf, and answers with the leaf's index."""

    def work(connection: Connection) -> int:
        connection.execute(insert(proposals).values(id=proposal_id, revision=1))
        return log.append(connection, [LEAF])[0]

    return work


def refused(proposal_id: str, error: Exception) -> Callable[[Connection], int]:
    """Work that writes, and then raises."""

    def work(connection: Connection) -> int:
        recorded(proposal_id)(connection)
        raise error

    return work


def at_the_same_moment(
    database: Database, works: list[Callable[[Connection], int]]
) -> tuple[list[Future[int]], int]:
    """Have all these works wait for a turn before anybody commits; their futures, and how many commits there were."""
    group, opened, go_on = GroupCommit(database), threading.Event(), threading.Event()

    def hold(connection: Connection) -> int:
        opened.set()
        assert go_on.wait(30)
        return 0

    commits: list[Connection] = []

    def count(connection: Connection) -> None:
        commits.append(connection)

    event.listen(database.engine, "commit", count)
    with ThreadPoolExecutor(len(works) + 1) as threads:
        first = threads.submit(group.run, hold)
        assert opened.wait(30)
        futures = []
        for number, work in enumerate(works, 1):
            futures.append(threads.submit(group.run, work))
            wait_until(lambda number=number: len(group._waiting) == number, 30, "it does not wait its turn")
        go_on.set()
    event.remove(database.engine, "commit", count)
    assert first.result() == 0
    return futures, len(commits) - 1


def test_what_waits_is_committed_at_once_and_each_has_its_own_answer(database: Database):
    futures, commits = at_the_same_moment(database, [recorded(f"p{number}") for number in range(8)])
    assert [future.result() for future in futures] == list(range(8))
    assert commits == 1
    assert ids(database) == [f"p{number}" for number in range(8)]
    assert log.verify(database).ok


def test_work_that_raises_is_undone_alone(database: Database):
    conflict = ConflictError("The state forbids it.", code="conflict")
    works = [recorded("p0"), refused("p1", conflict), recorded("p2"), refused("p3", ValueError("a fault"))]
    futures, commits = at_the_same_moment(database, works)
    assert [futures[0].result(), futures[2].result(), commits] == [0, 1, 1]
    assert futures[1].exception() is conflict
    assert repr(futures[3].exception()) == "ValueError('a fault')"
    assert ids(database) == ["p0", "p2"]
    report = log.verify(database)
    assert (report.ok, report.size) == (True, 2)


def doubled(database: Database, *, swallowed: bool) -> Callable[[Connection], int]:
    """Work that the database refuses. SQLite then undoes the whole transaction, as it does when its disk is full."""
    verb = "INSERT OR ROLLBACK INTO" if database.is_sqlite else "INSERT INTO"

    def work(connection: Connection) -> int:
        try:
            connection.execute(text(f"{verb} proposals (id, revision) VALUES ('p0', 1)"))
        except DBAPIError:
            if not swallowed:
                raise
        return 0

    return work


@pytest.mark.parametrize("swallowed", [False, True])
def test_when_the_database_refuses_anything_nobody_has_an_answer_and_nothing_is_there(
    database: Database, swallowed: bool
):
    works = [recorded("p0"), doubled(database, swallowed=swallowed), recorded("p2")]
    futures, _ = at_the_same_moment(database, works)
    errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [UnavailableError] * 3
    assert [error.code for error in errors if isinstance(error, UnavailableError)] == [
        "database_unavailable"
    ] * 3
    assert ids(database) == []
    assert log.verify(database).size == 0


def test_a_transaction_that_sqlite_ended_by_itself_is_not_called_done(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'ended.db'}")
    with pytest.raises(UnavailableError), database.write() as connection:
        connection.exec_driver_sql("ROLLBACK")
    database.close()


def test_when_the_commit_fails_nobody_has_an_answer_and_nothing_is_there(database: Database):
    def fail(_connection: Connection) -> None:
        raise OSError("the disk is full")

    def works() -> list[Callable[[Connection], int]]:
        def last(connection: Connection) -> int:
            event.listen(database.engine, "commit", fail)
            return recorded("p1")(connection)

        return [recorded("p0"), last]

    futures, _ = at_the_same_moment(database, works())
    event.remove(database.engine, "commit", fail)
    errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [UnavailableError, UnavailableError]
    assert errors[0] is not errors[1]
    assert [repr(error.__cause__) for error in errors if error] == ["OSError('the disk is full')"] * 2
    assert ids(database) == []
    assert log.verify(database).size == 0


def test_alone_it_is_a_transaction_like_any_other(database: Database):
    group = GroupCommit(database)
    assert group.run(recorded("p0")) == 0
    with pytest.raises(KeyError):
        group.run(refused("p1", KeyError("none")))
    assert group.run(recorded("p2")) == 1
    assert ids(database) == ["p0", "p2"]


def test_many_threads_lose_nothing(database: Database):
    group = GroupCommit(database)
    with ThreadPoolExecutor(16) as threads:
        leaves = list(threads.map(group.run, [recorded(f"p{number:03}") for number in range(200)]))
    assert sorted(leaves) == list(range(200))
    assert ids(database) == [f"p{number:03}" for number in range(200)]
    assert log.verify(database).ok
