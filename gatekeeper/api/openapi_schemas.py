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
_SEVERITY: Schema = {"type": "integer", "minimum": 0, "maximum": 75}


def ref(name: str) -> Schema:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**members: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(members),
        "properties": members,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _words(words: Sequence[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def _body(fields: Sequence[Field]) -> Schema:
    return _object(**{field.name: field.schema for field in fields})


_DECISION: Schema = _object(
    outcome=_words(list(Outcome)),
    reasons=_list(ref("Reason")),
    policy=_object(revision=DIGEST_TEXT, engine=_words(["embedded", "opa"])),
    decided_at=MOMENT,
)
_VERDICT: Schema = _object(
    outcome=_words(list(VerdictOutcome)),
    at=_optional(MOMENT),
    leaf=_optional(COUNT),
    reasons=_list(ref("Reason")),
    expires_at=_optional(MOMENT),
)
_PLACE: dict[str, Schema] = {
    "id": PROPOSAL_ID,
    "revision": {"type": "integer", "minimum": 1},
    "digest": DIGEST_TEXT,
}
_STANDING: dict[str, Schema] = {
    "current": {"type": "boolean", "description": "False once a later revision superseded this one."},
    "state": _words(list(State)),
    "submitted_by": TEXT,
    "submitted_at": MOMENT,
}
_PROPOSAL: Schema = _object(
    **_PLACE,
    **_STANDING,
    review_due_at=_optional(MOMENT),
    report=ref("Report"),
    assessment=ref("Assessment"),
    decision=ref("Decision"),
    reviews=_list(ref("Review")),
    verdict=ref("Verdict"),
)
_BRIEF: Schema = _object(
    **_PLACE, **_STANDING, severity=_SEVERITY, decision=ref("Decision"), verdict=ref("Verdict")
)
_ASSESSMENT: Schema = _object(
    model={"type": "string", "description": "The version of the severity model."},
    severity=_object(
        claimed=_SEVERITY,
        assessed=_SEVERITY,
        effective=_SEVERITY,
        likelihood={"type": "integer", "minimum": 1, "maximum": 5},
        damage={"type": "integer", "minimum": 1, "maximum": 5},
        reversibility={"type": "integer", "minimum": 1, "maximum": 3},
    ),
    findings=_list(ref("Finding")),
    contributions=_list(_object(factor=_words(list(Factor)), amount={"type": "integer"}, rule=TEXT)),
    plan=_object(addressed=_list(TEXT), unaddressed=_list(TEXT)),
    rollback_stated=FLAG,
    unassessable={"type": "boolean", "description": "True when a part of it could not be analysed."},
    claims={
        "type": "array",
        "description": "What the author states that does not stand beside the evidence; decides nothing.",
        "items": _object(rule=TEXT, title=TEXT, about=TEXT, excerpt=TEXT),
    },
)
_FINDING: Schema = _object(
    rule=TEXT,
    hazard=_words(list(Hazard)),
    title=TEXT,
    start={"type": "integer", "minimum": 0, "description": "Character offset into `report.proposal`."},
    end=COUNT,
    excerpt=TEXT,
    confidence={"type": "number", "minimum": 0, "maximum": 1},
)
_BREAK_GLASS: Schema = _object(
    id=TEXT,
    proposal=_object(**_PLACE),
    state=_words(list(BreakGlassState)),
    reason=TEXT,
    ttl_seconds=COUNT,
    requested_by=TEXT,
    requested_at=MOMENT,
    seconded_by=_optional(TEXT),
    seconded_at=_optional(MOMENT),
    expires_at=_optional(MOMENT),
    review_due_at=_optional(MOMENT),
    reviewed_by=_optional(TEXT),
    reviewed_at=_optional(MOMENT),
    review_reason=_optional(TEXT),
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
        "errors": _list(ref("FieldError")),
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
    "ProposalPage": _object(items=_list(ref("Proposal")), next_cursor=_optional(TEXT)),
    "BulkLine": _BULK_LINE,
    "Assessment": _ASSESSMENT,
    "Finding": _FINDING,
    "Decision": _DECISION,
    "Reason": _object(code=TEXT, effect=_words(list(Effect)), message=TEXT, remedy=TEXT),
    "Review": _object(reviewer=TEXT, vote=VOTE_FIELDS[0].schema, reason=TEXT, digest=DIGEST_TEXT, at=MOMENT),
    "Verdict": _VERDICT,
    "HistoryEntry": _object(
        index=COUNT,
        type=TEXT,
        at=MOMENT,
        actor=_optional(TEXT),
        revision={"type": "integer", "minimum": 1},
        facts={"type": "object"},
        digest=DIGEST_TEXT,
    ),
    "History": _object(items=_list(ref("HistoryEntry"))),
    "Freeze": _object(
        frozen=FLAG, reason=_optional(TEXT), frozen_by=_optional(TEXT), frozen_at=_optional(MOMENT)
    ),
    "BreakGlass": _BREAK_GLASS,
    "BreakGlassList": _object(items=_list(ref("BreakGlass"))),
    "Notice": _object(code=TEXT, text=TEXT, since=MOMENT, proposal_id=_optional(TEXT)),
    "NoticeList": _object(items=_list(ref("Notice"))),
    "Liveness": _object(status={"const": "alive"}),
    "Readiness": _object(ready=FLAG, checks=_list(_object(name=TEXT, ok=FLAG, detail=TEXT))),
    "Problem": _PROBLEM,
    "FieldError": _object(
        pointer={"type": "string", "format": "json-pointer"},
        detail=TEXT,
    ),
    "VoteBody": _body(VOTE_FIELDS),
    "FreezeBody": _body(FREEZE_FIELDS),
    "BreakGlassBody": _body(REQUEST_FIELDS),
    "BreakGlassReviewBody": _body(REVIEW_FIELDS),
}
