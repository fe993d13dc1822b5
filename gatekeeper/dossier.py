"""The dossier of a proposal: one revision with its report, assessment, decision, votes and verdict. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatekeeper.assessment.assessment import Assessment
from gatekeeper.assessment.assessment_json import assessment_to_json
from gatekeeper.clock import optional_rfc3339, rfc3339
from gatekeeper.policy.decision import Decision, Reason
from gatekeeper.policy.decision_json import decision_to_json, reasons_to_json
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.votes import Vote


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one revision. Settled once; `leaf` is its index in the ledger; a pass by break-glass expires."""

    outcome: VerdictOutcome
    reasons: tuple[Reason, ...] = ()
    at: datetime | None = None
    leaf: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything on record about one revision. `current` is false once a later revision superseded it."""

    id: str
    revision: int
    digest: str
    state: State
    submitted_by: str
    submitter_person: str
    submitted_at: datetime
    current: bool
    report: Report
    assessment: Assessment
    decision: Decision
    decided_at: datetime
    votes: tuple[Vote, ...]
    verdict: Verdict
    review_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One recorded event of a proposal, with the actor's name (None: the gate itself)."""

    index: int
    type: str
    at: str
    actor: str | None
    revision: int
    facts: dict[str, object]
    digest: str


def dossier_to_json(dossier: Dossier) -> dict[str, object]:
    """The Proposal object of the HTTP interface."""
    decision = decision_to_json(dossier.decision)
    decision["decided_at"] = rfc3339(dossier.decided_at)
    return {
        "id": dossier.id,
        "revision": dossier.revision,
        "digest": dossier.digest,
        "current": dossier.current,
        "state": dossier.state.value,
        "submitted_by": dossier.submitted_by,
        "submitted_at": rfc3339(dossier.submitted_at),
        "review_due_at": optional_rfc3339(dossier.review_due_at),
        "report": report_to_json(dossier.report),
        "assessment": assessment_to_json(dossier.assessment),
        "decision": decision,
        "reviews": [_vote_to_json(vote) for vote in dossier.votes],
        "verdict": verdict_to_json(dossier.verdict),
    }


def verdict_to_json(verdict: Verdict) -> dict[str, object]:
    """The verdict part of the Proposal object."""
    return {
        "outcome": verdict.outcome.value,
        "at": optional_rfc3339(verdict.at),
        "leaf": verdict.leaf,
        "reasons": reasons_to_json(verdict.reasons),
        "expires_at": optional_rfc3339(verdict.expires_at),
    }


def history_to_json(entry: HistoryEntry) -> dict[str, object]:
    """One event as the HTTP interface shows it."""
    return {
        "index": entry.index,
        "type": entry.type,
        "at": entry.at,
        "actor": entry.actor,
        "revision": entry.revision,
        "facts": entry.facts,
        "digest": entry.digest,
    }


def _vote_to_json(vote: Vote) -> dict[str, object]:
    return {
        "reviewer": vote.reviewer,
        "vote": vote.vote.value,
        "reason": vote.reason,
        "digest": vote.digest,
        "at": rfc3339(vote.at),
    }
