"""Executions as they are when a permit was just spent, without the permit's own ceremony."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.executions.execution import Execution
from gatekeeper.executions.opening import open_execution
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.tables import permits

_numbers = count(1)


def begin_execution(
    house: Gatekeeper, dossier: Dossier, executor: Principal, at: datetime, lasts: timedelta
) -> Execution:
    """An execution of a revision that has passed, begun by `executor`."""
    number = next(_numbers)
    permit_id = f"permit_{number}"
    proposal = ProposalRef(dossier.id, dossier.revision, dossier.digest)
    with house.database.write() as connection:
        connection.execute(insert(permits).values(_spent_permit(permit_id, proposal, executor, at)))
        return open_execution(connection, f"exec_{number:06}", permit_id, proposal, executor, at, at + lasts)


def _spent_permit(
    permit_id: str, proposal: ProposalRef, executor: Principal, at: datetime
) -> dict[str, object]:
    return {
        "id": permit_id,
        "proposal_id": proposal.id,
        "revision": proposal.revision,
        "statement": "{}",
        "executor_id": executor.id,
        "issued_by": executor.id,
        "issued_at": at,
        "not_before": at,
        "expires_at": at + timedelta(minutes=5),
        "policy_revision": "sha256:" + "0" * 64,
        "approvals": "[]",
        "freeze_seen": 0,
        "kid": "k",
        "leaf": 0,
        "state": "consumed",
        "consumed_at": at,
    }
