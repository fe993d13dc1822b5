"""The values policy answers with. Owns outcomes, reasons and decisions; parses nothing, asks no engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the gate says of a proposal: run it, ask one reviewer, or blocked until two reviewers agree."""

    ALLOW = "allow"
    REVIEW = "review"
    BLOCK = "block"


class Effect(StrEnum):
    """What one reason does to the outcome. A note changes nothing."""

    BLOCK = "block"
    REVIEW = "review"
    NOTE = "note"


class ReviewState(StrEnum):
    """What policy says of the reviews so far."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, its effect, a sentence for people and what to do about it."""

    code: str
    effect: Effect
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which policy decided: `revision` is `sha256:` over every policy and data file; engine is embedded or opa."""

    revision: str
    engine: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate policy's answer for one proposal."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """The approval policy's answer for the reviews of one proposal."""

    state: ReviewState
    reasons: tuple[Reason, ...]
    policy: PolicyRef
