"""Begin an execution: the row and the leaf that say whose outcome is awaited, and until when."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import Connection

from gatekeeper.clock import rfc3339
from gatekeeper.executions import store
from gatekeeper.executions.execution import Execution, ExecutionState
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.proposals.store import revision_row


def open_execution(
    connection: Connection,
    execution_id: str,
    permit_id: str,
    proposal: ProposalRef,
    executor: Principal,
    now: datetime,
    deadline_at: datetime,
) -> Execution:
    """Record that `executor` spent a permit for `proposal`, inside the write transaction that spent it."""
    row = revision_row(connection, proposal.id, proposal.revision)
    report = orjson.loads(row.report)
    execution = Execution(
        id=execution_id,
        permit_id=permit_id,
        proposal=proposal,
        executor_id=executor.id,
        executor=executor.name,
        claimed=report["severity"],
        assessed=orjson.loads(row.assessment)["severity"]["assessed"],
        p_fail=report.get("p_fail"),
        ai_model=report.get("ai_model"),
        opened_at=now,
        deadline_at=deadline_at,
        state=ExecutionState.OPEN,
        silent_since=None,
        reported=(),
    )
    facts = {"execution": execution_id, "permit": permit_id, "deadline_at": rfc3339(deadline_at)}
    log.append(connection, [Event(EventType.EXECUTION_OPENED, now, executor.id, proposal, facts)])
    store.insert_execution(connection, execution)
    return execution
