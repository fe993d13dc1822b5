"""Give a revision its verdict: the one place where people's decisions become `pass` or `fail`, with its event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import Reason
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.policy.engine import Question
from gatekeeper.policy.in_force import require_in_force
from gatekeeper.policy.records import keep_bundle, keep_inputs
from gatekeeper.policy.salted_input import salted
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import State, VerdictOutcome

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What policy was asked when it settled a revision, by which engine, and the salt under which that is kept.

    `about` names what it was asked about beside the revision, for the log: identifiers only.
    """

    question: Question
    policy_input: Mapping[str, object]
    engine: str
    engine_version: str
    salt: str
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a revision ends: its state, why, by which policy, and until when a pass holds (None: for good).

    `asked` is None when the end was not for policy to decide.
    """

    state: State
    reasons: tuple[Reason, ...]
    bundle: PolicyBundle
    asked: Asked | None = None
    expires_at: datetime | None = None

    @property
    def verdict(self) -> VerdictOutcome:
        """Only the state `passed` is a pass."""
        return VerdictOutcome.PASS if self.state is State.PASSED else VerdictOutcome.FAIL


def settle(
    connection: Connection, proposal: ProposalRef, settlement: Settlement, actor: str | None, now: datetime
) -> None:
    """Record the verdict and its event inside the caller's write transaction.

    Raises UnavailableError when policy was asked and it is not the one in force.
    """
    facts: dict[str, object] = {
        "outcome": settlement.verdict.value,
        "reasons": [reason.code for reason in settlement.reasons],
        "policy": {"revision": settlement.bundle.revision},
    }
    if settlement.asked is not None:
        require_in_force(connection, settlement.bundle.revision)
        facts |= _keep(connection, settlement.bundle, settlement.asked)
    (leaf,) = log.append(connection, [Event(EventType.VERDICT_SETTLED, now, actor, proposal, facts)])
    store.settle_revision(
        connection,
        proposal.id,
        proposal.revision,
        state=settlement.state,
        verdict=settlement.verdict,
        reasons=canonical_json(reasons_to_json(settlement.reasons)).decode(),
        at=now,
        leaf=leaf,
        expires_at=settlement.expires_at,
    )


def _keep(connection: Connection, bundle: PolicyBundle, asked: Asked) -> dict[str, object]:
    """Keep what policy decided by; returns what the log says of it."""
    kept = salted(asked.policy_input, asked.salt)
    keep_bundle(connection, bundle)
    keep_inputs(connection, [kept])
    return {
        "policy": {
            "revision": bundle.revision,
            "engine": asked.engine,
            "version": asked.engine_version,
        },
        "question": asked.question.word,
        **asked.about,
        "input": sha256_name(kept),
    }
