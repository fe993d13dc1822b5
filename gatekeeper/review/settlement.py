"""Give a revision its verdict: the one place where people's decisions become `pass` or `fail`, with its event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gatekeeper.canonical import canonical_json
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.policy.decision import Reason
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import State, VerdictOutcome


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a revision ends: its state, why, by which policy, and until when a pass holds (None: for good)."""

    state: State
    reasons: tuple[Reason, ...]
    policy_revision: str
    expires_at: datetime | None = None

    @property
    def verdict(self) -> VerdictOutcome:
        """Only the state `passed` is a pass."""
        return VerdictOutcome.PASS if self.state is State.PASSED else VerdictOutcome.FAIL


def settle(
    connection: Connection, proposal: ProposalRef, settlement: Settlement, actor: str | None, now: datetime
) -> None:
    """Record the verdict and its event inside the caller's write transaction."""
    facts: dict[str, object] = {
        "outcome": settlement.verdict.value,
        "reasons": [reason.code for reason in settlement.reasons],
        "policy": {"revision": settlement.policy_revision},
    }
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
