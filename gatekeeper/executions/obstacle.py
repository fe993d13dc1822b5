"""What earlier executions of a revision mean for its next permit."""

from __future__ import annotations

from sqlalchemy import Connection

from gatekeeper.executions.execution import UNFINISHED, ExecutionState
from gatekeeper.executions.store import states_of
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.conditions import Refusal

_DONE = UNFINISHED | {ExecutionState.SUCCEEDED}


def obstacle_of(connection: Connection, proposal: ProposalRef) -> Refusal | None:
    """Tell why this revision gets no other permit: it runs, is done, or nobody knows. What failed may run again."""
    states = set(states_of(connection, proposal))
    if ExecutionState.INDETERMINATE in states:
        return Refusal.OUTCOME_UNKNOWN
    return Refusal.EXECUTED if states & _DONE else None
