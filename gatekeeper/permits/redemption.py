"""Spend a permit: one statement inside the caller's write transaction, which wins once or not at all.

The statement itself checks everything a permit depends on; only afterwards is it said why it changed nothing. The leaf
and the receipt are made in the same transaction, so that nothing is spent without them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, not_, select, update

from gatekeeper.closures.service import frozen_since
from gatekeeper.errors import FieldError, InvalidInputError, NotPermittedError, UnavailableError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.identity.service import count_enabled
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.permits.circumstances import (
    Circumstances,
    OwnPolicy,
    circumstances_of,
    require_history,
)
from gatekeeper.permits.conditions import Redeemable, Refusal, why_not_redeemed
from gatekeeper.permits.dsse import Envelope, Signer, sign
from gatekeeper.permits.logged import require_as_logged
from gatekeeper.permits.permit import SKEW, Standing, proof_message
from gatekeeper.permits.receipt import receipt
from gatekeeper.permits.record import PermitRecord, approvals_text, load_permit, unknown_permit
from gatekeeper.permits.signing_keys import checked_public_key
from gatekeeper.permits.statement import PAYLOAD_TYPE
from gatekeeper.permits.tables import permits
from gatekeeper.proposals.store import passes

SigningKeyAt = Callable[[Connection, datetime], Signer]
ObstacleOf = Callable[[Connection, ProposalRef], Refusal | None]


@dataclass(frozen=True, slots=True)
class Terms:
    """The gate that redeems: the policy this process runs, the key that signs at a moment, and its log.

    `signed_log` is what the log's signer signed last, `is_log_refused` whether signer or witness refused it last.
    """

    policy: OwnPolicy
    signing_key: SigningKeyAt
    signed_log: Callable[[], Checkpoint | None]
    is_log_refused: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Consumption:
    """A permit that was just spent, and the signed receipt of it."""

    record: PermitRecord
    receipt: Envelope


def consume(
    connection: Connection,
    terms: Terms,
    permit_id: str,
    proof: str | None,
    by: Principal,
    obstacle_of: ObstacleOf,
    now: datetime,
) -> Consumption:
    """Spend a permit for its executor; of any number of attempts one succeeds.

    `proof` is base64 of the executor's signature over `proof_message`, where the permit names a key. `obstacle_of` says
    what another execution of the revision forbids. Raises
    NotFoundError, NotPermittedError, InvalidInputError for a proof that is none, ConflictError with the reason,
    TamperError when the row is not what was signed and logged, and UnavailableError when the log is behind what was
    signed of it or was refused. `now` is the `time_of_turn`.
    """
    _refuse_at_once(connection, permit_id, by)
    require_history(connection, terms.signed_log(), is_refused=terms.is_log_refused())
    record = load_permit(connection, permit_id, now)
    require_as_logged(connection, record)
    _require_proof(record, proof)
    around = circumstances_of(connection, record.proposal.id, terms.policy)
    obstacle = obstacle_of(connection, record.proposal)
    if obstacle is not None or not _spend(connection, terms, record, around, by, now):
        _refuse(record, around, obstacle, now)
    facts = {"permit": permit_id, "statement": record.statement_digest}
    event = Event(EventType.PERMIT_CONSUMED, now, by.id, record.proposal, facts)
    (leaf,) = log.append(connection, [event])
    connection.execute(update(permits).where(permits.c.id == permit_id).values(consumed_leaf=leaf))
    spent = load_permit(connection, permit_id, now)
    said = receipt(spent.permit, spent.statement_digest, by.id, leaf, now)
    envelope = sign(PAYLOAD_TYPE, said, terms.signing_key(connection, now))
    return Consumption(spent, envelope)


def _spend(
    connection: Connection,
    terms: Terms,
    record: PermitRecord,
    around: Circumstances,
    by: Principal,
    now: datetime,
) -> bool:
    """The one statement. `around` names the approvers; whether they still may is for the statement to see."""
    proposal, approvals = record.proposal, around.approvals
    spent = connection.execute(
        update(permits)
        .where(
            permits.c.id == record.permit.id,
            permits.c.state == Standing.ISSUED.value,
            permits.c.executor_id == by.id,
            permits.c.witnessed_at.is_not(None),
            permits.c.not_before <= now + SKEW,
            permits.c.not_before == record.permit.not_before,
            permits.c.expires_at > now,
            permits.c.expires_at == record.permit.expires_at,
            permits.c.policy_revision == terms.policy.revision,
            permits.c.approvals == approvals_text(approvals.leaves),
            literal(around.revision.same_policy and around.revision.approvals_hold),
            not_(frozen_since(record.freeze_seen)),
            not_(log.recorded_since(EventType.GATE_FROZEN, record.leaf)),
            passes(proposal.id, proposal.revision, proposal.digest, now),
            count_enabled([by.id], Role) == 1,
            count_enabled([record.issued_by.id], Role) == 1,
            count_enabled(approvals.approvers, approvals.roles) == len(approvals.approvers),
        )
        .values(state=Standing.CONSUMED.value, consumed_at=now)
    )
    return spent.rowcount == 1


def _refuse_at_once(connection: Connection, permit_id: str, by: Principal) -> None:
    """What no more is needed for: somebody else's permit, and one whose row says that it has ended."""
    query = select(permits.c.executor_id, permits.c.state).where(permits.c.id == permit_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown_permit(permit_id)
    if row.executor_id != by.id:
        raise Refusal.NOT_THE_AUDIENCE.error
    if row.state != Standing.ISSUED.value:
        raise Refusal(row.state).error


def _refuse(record: PermitRecord, around: Circumstances, obstacle: Refusal | None, now: datetime) -> None:
    permit = Redeemable(
        standing=record.standing,
        executor_enabled=bool(record.executor.roles),
        asker_enabled=bool(record.issued_by.roles),
        not_before=record.permit.not_before,
        obstacle=obstacle,
        witnessed=record.witnessed_at is not None,
    )
    refusal = why_not_redeemed(permit, around.revision, now)
    if refusal is None:
        raise UnavailableError(
            "The permit was not redeemed, and it is not clear why. Ask for another one.", code="undecided"
        )
    raise refusal.error


def _require_proof(record: PermitRecord, proof: str | None) -> None:
    if record.executor_key is None:
        if proof is not None:
            raise _wrong_proof("must be left out: the permit names no key")
        return
    if proof is None:
        raise NotPermittedError(
            "The permit is bound to a key of its executor. Send `proof`, a signature with that key.",
            code="proof_missing",
        )
    message = proof_message(record.permit.id, record.statement_digest)
    if not checked_public_key(record.executor_key).holds(message, _decoded(proof)):
        raise NotPermittedError(
            "The proof is not a signature of this permit with the executor's key.", code="proof_wrong"
        )


def _decoded(proof: str) -> bytes:
    try:
        return base64.b64decode(proof, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _wrong_proof("must be the base64 of a signature") from error


def _wrong_proof(detail: str) -> InvalidInputError:
    return InvalidInputError(f"The proof {detail}.", errors=[FieldError("/proof", detail)])
