"""One step of a proposal's life as it is recorded: identifiers, digests and words of the gate, never a person's text.

Owns the event's shape; touches no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gatekeeper.canonical import canonical_json
from gatekeeper.clock import rfc3339

EVENT_VERSION = 1


class EventType(StrEnum):
    """Every kind of step that is recorded."""

    PROPOSAL_SUBMITTED = "proposal.submitted"
    PROPOSAL_DECIDED = "proposal.decided"
    VOTE_CAST = "vote.cast"
    VERDICT_SETTLED = "verdict.settled"
    GATE_FROZEN = "gate.frozen"
    GATE_THAWED = "gate.thawed"
    BREAK_GLASS_REQUESTED = "break_glass.requested"
    BREAK_GLASS_ACTIVATED = "break_glass.activated"
    BREAK_GLASS_REVIEWED = "break_glass.reviewed"
    PRINCIPAL_ADDED = "principal.added"
    PRINCIPAL_DISABLED = "principal.disabled"
    TOKEN_ISSUED = "token.issued"  # noqa: S105  # an event's name
    PERMIT_ISSUED = "permit.issued"
    PERMIT_CONSUMED = "permit.consumed"
    PERMIT_REVOKED = "permit.revoked"
    KEY_ROTATED = "key.rotated"
    POLICY_CHANGED = "policy.changed"
    EXECUTION_OPENED = "execution.opened"
    EXECUTION_OUTCOME = "execution.outcome"
    LOG_CHECKPOINT_REFUSED = "log.checkpoint_refused"
    LOG_KEY_ROTATED = "log.key_rotated"
    WITNESS_CHANGED = "witness.changed"


@dataclass(frozen=True, slots=True)
class ProposalRef:
    """Exactly one revision of one proposal."""

    id: str
    revision: int
    digest: str

    @property
    def value(self) -> dict[str, object]:
        """As JSON, here and wherever a revision is named."""
        return {"id": self.id, "revision": self.revision, "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Event:
    """A step to be recorded. `actor` is a principal's id, or None when the gate itself acts."""

    type: EventType
    at: datetime
    actor: str | None = None
    proposal: ProposalRef | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def body(self, index: int) -> bytes:
        """The RFC 8785 bytes recorded for this event at `index`."""
        value: dict[str, object] = {
            "v": EVENT_VERSION,
            "index": index,
            "type": self.type.value,
            "at": rfc3339(self.at),
            "actor": self.actor,
            "facts": dict(self.facts),
        }
        if self.proposal is not None:
            value["proposal"] = self.proposal.value
        return canonical_json(value)
