"""Group commit: what several threads want to write at the same moment is one transaction and one flush to disk.

Owns who leads. Whoever gets the turn takes along everybody who waits for it; each one's work runs in a savepoint, in
the order of arrival, and sees what was done before it. Work that raises is undone alone. Nobody has an answer before
all is committed. When the database itself refuses anything, or the commit fails, nothing was done of all: SQLite undoes
more than the savepoint when its disk is full.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gatekeeper.errors import UnavailableError
from gatekeeper.storage.database import Database, require_open

T = TypeVar("T")


class GroupCommit:
    """One for all threads of a process. Work reads and writes through the connection that it is given, only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._waiting: deque[_Work[object]] = deque()

    def run(self, function: Callable[[Connection], T]) -> T:
        """What the function returned, once it is durable.

        Raises what it raised, or UnavailableError when the transaction failed: then nothing was done.
        """
        work: _Work[T] = _Work(function)
        self._waiting.append(work)  # type: ignore[arg-type]  # its answer goes to this thread alone
        with self._turn:
            if not work.is_over:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        return work.result()

    def _commit(self, group: list[_Work[object]]) -> None:
        try:
            with self._database.write() as connection:
                for work in group:
                    work.attempt(connection, alone=len(group) == 1)
        except BaseException as error:
            for work in group:
                work.undo(error, alone=len(group) == 1)
            if not isinstance(error, Exception):
                raise
        finally:
            for work in group:
                work.is_over = True


class _Work(Generic[T]):
    """What one thread wants done, and what became of it."""

    def __init__(self, function: Callable[[Connection], T]) -> None:
        self.is_over = False
        self._function = function
        self._answer: list[T] = []
        self._error: BaseException | None = None

    def attempt(self, connection: Connection, *, alone: bool) -> None:
        """Do it. Alone, its failure is that of the transaction; among others it is undone by itself.

        Raises what the database refuses: then the transaction is lost, for all.
        """
        if alone:
            self._answer = [self._function(connection)]
            return
        try:
            with connection.begin_nested():
                self._answer = [self._function(connection)]
        except DBAPIError:
            raise
        except Exception as error:
            self._error = error
        require_open(connection)

    def undo(self, error: BaseException, *, alone: bool) -> None:
        """The transaction was rolled back with this in it. Each thread gets an error of its own to raise."""
        self._answer = []
        if alone:
            self._error = error
        elif self._error is None:
            self._error = UnavailableError(
                "The record was not written; nothing was decided. Try again.", code="database_unavailable"
            )
            self._error.__cause__ = error

    def result(self) -> T:
        """The answer. Raises the error there was instead."""
        if self._error is not None:
            raise self._error
        (answer,) = self._answer
        return answer
