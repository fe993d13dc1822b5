"""The component schemas of the OpenAPI document: every JSON object this interface answers or takes. Data only.

Each object lists all its members and allows no others, so that a test can hold real answers against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.api.break_glass import REQUEST_FIELDS, REVIEW_FIELDS
from gatekeeper.api.fields import DIGEST, Field
from gatekeeper.api.freeze import FREEZE_FIELDS
from gatekeeper.api.reviews import VOTE_FIELDS
from gatekeeper.assessment.assessment import Factor, Hazard
from gatekeeper.policy.decision import Effect, Outcome
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.break_glass import BreakGlassState

Schema = Mapping[str, object]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DIGEST_TEXT: Schema = DIGEST.schema
PROPOSAL_ID: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{1,64}$",
    "examples": ["fsar_6f0d2e1c-3c0a-4a57-9d52-1f1f3e0f9a10"],
}
SEVERITY: Schema = {"type": "integer", "minimum": 0, "maximum": 75}


def ref(name: str) -> Schema:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(**members: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "required": list(members),
        "properties": members,
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def optional_of(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def words_of(words: Sequence[str]) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def body_of(fields: Sequence[Field], optional: Sequence[Field] = ()) -> Schema:
    """A body with these fields and some of the optional ones."""
    members = {field.name: field.schema for field in (*fields, *optional)}
    return {**object_of(**members), "required": [field.name for field in fields]}


_DECISION: Schema = object_of(
    outcome=words_of(list(Outcome)),
    reasons=list_of(ref("Reason")),
    policy=object_of(revision=DIGEST_TEXT, engine=words_of(["embedded", "opa"])),
    decided_at=MOMENT,
)
_VERDICT: Schema = object_of(
    outcome=words_of(list(VerdictOutcome)),
    at=optional_of(MOMENT),
    leaf=optional_of(COUNT),
    reasons=list_of(ref("Reason")),
    expires_at=optional_of(MOMENT),
)
PLACE: dict[str, Schema] = {
    "id": PROPOSAL_ID,
    "revision": {"type": "integer", "minimum": 1},
    "digest": DIGEST_TEXT,
}
_STANDING: dict[str, Schema] = {
    "current": {"type": "boolean", "description": "False once a later revision superseded this one."},
    "state": words_of(list(State)),
    "submitted_by": TEXT,
    "submitted_at": MOMENT,
}
_PROPOSAL: Schema = object_of(
    **PLACE,
    **_STANDING,
    review_due_at=optional_of(MOMENT),
    report=ref("Report"),
    assessment=ref("Assessment"),
    decision=ref("Decision"),
    reviews=list_of(ref("Review")),
    verdict=ref("Verdict"),
)
_BRIEF: Schema = object_of(
    **PLACE, **_STANDING, severity=SEVERITY, decision=ref("Decision"), verdict=ref("Verdict")
)
_ASSESSMENT: Schema = object_of(
    model={"type": "string", "description": "The version of the severity model."},
    severity=object_of(
        claimed=SEVERITY,
        assessed=SEVERITY,
        effective=SEVERITY,
        likelihood={"type": "integer", "minimum": 1, "maximum": 5},
        damage={"type": "integer", "minimum": 1, "maximum": 5},
        reversibility={"type": "integer", "minimum": 1, "maximum": 3},
    ),
    findings=list_of(ref("Finding")),
    contributions=list_of(object_of(factor=words_of(list(Factor)), amount={"type": "integer"}, rule=TEXT)),
    plan=object_of(addressed=list_of(TEXT), unaddressed=list_of(TEXT)),
    rollback_stated=FLAG,
    unassessable={"type": "boolean", "description": "True when a part of it could not be analysed."},
    claims={
        "type": "array",
        "description": "What the author states that does not stand beside the evidence; decides nothing.",
        "items": object_of(rule=TEXT, title=TEXT, about=TEXT, excerpt=TEXT),
    },
)
_FINDING: Schema = object_of(
    rule=TEXT,
    hazard=words_of(list(Hazard)),
    title=TEXT,
    start={"type": "integer", "minimum": 0, "description": "Character offset into `report.proposal`."},
    end=COUNT,
    excerpt=TEXT,
    confidence={"type": "number", "minimum": 0, "maximum": 1},
)
_BREAK_GLASS: Schema = object_of(
    id=TEXT,
    proposal=object_of(**PLACE),
    state=words_of(list(BreakGlassState)),
    reason=TEXT,
    ttl_seconds=COUNT,
    requested_by=TEXT,
    requested_at=MOMENT,
    seconded_by=optional_of(TEXT),
    seconded_at=optional_of(MOMENT),
    expires_at=optional_of(MOMENT),
    review_due_at=optional_of(MOMENT),
    reviewed_by=optional_of(TEXT),
    reviewed_at=optional_of(MOMENT),
    review_reason=optional_of(TEXT),
)
_PROBLEM: Schema = {
    "type": "object",
    "description": "An RFC 9457 problem document. Further members may say more about the code.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": TEXT,
        "code": {"type": "string", "description": "Stable and meant for programs."},
        "errors": list_of(ref("FieldError")),
    },
}
_BULK_LINE: Schema = {
    "type": "object",
    "required": ["line", "status"],
    "properties": {
        "line": {"type": "integer", "minimum": 1, "description": "Counted from 1, blank lines included."},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "proposal": ref("ProposalBrief"),
        "error": ref("Problem"),
    },
    "oneOf": [{"required": ["proposal"]}, {"required": ["error"]}],
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "Proposal": _PROPOSAL,
    "ProposalBrief": _BRIEF,
    "ProposalPage": object_of(items=list_of(ref("Proposal")), next_cursor=optional_of(TEXT)),
    "BulkLine": _BULK_LINE,
    "Assessment": _ASSESSMENT,
    "Finding": _FINDING,
    "Decision": _DECISION,
    "Reason": object_of(code=TEXT, effect=words_of(list(Effect)), message=TEXT, remedy=TEXT),
    "Review": object_of(
        reviewer=TEXT, vote=VOTE_FIELDS[0].schema, reason=TEXT, digest=DIGEST_TEXT, at=MOMENT
    ),
    "Verdict": _VERDICT,
    "HistoryEntry": object_of(
        index=COUNT,
        type=TEXT,
        at=MOMENT,
        actor=optional_of(TEXT),
        revision={"type": "integer", "minimum": 1},
        facts={"type": "object"},
        digest=DIGEST_TEXT,
    ),
    "History": object_of(items=list_of(ref("HistoryEntry"))),
    "Freeze": object_of(
        frozen=FLAG, reason=optional_of(TEXT), frozen_by=optional_of(TEXT), frozen_at=optional_of(MOMENT)
    ),
    "BreakGlass": _BREAK_GLASS,
    "BreakGlassList": object_of(items=list_of(ref("BreakGlass"))),
    "Notice": object_of(code=TEXT, text=TEXT, since=MOMENT, proposal_id=optional_of(TEXT)),
    "NoticeList": object_of(items=list_of(ref("Notice"))),
    "Liveness": object_of(status={"const": "alive"}),
    "Readiness": object_of(ready=FLAG, checks=list_of(object_of(name=TEXT, ok=FLAG, detail=TEXT))),
    "Problem": _PROBLEM,
    "FieldError": object_of(
        pointer={"type": "string", "format": "json-pointer"},
        detail=TEXT,
    ),
    "VoteBody": body_of(VOTE_FIELDS),
    "FreezeBody": body_of(FREEZE_FIELDS),
    "BreakGlassBody": body_of(REQUEST_FIELDS),
    "BreakGlassReviewBody": body_of(REVIEW_FIELDS),
}
