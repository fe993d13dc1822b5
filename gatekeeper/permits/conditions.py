"""Why a permit is not issued, or not redeemed: pure, from facts that were read in one transaction.

Each refusal has a stable code and says what to do. The first that applies is given, the most final first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.errors import ConflictError, GatekeeperError, NotPermittedError
from gatekeeper.permits.permit import SKEW, Standing


class Refusal(StrEnum):
    """Why not, in one word."""

    VERDICT_NOT_PASS = "verdict_not_pass"  # noqa: S105  # a verdict, not a password
    VERDICT_EXPIRED = "verdict_expired"
    VERDICT_NOT_WITNESSED = "verdict_not_witnessed"
    GATE_FROZEN = "gate_frozen"
    POLICY_CHANGED = "policy_changed"
    APPROVALS_CHANGED = "approvals_changed"
    NOT_CURRENT = "not_current"
    EXECUTED = "executed"
    OUTCOME_UNKNOWN = "outcome_unknown"
    CONSUMED = "consumed"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    VOIDED = "voided"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NOT_WITNESSED = "not_witnessed"
    NOT_THE_AUDIENCE = "not_the_audience"
    EXECUTOR_DISABLED = "executor_disabled"
    ASKER_DISABLED = "asker_disabled"

    @property
    def error(self) -> GatekeeperError:
        """As the error that a caller gets."""
        family = NotPermittedError if self is Refusal.NOT_THE_AUDIENCE else ConflictError
        return family(_SENTENCES[self], code=self.value)


_SENTENCES = {
    Refusal.VERDICT_NOT_PASS: "Only a proposal whose verdict is pass gets a permit. Wait for it, or submit another.",
    Refusal.VERDICT_EXPIRED: "The pass by break-glass is over. Submit the proposal again as a new revision.",
    Refusal.VERDICT_NOT_WITNESSED: "The verdict is recorded, but no witness has seen it yet. Ask again in a moment; "
    "when it lasts, an operator has to look at the publication of the log.",
    Refusal.GATE_FROZEN: "The gate is frozen: no permit is issued or redeemed. Wait until an operator thaws it.",
    Refusal.POLICY_CHANGED: "The policy is not the one that decided any more. Submit the proposal again as a new "
    "revision.",
    Refusal.APPROVALS_CHANGED: "The approvals do not hold: somebody who approved was disabled or may not approve "
    "now, or the votes and the verdict are not those of the log. Submit the proposal again as a new revision.",
    Refusal.NOT_CURRENT: "The proposal has another revision now. Read it, and ask for a permit for that one.",
    Refusal.EXECUTED: "This revision is being executed, or was. Submit a new revision to do it again.",
    Refusal.OUTCOME_UNKNOWN: "Nobody knows how the execution of this revision ended. Find out, and report its outcome.",
    Refusal.CONSUMED: "The permit was redeemed before; it is good for one time. See how "
    "its execution ended; to do it again, submit a new revision.",
    Refusal.REVOKED: "The permit was revoked. Ask for another one.",
    Refusal.SUPERSEDED: "The proposal has another revision now, so this permit is good for nothing. Ask for one "
    "for that revision.",
    Refusal.VOIDED: "The gate was frozen after this permit was issued, which voids it for good. Ask for another one.",
    Refusal.EXPIRED: "The permit has expired. Ask for another one.",
    Refusal.NOT_YET_VALID: "The permit is not valid yet. Wait until its `not_before`.",
    Refusal.NOT_WITNESSED: "No witness has seen this permit, so it was never handed out. Ask for another one.",
    Refusal.NOT_THE_AUDIENCE: "The permit is made out to another executor. Ask for one whose audience you are.",
    Refusal.EXECUTOR_DISABLED: "The principal that the audience names is disabled. Name another executor.",
    Refusal.ASKER_DISABLED: "Whoever asked for this permit was disabled. Somebody else has to ask for another one.",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """How a revision stands: what has to be so when a permit is issued, and still when it is redeemed."""

    passed: bool
    expires_at: datetime | None
    frozen: bool
    same_policy: bool
    approvals_hold: bool


@dataclass(frozen=True, slots=True)
class Redeemable:
    """How a permit stands, as it is about to be redeemed; `obstacle` is what another execution of its revision says."""

    standing: Standing
    executor_enabled: bool
    asker_enabled: bool
    not_before: datetime
    obstacle: Refusal | None
    witnessed: bool


def why_not_issued(
    revision: Pass, *, is_current: bool, obstacle: Refusal | None, witnessed: bool, now: datetime
) -> Refusal | None:
    """Why a revision gets no permit; None when it does. `obstacle` is what an earlier execution says."""
    if not is_current:
        return Refusal.NOT_CURRENT
    lost = next(_lost(revision, now), None) or obstacle
    return lost or (None if witnessed else Refusal.VERDICT_NOT_WITNESSED)


def why_not_redeemed(permit: Redeemable, revision: Pass, now: datetime) -> Refusal | None:
    """Why a permit of the caller's own is not redeemed; None when it is.

    Whoever else asks was refused before, and learned nothing.
    """
    if permit.standing is Standing.SUPERSEDED:
        return Refusal.SUPERSEDED
    if revision.frozen:
        return Refusal.GATE_FROZEN
    if permit.standing is not Standing.ISSUED:
        return Refusal(permit.standing.value)
    if now < permit.not_before - SKEW:
        return Refusal.NOT_YET_VALID
    if not permit.executor_enabled:
        return Refusal.EXECUTOR_DISABLED
    if not permit.asker_enabled:
        return Refusal.ASKER_DISABLED
    lost = next(_lost(revision, now), None) or permit.obstacle
    return lost or (None if permit.witnessed else Refusal.NOT_WITNESSED)


def _lost(revision: Pass, now: datetime) -> Iterator[Refusal]:
    if not revision.passed:
        yield Refusal.VERDICT_NOT_PASS
    if revision.expires_at is not None and now >= revision.expires_at:
        yield Refusal.VERDICT_EXPIRED
    if revision.frozen:
        yield Refusal.GATE_FROZEN
    if not revision.same_policy:
        yield Refusal.POLICY_CHANGED
    if not revision.approvals_hold:
        yield Refusal.APPROVALS_CHANGED
