"""Read and write the rows of executions. The only import of their tables; works inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from gatekeeper.errors import NotFoundError
from gatekeeper.executions.execution import (
    UNFINISHED,
    Evidence,
    Execution,
    ExecutionState,
    Outcome,
    ReportedOutcome,
)
from gatekeeper.executions.tables import execution_outcomes, execution_tasks
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.storage.cursor import decode_cursor, encode_cursor, identifier_of, moment_of

_T = execution_tasks.c


def insert_execution(connection: Connection, execution: Execution) -> None:
    """Store an execution that begins now."""
    connection.execute(
        insert(execution_tasks).values(
            id=execution.id,
            permit_id=execution.permit_id,
            proposal_id=execution.proposal.id,
            revision=execution.proposal.revision,
            digest=execution.proposal.digest,
            executor_id=execution.executor_id,
            claimed_severity=execution.claimed,
            assessed_severity=execution.assessed,
            p_fail=execution.p_fail,
            opened_at=execution.opened_at,
            deadline_at=execution.deadline_at,
            state=execution.state.value,
            ai_model=execution.ai_model,
        )
    )


def record_outcome(
    connection: Connection,
    execution: Execution,
    outcome: Outcome,
    evidence: Sequence[Evidence],
    by: Principal,
    at: datetime,
    leaf: int,
) -> None:
    """Store one reported outcome behind those there are, and make it the execution's state."""
    connection.execute(
        insert(execution_outcomes).values(
            execution_id=execution.id,
            number=len(execution.reported) + 1,
            outcome=outcome.value,
            evidence=orjson.dumps([{"uri": each.uri, "sha256": each.sha256} for each in evidence]).decode(),
            reported_by=by.id,
            at=at,
            leaf=leaf,
        )
    )
    connection.execute(update(execution_tasks).where(_T.id == execution.id).values(state=outcome.value))


def record_silence(connection: Connection, execution_id: str, at: datetime) -> None:
    """Make an execution indeterminate."""
    state = ExecutionState.INDETERMINATE.value
    connection.execute(
        update(execution_tasks).where(_T.id == execution_id).values(state=state, silent_since=at)
    )


def load_execution(connection: Connection, execution_id: str) -> Execution:
    """Return one execution. Raises NotFoundError."""
    rows = connection.execute(select(execution_tasks).where(_T.id == execution_id)).all()
    if not rows:
        raise NotFoundError(f"There is no execution {execution_id}.", code="execution_unknown")
    return _values(connection, rows)[0]


def load_page(
    connection: Connection,
    *,
    states: Collection[ExecutionState],
    proposal_id: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Execution], str | None]:
    """Return a page of executions, the latest first, and the cursor of the next one."""
    query = select(execution_tasks).order_by(_T.opened_at.desc(), _T.id.desc())
    if states:
        query = query.where(_T.state.in_([state.value for state in states]))
    if proposal_id is not None:
        query = query.where(_T.proposal_id == proposal_id)
    if cursor:
        opened_at, execution_id = decode_cursor(cursor, _place)
        query = query.where(
            (_T.opened_at < opened_at) | ((_T.opened_at == opened_at) & (_T.id < execution_id))
        )
    rows = connection.execute(query.limit(limit + 1)).all()
    following = encode_cursor((rows[limit - 1].opened_at, rows[limit - 1].id)) if len(rows) > limit else None
    return _values(connection, rows[:limit]), following


def overdue_ids(connection: Connection, now: datetime) -> list[str]:
    """Return executions whose outcome is awaited although their deadline has come, the longest overdue first."""
    unfinished = _T.state.in_([state.value for state in UNFINISHED])
    query = select(_T.id).where(unfinished, _T.deadline_at <= now).order_by(_T.deadline_at)
    return list(connection.execute(query).scalars())


def states_of(connection: Connection, proposal: ProposalRef) -> list[ExecutionState]:
    """Return the state of every execution of one revision, oldest first."""
    query = select(_T.state).where(_T.proposal_id == proposal.id, _T.revision == proposal.revision)
    return [ExecutionState(state) for state in connection.execute(query.order_by(_T.opened_at)).scalars()]


def count_by_state(connection: Connection) -> dict[str, int]:
    """Return how many executions are in each state."""
    query = select(_T.state, func.count().label("total")).group_by(_T.state)
    return {row.state: row.total for row in connection.execute(query)}


def _values(connection: Connection, rows: Sequence[Row[Any]]) -> list[Execution]:
    reported = _outcomes(connection, [row.id for row in rows])
    people = {row.executor_id for row in rows} | {
        each.reported_by for told in reported.values() for each in told
    }
    known = known_principals(connection, people)
    return [
        Execution(
            id=row.id,
            permit_id=row.permit_id,
            proposal=ProposalRef(row.proposal_id, row.revision, row.digest),
            executor_id=row.executor_id,
            executor=known[row.executor_id].name,
            claimed=row.claimed_severity,
            assessed=row.assessed_severity,
            p_fail=row.p_fail,
            ai_model=row.ai_model,
            opened_at=row.opened_at,
            deadline_at=row.deadline_at,
            state=ExecutionState(row.state),
            silent_since=row.silent_since,
            reported=tuple(_outcome(each, known) for each in reported[row.id]),
        )
        for row in rows
    ]


def _outcomes(connection: Connection, execution_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    if execution_ids:
        table = execution_outcomes
        query = select(table).where(table.c.execution_id.in_(execution_ids)).order_by(table.c.number)
        for row in connection.execute(query):
            found[row.execution_id].append(row)
    return found


def _outcome(row: Row[Any], known: dict[str, Principal]) -> ReportedOutcome:
    evidence = tuple(Evidence(**each) for each in orjson.loads(row.evidence))
    return ReportedOutcome(Outcome(row.outcome), evidence, known[row.reported_by].name, row.at, row.leaf)


def _place(values: Any) -> tuple[datetime, str]:
    opened_at, execution_id = values
    return moment_of(opened_at), identifier_of(execution_id)
