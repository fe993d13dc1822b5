"""What recording judged reports amounts to: rows, verdicts and events. A pure plan; `gate.py` applies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gatekeeper import __version__
from gatekeeper.assessment.assessment_json import assessment_to_json
from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.errors import NotPermittedError
from gatekeeper.identity.principal import Principal
from gatekeeper.judge import Judgement
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.policy.decision import Effect, Outcome, Reason
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.revisions import (
    AlreadyKnown,
    KnownRevision,
    NotTheirs,
    State,
    VerdictOutcome,
    place_report,
)

SUPERSEDED = Reason(
    code="superseded",
    effect=Effect.BLOCK,
    message="A later revision of this proposal was submitted before people had decided on this one.",
    remedy="Follow the current revision.",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The place of one report: the revision it is, and whether this submission created it."""

    proposal_id: str
    revision: int
    created: bool


@dataclass(frozen=True, slots=True)
class Supersession:
    """A pending revision that ends because a later one came; `leaf` is the index of its verdict's event."""

    proposal_id: str
    revision: int
    leaf: int


@dataclass(slots=True)
class SubmissionPlan:
    """Everything to be written for some judged reports, and the answer for each in their order."""

    answers: list[Recorded | NotPermittedError] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    supersessions: list[Supersession] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    policy_inputs: list[bytes] = field(default_factory=list)


def plan_submissions(
    judgements: Sequence[Judgement],
    known: Mapping[str, Sequence[KnownRevision]],
    submitter: Principal,
    now: datetime,
    review_due_at: datetime,
    first_leaf: int,
) -> SubmissionPlan:
    """Place each judged report among the `known` revisions, which grow as the plan does.

    `first_leaf` is the index the first planned event will have.
    """
    plan = SubmissionPlan()
    revisions = {proposal_id: list(stored) for proposal_id, stored in known.items()}
    for judgement in judgements:
        proposal_id = judgement.report.id
        stored = revisions.setdefault(proposal_id, [])
        place = place_report(stored, judgement.digest, submitter.person)
        if isinstance(place, AlreadyKnown):
            plan.answers.append(Recorded(proposal_id, place.revision, created=False))
        elif isinstance(place, NotTheirs):
            plan.answers.append(_not_theirs(proposal_id))
        else:
            if place.supersedes is not None:
                _supersede(plan, proposal_id, place.supersedes, submitter, now, first_leaf)
            reference = ProposalRef(proposal_id, place.revision, judgement.digest)
            row = _record(plan, judgement, reference, submitter, now, review_due_at, first_leaf)
            stored.append(
                KnownRevision(place.revision, judgement.digest, State(str(row["state"])), submitter.person)
            )
            plan.answers.append(Recorded(proposal_id, place.revision, created=True))
    return plan


def _supersede(
    plan: SubmissionPlan,
    proposal_id: str,
    pending: KnownRevision,
    submitter: Principal,
    now: datetime,
    first_leaf: int,
) -> None:
    reference = ProposalRef(proposal_id, pending.revision, pending.digest)
    leaf = first_leaf + len(plan.events)
    plan.supersessions.append(Supersession(proposal_id, pending.revision, leaf))
    facts = {"outcome": VerdictOutcome.FAIL.value, "reasons": [SUPERSEDED.code]}
    plan.events.append(Event(EventType.VERDICT_SETTLED, now, submitter.id, reference, facts))


def _record(
    plan: SubmissionPlan,
    judgement: Judgement,
    reference: ProposalRef,
    submitter: Principal,
    now: datetime,
    review_due_at: datetime,
    first_leaf: int,
) -> dict[str, object]:
    passed = judgement.decision.outcome is Outcome.ALLOW
    plan.events.append(Event(EventType.PROPOSAL_SUBMITTED, now, submitter.id, reference))
    asked = canonical_json(dict(judgement.policy_input))
    assessed = canonical_json(assessment_to_json(judgement.assessment))
    plan.policy_inputs.append(asked)
    decided = _decision_facts(judgement) | {"assessment": sha256_name(assessed), "input": sha256_name(asked)}
    plan.events.append(Event(EventType.PROPOSAL_DECIDED, now, None, reference, decided))
    leaf = first_leaf + len(plan.events) if passed else None
    if passed:
        facts = {"outcome": VerdictOutcome.PASS.value, "reasons": []}
        plan.events.append(Event(EventType.VERDICT_SETTLED, now, None, reference, facts))
    row = _row_of(judgement, reference, submitter, now, assessed) | {
        "state": (State.PASSED if passed else State.PENDING_REVIEW).value,
        "review_due_at": None if passed else review_due_at,
        "verdict": (VerdictOutcome.PASS if passed else VerdictOutcome.PENDING).value,
        "verdict_at": now if passed else None,
        "verdict_reasons": "[]",
        "verdict_leaf": leaf,
        "verdict_expires_at": None,
    }
    plan.rows.append(row)
    return row


def _row_of(
    judgement: Judgement, reference: ProposalRef, submitter: Principal, now: datetime, assessed: bytes
) -> dict[str, object]:
    """What is stored of a revision, but how it stands."""
    decision = judgement.decision
    return {
        "proposal_id": reference.id,
        "revision": reference.revision,
        "digest": reference.digest,
        "report": canonical_json(report_to_json(judgement.report)).decode(),
        "submitted_by": submitter.id,
        "submitted_at": now,
        "assessment": assessed.decode(),
        "severity": judgement.assessment.severity.effective,
        "outcome": decision.outcome.value,
        "reasons": canonical_json(reasons_to_json(decision.reasons)).decode(),
        "policy_revision": decision.policy.revision,
        "policy_engine": decision.policy.engine,
        "decided_at": judgement.decided_at,
    }


def _decision_facts(judgement: Judgement) -> dict[str, object]:
    decision, severity = judgement.decision, judgement.assessment.severity
    return {
        "outcome": decision.outcome.value,
        "reasons": [reason.code for reason in decision.reasons],
        "policy": {
            "revision": decision.policy.revision,
            "engine": decision.policy.engine,
            "version": judgement.engine_version,
        },
        "gatekeeper": __version__,
        "model": judgement.assessment.model,
        "severity": {"claimed": severity.claimed, "assessed": severity.assessed},
    }


def _not_theirs(proposal_id: str) -> NotPermittedError:
    return NotPermittedError(
        f"Proposal {proposal_id} was submitted by somebody else; only they may revise it.",
        code="not_your_proposal",
    )
