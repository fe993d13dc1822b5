"""What the log says of a permit. A row that was changed, or came back from a backup, spends nothing.

The rows of permits are the operator's; the log is witnessed. So before a permit is spent, its row has to say what was
signed and logged, and the log has to say nothing of its end.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from gatekeeper.errors import TamperError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import named_principal
from gatekeeper.ledger import log
from gatekeeper.ledger.event import EventType
from gatekeeper.permits.conditions import Refusal
from gatekeeper.permits.record import PermitRecord
from gatekeeper.permits.signing_keys import checked_public_key

_ENDS = {EventType.PERMIT_CONSUMED.value: Refusal.CONSUMED, EventType.PERMIT_REVOKED.value: Refusal.REVOKED}


def require_as_logged(connection: Connection, record: PermitRecord) -> None:
    """Raise ConflictError when the log says that the permit has ended, TamperError when it knows another permit."""
    bodies: list[dict[str, Any]] = log.events_naming(connection, record.permit.id, record.leaf)
    said = [body for body in bodies if body["facts"].get("permit") == record.permit.id]
    for body in said:
        if body["type"] in _ENDS:
            raise _ENDS[body["type"]].error
    issued = [body for body in said if body["type"] == EventType.PERMIT_ISSUED]
    if (
        len(issued) != 1
        or not _is_as_issued(record, issued[0])
        or not _is_theirs(connection, record, issued[0])
    ):
        raise TamperError(
            "The record of this permit is not what was signed and logged. Stop, and call an operator.",
            code="permit_tampered",
        )


def _is_as_issued(record: PermitRecord, issued: dict[str, Any]) -> bool:
    facts = {"permit": record.permit.id, "statement": record.statement_digest, "key": record.kid}
    key = record.executor_key and checked_public_key(record.executor_key).kid
    return (issued["index"], issued["facts"], key) == (record.leaf, facts, record.permit.executor)


def _is_theirs(connection: Connection, record: PermitRecord, issued: dict[str, Any]) -> bool:
    """Whoever the audience named when the permit was issued has it; the one who asked only when that was nobody."""
    named = named_principal(connection, record.permit.audience)
    if named is None or _came_later(connection, named[0], record.leaf):
        return bool(record.executor.id == issued["actor"])
    return record.executor.id == named[0].id


def _came_later(connection: Connection, principal: Principal, leaf: int) -> bool:
    added = log.recorded_since(EventType.PRINCIPAL_ADDED, leaf, principal.id)
    return bool(connection.execute(select(added)).scalar_one())
