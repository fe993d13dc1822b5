"""What the log says of a permit. A row that was changed, or came back from a backup, spends nothing.

The rows of permits are the operator's; the log is witnessed. So before a permit is spent, its row has to say what was
signed and logged, and the log has to say nothing of its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from gatekeeper.errors import TamperError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import EventType
from gatekeeper.permits.conditions import Refusal
from gatekeeper.permits.record import PermitRecord
from gatekeeper.permits.signing_keys import checked_public_key

_ENDS = {EventType.PERMIT_CONSUMED.value: Refusal.CONSUMED, EventType.PERMIT_REVOKED.value: Refusal.REVOKED}


def require_as_logged(connection: Connection, record: PermitRecord) -> None:
    """Raise ConflictError when the log says that the permit has ended, TamperError when it knows another permit."""
    bodies: list[dict[str, Any]] = [body for body, _ in log.proposal_events(connection, record.proposal.id)]
    said = [body for body in bodies if body["facts"].get("permit") == record.permit.id]
    for body in said:
        if body["type"] in _ENDS:
            raise _ENDS[body["type"]].error
    if not _is_as_issued(record, said):
        raise TamperError(
            "The record of this permit is not what was signed and logged. Stop, and call an operator.",
            code="permit_tampered",
        )


def _is_as_issued(record: PermitRecord, said: Sequence[dict[str, Any]]) -> bool:
    issued = [body for body in said if body["type"] == EventType.PERMIT_ISSUED]
    facts = {"permit": record.permit.id, "statement": record.statement_digest, "key": record.kid}
    if len(issued) != 1 or (issued[0]["index"], issued[0]["facts"]) != (record.leaf, facts):
        return False
    is_theirs = record.executor.name == record.permit.audience or record.executor.id == issued[0]["actor"]
    key = record.executor_key and checked_public_key(record.executor_key).kid
    return is_theirs and key == record.permit.executor
