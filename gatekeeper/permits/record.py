"""Permits on record: rows as values, with what has become of each at a moment. The only import of their table but one.

Works inside the caller's transaction. `redemption.py` has the statement that spends a permit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, insert, select, update

from gatekeeper.canonical import sha256_name
from gatekeeper.closures.service import newest_freeze
from gatekeeper.errors import ConflictError, NotFoundError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.permits.conditions import Refusal
from gatekeeper.permits.permit import Permit, Revocation, Since, Standing, standing_at
from gatekeeper.permits.statement import parse_statement
from gatekeeper.permits.tables import permits
from gatekeeper.proposals import store


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """A permit and what has become of it. `executor_key` is base64 of the key that has to be proven, if any.

    `revocation` is a word of the gate, `revocation_reason` what a person wrote.
    """

    permit: Permit
    statement: bytes
    standing: Standing
    executor: Principal
    executor_key: str | None
    issued_by: Principal
    issued_at: datetime
    freeze_seen: int
    kid: str
    leaf: int
    witnessed_at: datetime | None
    consumed_at: datetime | None
    consumed_leaf: int | None
    revoked_at: datetime | None
    revocation: str | None
    revocation_reason: str | None

    @property
    def proposal(self) -> ProposalRef:
        """The revision it is for."""
        return self.permit.binding.proposal

    @property
    def statement_digest(self) -> str:
        """The digest of the signed bytes."""
        return sha256_name(self.statement)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is stored when a permit is issued, beside what it says."""

    permit: Permit
    statement: bytes
    executor_id: str
    executor_key: str | None
    freeze_seen: int
    kid: str


def load_permit(connection: Connection, permit_id: str, now: datetime) -> PermitRecord:
    """One permit. Raises NotFoundError."""
    found = _records(connection, select(permits).where(permits.c.id == permit_id), now)
    if not found:
        raise unknown_permit(permit_id)
    return found[0]


def unknown_permit(permit_id: str) -> NotFoundError:
    """The error for a permit that there is not."""
    return NotFoundError(f"There is no permit {permit_id}.", code="permit_unknown")


def permits_of(connection: Connection, proposal_id: str, now: datetime) -> list[PermitRecord]:
    """Every permit of a proposal, latest first. Raises NotFoundError when there is no such proposal."""
    store.revision_row(connection, proposal_id)
    query = select(permits).where(permits.c.proposal_id == proposal_id)
    return _records(connection, query.order_by(permits.c.leaf.desc()), now)


def open_permits_of(connection: Connection, proposal_id: str, now: datetime) -> list[PermitRecord]:
    """The permits of a proposal of which no end is recorded, be they expired, voided or superseded by now."""
    still = permits.c.state == Standing.ISSUED.value
    query = select(permits).where(permits.c.proposal_id == proposal_id, still)
    return _records(connection, query.order_by(permits.c.leaf.desc()), now)


def record_issue(connection: Connection, issue: Issue, by: Principal, now: datetime) -> None:
    """Store a permit with its leaf."""
    permit = issue.permit
    reference = permit.binding.proposal
    facts = {"permit": permit.id, "statement": sha256_name(issue.statement), "key": issue.kid}
    (leaf,) = log.append(connection, [Event(EventType.PERMIT_ISSUED, now, by.id, reference, facts)])
    connection.execute(
        insert(permits).values(
            id=permit.id,
            proposal_id=reference.id,
            revision=reference.revision,
            statement=issue.statement.decode(),
            executor_id=issue.executor_id,
            executor_key=issue.executor_key,
            issued_by=by.id,
            issued_at=now,
            not_before=permit.not_before,
            expires_at=permit.expires_at,
            policy_revision=permit.policy_revision,
            approvals=approvals_text(permit.approvals),
            freeze_seen=issue.freeze_seen,
            kid=issue.kid,
            leaf=leaf,
            state=Standing.ISSUED.value,
        )
    )


def mark_witnessed(connection: Connection, permit_id: str, now: datetime) -> None:
    """From here on the permit can be redeemed. Raises ConflictError when it was revoked meanwhile."""
    marked = connection.execute(
        update(permits)
        .where(permits.c.id == permit_id, permits.c.state == Standing.ISSUED.value)
        .values(witnessed_at=now)
    )
    if marked.rowcount != 1:
        raise ConflictError(
            "Another permit was issued at the same moment, or this one was revoked. Ask again.",
            code=Refusal.REVOKED.value,
        )


def record_revocation(
    connection: Connection,
    record: PermitRecord,
    word: Revocation,
    by: Principal | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Revoke a permit that is neither consumed nor revoked, with its leaf. Raises ConflictError for one that is."""
    revoked = connection.execute(
        update(permits)
        .where(permits.c.id == record.permit.id, permits.c.state == Standing.ISSUED.value)
        .values(
            state=Standing.REVOKED.value,
            revoked_at=now,
            revoked_by=None if by is None else by.id,
            revocation=word.value,
            revocation_reason=reason,
        )
    )
    if revoked.rowcount != 1:
        raise Refusal(record.standing.value).error
    facts = {"permit": record.permit.id, "reason": word.value}
    actor = None if by is None else by.id
    log.append(connection, [Event(EventType.PERMIT_REVOKED, now, actor, record.proposal, facts)])


def approvals_text(leaves: Sequence[int]) -> str:
    """Leaves as the row has them."""
    return orjson.dumps(list(leaves)).decode()


def _records(connection: Connection, query: Select[Any], now: datetime) -> list[PermitRecord]:
    rows = connection.execute(query).all()
    people = known_principals(
        connection, {person for row in rows for person in (row.executor_id, row.issued_by)}
    )
    newest = newest_freeze(connection)
    current = {
        proposal_id: store.revision_row(connection, proposal_id).revision
        for proposal_id in {row.proposal_id for row in rows}
    }
    return [
        _record(row, people, Since(current[row.proposal_id], row.freeze_seen, newest), now) for row in rows
    ]


def _record(row: Row[Any], people: dict[str, Principal], since: Since, now: datetime) -> PermitRecord:
    statement = row.statement.encode()
    permit = parse_statement(statement)
    return PermitRecord(
        permit=permit,
        statement=statement,
        standing=standing_at(Standing(row.state), permit, since, now),
        executor=people[row.executor_id],
        executor_key=row.executor_key,
        issued_by=people[row.issued_by],
        issued_at=row.issued_at,
        freeze_seen=row.freeze_seen,
        kid=row.kid,
        leaf=row.leaf,
        witnessed_at=row.witnessed_at,
        consumed_at=row.consumed_at,
        consumed_leaf=row.consumed_leaf,
        revoked_at=row.revoked_at,
        revocation=row.revocation,
        revocation_reason=row.revocation_reason,
    )
