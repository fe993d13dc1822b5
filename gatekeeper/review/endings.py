"""How a review ends when no vote ends it: because it was withdrawn, or because policy says that its time is over."""

from __future__ import annotations

from gatekeeper.policy.decision import Effect, Reason

EXPIRED_CODE = "approval.review_expired"
WITHDRAWN = Reason(
    code="withdrawn",
    effect=Effect.BLOCK,
    message="The proposal was withdrawn by those who submitted it.",
    remedy="Submit it again as a new revision when it is wanted after all.",
)
