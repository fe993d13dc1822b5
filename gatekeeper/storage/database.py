"""One door to the database: read transactions, and write transactions that run one at a time.

Owns connection settings and locking for SQLite and PostgreSQL. A write transaction holds the single writer's lock
from its first statement (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock), so what it reads cannot change under
it. Every failure of the database leaves here as UnavailableError: nothing was recorded, nothing may be allowed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gatekeeper.errors import UnavailableError

BUSY_SECONDS = 15
IDLE_SECONDS = 10.0  # less than others wait for the writer's lock, so that they get it
_WRITER_LOCK = 0x6761746B  # any constant: all gates on one PostgreSQL database share it
_POSTGRES_OPTIONS = f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout=30s -c synchronous_commit=on"
_POSTGRES_IDLE = "-c idle_in_transaction_session_timeout={:.0f}ms"


class Database:
    """A SQLite or PostgreSQL database. Safe to share between threads.

    PostgreSQL ends a transaction in which nothing was asked for `idle_seconds`: its process has stopped, perhaps with
    the writer's lock. SQLite has nobody who could.
    """

    def __init__(self, url: str, idle_seconds: float = IDLE_SECONDS) -> None:
        is_postgres = url.startswith("postgresql")
        self.engine = _postgres_engine(url, idle_seconds) if is_postgres else _sqlite_engine(url)
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and writes nothing."""
        with _unavailable_on_failure(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one write transaction at this moment; commits at the end of the block, rolls back on any exception."""
        with self._queued(), _unavailable_on_failure(), self.engine.connect() as connection:
            connection = connection.execution_options(gatekeeper_write=True)
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
                yield connection
                require_open(connection)

    @contextmanager
    def _queued(self) -> Iterator[None]:
        """The writers of one process queue up here, not in the database: there SQLite has each try again and again, and
        PostgreSQL keeps a connection busy for each.
        """
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise _unavailable()
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def require_open(connection: Connection) -> None:
    """Raise UnavailableError when SQLite has ended a write transaction by itself: what follows commits in silence."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and not (driver and driver.in_transaction):
        raise _unavailable()


@contextmanager
def _unavailable_on_failure() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        raise _unavailable() from error


def _unavailable() -> UnavailableError:
    return UnavailableError(
        "The database did not answer as it must; nothing was recorded. Try again.",
        code="database_unavailable",
    )


def _postgres_engine(url: str, idle_seconds: float) -> Engine:
    options = f"{_POSTGRES_OPTIONS} {_POSTGRES_IDLE.format(idle_seconds * 1000)}"
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        connect_args={"connect_timeout": 5, "options": options},
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, pool_timeout=BUSY_SECONDS, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("gatekeeper_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")

    return engine
