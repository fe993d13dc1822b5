"""Begin what a permit allows, once, and follow it: record the outcomes that are reported, and silence.

Owns the transactions: a permit is spent and its execution opened in one, and each outcome commits with its leaf.
Whoever stays silent past the deadline leaves an execution indeterminate: everyone is told, nothing counts it as a
success, and nobody gets another permit for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from gatekeeper.clock import Clock
from gatekeeper.executions import store
from gatekeeper.executions.execution import (
    Evidence,
    Execution,
    ExecutionState,
    checked_evidence,
    checked_outcome,
    state_after,
)
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.executions.opening import open_execution
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.permits.circumstances import time_of_turn
from gatekeeper.permits.redemption import Consumption, Terms, consume
from gatekeeper.rounds import Round
from gatekeeper.storage.database import Database

MAX_PAGE = 200
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ExecutionPage:
    """Some executions, the latest first; `next_cursor` continues, None at the end."""

    items: tuple[Execution, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A permit that was just spent, and the execution that this began."""

    consumption: Consumption
    execution: Execution


class ExecutionService:
    """The use-cases of executions. `lasts` is how long an outcome is awaited, `new_id` gives the next one's id."""

    def __init__(self, database: Database, terms: Terms, lasts: timedelta, new_id: Callable[[], str]) -> None:
        self._database = database
        self._terms = terms
        self._lasts = lasts
        self._new_id = new_id
        self._round = Round("execution")

    def begin(self, permit_id: str, proof: str | None, by: Principal, clock: Clock) -> Begun:
        """Spend a permit and open its execution, both or neither. The clock is asked when it is this call's turn.

        Raises what `time_of_turn` and `redemption.consume` raise.
        """
        with self._database.write() as connection:
            now = time_of_turn(connection, clock)
            spent = consume(connection, self._terms, permit_id, proof, by, obstacle_of, now)
            execution = open_execution(
                connection, self._new_id(), permit_id, spent.record.proposal, by, now, now + self._lasts
            )
        return Begun(spent, execution)

    def report(
        self, execution_id: str, outcome: str, evidence: Sequence[Evidence], by: Principal, now: datetime
    ) -> Execution:
        """Record one outcome; the same report again is answered with what stands.

        Raises InvalidInputError, NotFoundError, NotPermittedError (`not_the_executor`) and ConflictError
        (`outcome_recorded`, `deadline_passed`).
        """
        told, shown = checked_outcome(outcome), checked_evidence(evidence)
        with self._database.write() as connection:
            execution = _silenced_if_overdue(connection, store.load_execution(connection, execution_id), now)
            execution.require_reporter(by)
            if state_after(execution.state, execution.reported, told, shown) is None:
                return execution
            event = _event(execution, told.value, shown, by.id, now)
            (leaf,) = log.append(connection, [event])
            store.record_outcome(connection, execution, told, shown, by, now, leaf)
            return store.load_execution(connection, execution_id)

    def settle_overdue(self, now: datetime) -> int:
        """Record the silence of every executor who is past the deadline; returns how many there were.

        Where that fails it is logged, and keeps no other from being recorded.
        """
        with self._database.read() as connection:
            overdue = store.overdue_ids(connection, now)
        return self._round.run(overdue, lambda execution_id: self._settle(execution_id, now))

    def get(self, execution_id: str) -> Execution:
        """Return one execution. Raises NotFoundError."""
        with self._database.read() as connection:
            return store.load_execution(connection, execution_id)

    def page(
        self,
        *,
        states: Collection[ExecutionState] = (),
        proposal_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> ExecutionPage:
        """Return executions, the latest first."""
        limit = max(1, min(limit, MAX_PAGE))
        with self._database.read() as connection:
            items, following = store.load_page(
                connection, states=states, proposal_id=proposal_id, cursor=cursor, limit=limit
            )
        return ExecutionPage(tuple(items), following)

    def count_by_state(self) -> dict[str, int]:
        """Return how many executions are in each state now."""
        with self._database.read() as connection:
            return store.count_by_state(connection)

    def _settle(self, execution_id: str, now: datetime) -> bool:
        with self._database.write() as connection:
            before = store.load_execution(connection, execution_id)
            after = _silenced_if_overdue(connection, before, now)
        if after == before:
            return False
        _log.error("execution.indeterminate", execution=execution_id, proposal=after.proposal.id)
        return True


def new_execution_id() -> str:
    """An id that nobody can guess."""
    return f"exec_{uuid.uuid4()}"


def _silenced_if_overdue(connection: Connection, execution: Execution, now: datetime) -> Execution:
    """Record silence where it is due: a late report finds the same record as if the scheduler had come first."""
    if not execution.is_overdue(now):
        return execution
    silence = ExecutionState.INDETERMINATE
    log.append(connection, [_event(execution, silence.value, (), None, now)])
    store.record_silence(connection, execution.id, now)
    return store.load_execution(connection, execution.id)


def _event(
    execution: Execution, outcome: str, evidence: Sequence[Evidence], actor: str | None, now: datetime
) -> Event:
    facts = {
        "execution": execution.id,
        "permit": execution.permit_id,
        "outcome": outcome,
        "evidence": [f"sha256:{each.sha256}" for each in evidence],
    }
    return Event(EventType.EXECUTION_OUTCOME, now, actor, execution.proposal, facts)
