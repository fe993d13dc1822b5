"""Issue, revoke and show permits. Spending one is `redemption.py`, in the transaction that begins an execution.

A permit is issued in one transaction that checks everything again, and handed out only when witnesses have seen its
leaf; one that they do not see in time is revoked and nobody gets it. Until then it cannot be redeemed either.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Connection

from gatekeeper.clock import Clock
from gatekeeper.closures.service import newest_freeze
from gatekeeper.errors import NotPermittedError, UnavailableError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.identity.service import named_principal
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.bundle import Bundle
from gatekeeper.permits.circumstances import Circumstances, circumstances_of, require_history, time_of_turn
from gatekeeper.permits.conditions import Refusal, why_not_issued
from gatekeeper.permits.dsse import Envelope, sign
from gatekeeper.permits.permit import (
    DEFAULT_TTL_SECONDS,
    NONCE_BYTES,
    ActionBinding,
    Permit,
    Revocation,
    checked_audience,
)
from gatekeeper.permits.record import (
    Issue,
    PermitRecord,
    load_permit,
    mark_witnessed,
    open_permits_of,
    permits_of,
    record_issue,
    record_revocation,
)
from gatekeeper.permits.redemption import ObstacleOf, Terms
from gatekeeper.permits.signing_keys import checked_public_key
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.proposals import store
from gatekeeper.proposals.report import Report
from gatekeeper.stated_reason import stated_reason
from gatekeeper.storage.database import Database

_READERS = (Role.AUDITOR, Role.OPERATOR, Role.REVIEWER)
_REVOKERS = (Role.OPERATOR, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller asks for. `executor_key` is base64 of the Ed25519 key that the executor will have to prove."""

    proposal_id: str
    audience: str
    ttl_seconds: int = DEFAULT_TTL_SECONDS
    executor_key: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long witnesses are waited for: those of the verdict, before anything is written, and of the permit."""

    verdict_seconds: float = 2.0
    permit_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Issued:
    """A permit that witnesses have seen, and the bundle for its executor."""

    record: PermitRecord
    bundle: Bundle


class PermitService:
    """The use-cases of permits. `new_id` gives the id of the next one, `obstacle_of` what an execution forbids.

    `entropy(n)` gives n random bytes.
    """

    def __init__(
        self,
        database: Database,
        witnessed: WitnessedLog,
        terms: Terms,
        obstacle_of: ObstacleOf,
        new_id: Callable[[], str],
        patience: Patience = Patience(),
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._witnessed = witnessed
        self._terms = terms
        self._obstacle_of = obstacle_of
        self._new_id = new_id
        self._patience = patience
        self._entropy = entropy

    def issue(self, wanted: Wanted, by: Principal, clock: Clock) -> Issued:
        """A permit for the current revision, when everything holds. The clock is asked when it is this call's turn.

        Raises NotFoundError, InvalidInputError, NotPermittedError, ConflictError with the reason as its code, and
        UnavailableError when it could not be decided or no witness saw it: then there is no permit.
        """
        checked_audience(wanted.audience)
        if wanted.executor_key is not None:
            checked_public_key(wanted.executor_key)
        with self._database.read() as connection:
            asked_at = clock()
            asked = self._checked(connection, wanted, by, asked_at, None)
        with self._witnessed.places.taken(by.person):
            seen = self._seen(asked, asked_at)
            with self._database.write() as connection:
                now = time_of_turn(connection, clock)
                require_history(connection, self._terms.signed_log(), is_refused=self._terms.is_log_refused())
                around = self._checked(connection, wanted, by, now, asked.proposal, witnessed=seen)
                record, envelope = self._record(connection, wanted, around, by, now)
            return self._handed_out(record, envelope, clock)

    def revoke(self, permit_id: str, reason: str, by: Principal, now: datetime) -> PermitRecord:
        """End a permit that is not redeemed. For those who submitted, its executor, reviewers and operators."""
        reason = stated_reason(reason)
        with self._database.write() as connection:
            record = load_permit(connection, permit_id, now)
            _require_concerned(connection, record, by, _REVOKERS, "revoke this permit")
            record_revocation(connection, record, Revocation.ASKED, by, now, reason)
            return load_permit(connection, permit_id, now)

    def get(self, permit_id: str, by: Principal, now: datetime) -> PermitRecord:
        """One permit as it stands, for those it concerns, reviewers, auditors and operators."""
        with self._database.read() as connection:
            record = load_permit(connection, permit_id, now)
            _require_concerned(connection, record, by, _READERS, "see this permit")
            return record

    def of_proposal(self, proposal_id: str, by: Principal, now: datetime) -> list[PermitRecord]:
        """The permits of a proposal that the caller may see, latest first."""
        with self._database.read() as connection:
            found = permits_of(connection, proposal_id, now)
            return [record for record in found if _concerns(connection, record, by, _READERS)]

    def _checked(
        self,
        connection: Connection,
        wanted: Wanted,
        by: Principal,
        now: datetime,
        asked: ProposalRef | None,
        *,
        witnessed: bool = True,
    ) -> Circumstances:
        """How things stand, when that is well enough for a permit; else raises why not."""
        around = circumstances_of(connection, wanted.proposal_id, self._terms.policy)
        if by.person not in _authors(connection, wanted.proposal_id) and not by.has(Role.OPERATOR):
            raise NotPermittedError(
                f"Only those who submitted the proposal, or an operator, may ask for its permit, not {by.name}.",
                code="not_your_proposal",
            )
        refusal = why_not_issued(
            around.revision,
            is_current=asked in (None, around.proposal),
            obstacle=self._obstacle_of(connection, around.proposal),
            witnessed=witnessed,
            now=now,
        )
        if refusal is not None:
            raise refusal.error
        return around

    def _seen(self, asked: Circumstances, now: datetime) -> bool:
        """Whether witnesses have seen the verdict. Raises UnavailableError when they would not see a permit either."""
        patience = self._patience.verdict_seconds
        if self._witnessed.is_behind(now, patience):
            raise UnavailableError(
                "Witnesses have not seen the newest entries of the log for too long, so nobody would see the permit "
                "and nothing was issued. Try again later; an operator has to look at the publication of the log.",
                code="publication_behind",
            )
        return self._witnessed.prove(asked.row.verdict_leaf, patience) is not None

    def _record(
        self, connection: Connection, wanted: Wanted, around: Circumstances, by: Principal, now: datetime
    ) -> tuple[PermitRecord, Envelope]:
        permit = _permit(self._new_id(), self._entropy(NONCE_BYTES).hex(), wanted, around, now)
        signed = sign(PAYLOAD_TYPE, statement(permit), self._terms.signing_key(connection, now))
        for earlier in open_permits_of(connection, wanted.proposal_id, now):
            record_revocation(connection, earlier, Revocation.REPLACED, by, now)
        issue = Issue(
            permit=permit,
            statement=signed.payload,
            executor_id=_executor(connection, wanted.audience, by).id,
            executor_key=wanted.executor_key,
            freeze_seen=newest_freeze(connection),
            kid=signed.keyid,
        )
        record_issue(connection, issue, by, now)
        return load_permit(connection, permit.id, now), signed

    def _handed_out(self, record: PermitRecord, envelope: Envelope, clock: Clock) -> Issued:
        try:
            proven = self._witnessed.prove(record.leaf, self._patience.permit_seconds)
            if proven is not None:
                with self._database.write() as connection:
                    now = time_of_turn(connection, clock)
                    mark_witnessed(connection, record.permit.id, now)
                    return Issued(load_permit(connection, record.permit.id, now), Bundle(envelope, *proven))
        except UnavailableError:
            self._withdraw(record, clock)
            raise
        self._withdraw(record, clock)
        raise UnavailableError(
            "No witness has seen the permit in time, so it was revoked. Try again; when it lasts, an operator has to "
            "look at the publication of the log.",
            code=Refusal.NOT_WITNESSED.value,
        )

    def _withdraw(self, record: PermitRecord, clock: Clock) -> None:
        """Revoke a permit that nobody got; one that something else ended meanwhile is left alone."""
        with self._database.write() as connection:
            now = clock()
            still = open_permits_of(connection, record.proposal.id, now)
            if record.permit.id in {each.permit.id for each in still}:
                record_revocation(connection, record, Revocation.NOT_WITNESSED, None, now)


def new_permit_id() -> str:
    """An id that nobody can guess."""
    return f"permit_{uuid.uuid4()}"


def _permit(permit_id: str, nonce: str, wanted: Wanted, around: Circumstances, now: datetime) -> Permit:
    """What the permit says. It lasts no longer than the pass does. Raises ConflictError when that is over."""
    report = Report.from_json(orjson.loads(around.row.report))
    not_before = _whole_second(now)
    expires_at = not_before + timedelta(seconds=wanted.ttl_seconds)
    if around.revision.expires_at is not None:
        expires_at = min(expires_at, _whole_second(around.revision.expires_at))
    if expires_at <= not_before:
        raise Refusal.VERDICT_EXPIRED.error
    return Permit(
        id=permit_id,
        nonce=nonce,
        binding=ActionBinding(around.proposal, report.action),
        audience=wanted.audience,
        executor=wanted.executor_key and checked_public_key(wanted.executor_key).kid,
        not_before=not_before,
        expires_at=expires_at,
        policy_revision=around.row.policy_revision,
        rollback=report.rollback or (),
        verdict_leaf=around.row.verdict_leaf,
        approvals=around.approvals.leaves,
    )


def _executor(connection: Connection, audience: str, asker: Principal) -> Principal:
    """Who may redeem it: whoever the audience names, or the one who asks when it names nobody of this gate."""
    named = named_principal(connection, audience)
    if named is None:
        return asker
    principal, is_enabled = named
    if not is_enabled:
        raise Refusal.EXECUTOR_DISABLED.error
    return principal


def _authors(connection: Connection, proposal_id: str) -> set[str]:
    return {revision.person for revision in store.known_revisions(connection, [proposal_id])[proposal_id]}


def _concerns(connection: Connection, record: PermitRecord, by: Principal, roles: tuple[Role, ...]) -> bool:
    own = by.id == record.executor.id or by.person in _authors(connection, record.proposal.id)
    return own or any(by.has(role) for role in roles)


def _require_concerned(
    connection: Connection, record: PermitRecord, by: Principal, roles: tuple[Role, ...], to_do: str
) -> None:
    if not _concerns(connection, record, by, roles):
        raise NotPermittedError(
            f"{by.name} may not {to_do}: it is neither theirs nor do they hold a role for it.",
            code="not_your_permit",
        )


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
