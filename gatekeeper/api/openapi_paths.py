"""The paths of the OpenAPI document: parameters, bodies and every answer of every operation. Data only."""

from __future__ import annotations

from gatekeeper.api.break_glass import LONGEST_TTL_SECONDS
from gatekeeper.api.json_answer import JSON
from gatekeeper.api.openapi_examples import DIGEST, PROPOSAL_ID, REPORT, REPORT_MARKDOWN
from gatekeeper.api.openapi_operation import (
    ANY,
    BODY,
    READ,
    Operation,
    answer_of,
    content_of,
    json_body,
    operation_of,
    parameter,
)
from gatekeeper.api.openapi_schemas import PROPOSAL_ID as PROPOSAL_ID_SCHEMA
from gatekeeper.api.openapi_schemas import TEXT, ref
from gatekeeper.api.parameters import MAX_KEY_CHARACTERS, MAX_REVISION
from gatekeeper.api.proposals import DEFAULT_PAGE, ORDERS
from gatekeeper.api.request_body import MARKDOWN, NDJSON
from gatekeeper.dossiers import MAX_PAGE
from gatekeeper.proposals.revisions import State

_PROPOSAL = parameter("path", "proposal_id", PROPOSAL_ID_SCHEMA, "The report's `id`.", example=PROPOSAL_ID)
_BREAK_GLASS = parameter("path", "break_glass_id", TEXT, "The `id` of a use of break-glass.")
_TILE = parameter(
    "path",
    "tile",
    TEXT,
    "The name below `/log/tile/` after C2SP tlog-tiles, slashes included: `0/000`, `entries/x001/234.p/17`.",
    example="entries/000.p/1",
)
_LEAF = parameter(
    "path",
    "leaf",
    {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
    "The entry's number, counted from 0: a verdict's `leaf`.",
    example="2",
)
_CACHED = {"Cache-Control": {"schema": TEXT, "description": "How long this stays as it is."}}
_IF_NONE_MATCH = parameter("header", "If-None-Match", TEXT, "An ETag; 304 when it is still right.")
_ETAG = {"ETag": {"schema": TEXT, "description": "Names this content; for If-None-Match."}}
_LOCATION = {"Location": {"schema": TEXT, "description": "The proposal's address."}}
_REPORTS = {
    JSON: {"schema": ref("Report"), "example": REPORT},
    MARKDOWN: {"schema": TEXT, "example": REPORT_MARKDOWN},
}


_PAGE_PARAMETERS = (
    parameter(
        "query",
        "state",
        {"type": "array", "items": {"type": "string", "enum": [state.value for state in State]}},
        "Only these states; may be repeated.",
    ),
    parameter("query", "cursor", TEXT, "`next_cursor` of the page before. Opaque."),
    parameter(
        "query",
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": DEFAULT_PAGE},
        "How many at most.",
    ),
    parameter(
        "query",
        "order",
        {"type": "string", "enum": list(ORDERS), "default": ORDERS[0]},
        "`newest` first, or as an `inbox`: the gravest first, then the longest waiting.",
    ),
)
_REVISION = parameter(
    "query",
    "revision",
    {"type": "integer", "minimum": 1, "maximum": MAX_REVISION},
    "Another revision than the current one.",
)
_KEY = parameter(
    "header",
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[!-~]+$"},
    "The same key with the same report is answered as the first time; with another report it is refused.",
)
_SETTLED = "A dossier with its verdict."

_PROPOSAL_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals": {
        "post": operation_of(
            "submit_proposal",
            "Hand in one report and get the decision",
            {
                200: answer_of(
                    "This revision is known; it is answered as it is.", content_of("Proposal"), _LOCATION
                ),
                201: answer_of("The decision is recorded.", content_of("Proposal"), _LOCATION),
            },
            (*BODY, 403, 411),
            tag="proposals",
            parameters=(_KEY,),
            body=_REPORTS,
        ),
        "get": operation_of(
            "list_proposals",
            "List current revisions",
            {200: answer_of("One page.", content_of("ProposalPage"))},
            READ,
            tag="proposals",
            parameters=_PAGE_PARAMETERS,
        ),
    },
    "/v1/proposals/bulk": {
        "post": operation_of(
            "submit_proposals",
            "Hand in many reports, one per line",
            {
                200: answer_of(
                    "One line for each line that is not blank, in order.", content_of("BulkLine", NDJSON)
                )
            },
            (*ANY, 403, 406, 415, 422),
            tag="proposals",
            body={NDJSON: {"schema": ref("Report")}},
        )
    },
    "/v1/proposals/{proposal_id}": {
        "get": operation_of(
            "get_proposal",
            "Read one revision, as JSON or as Markdown with the gate's findings",
            {
                200: answer_of(
                    "The revision.", {**content_of("Proposal"), MARKDOWN: {"schema": TEXT}}, _ETAG
                ),
                304: answer_of("Nothing changed."),
            },
            (*READ, 404),
            tag="proposals",
            parameters=(_PROPOSAL, _REVISION, _IF_NONE_MATCH),
        )
    },
    "/v1/proposals/{proposal_id}/history": {
        "get": operation_of(
            "get_history",
            "Every recorded step, oldest first",
            {200: answer_of("The steps.", content_of("History"))},
            (*READ, 404),
            tag="proposals",
            parameters=(_PROPOSAL,),
        )
    },
    "/v1/proposals/{proposal_id}/withdraw": {
        "post": operation_of(
            "withdraw_proposal",
            "End one's own pending proposal",
            {200: answer_of(_SETTLED, content_of("Proposal"))},
            (*BODY, 403, 404, 409),
            tag="proposals",
            parameters=(_PROPOSAL,),
        )
    },
    "/v1/proposals/{proposal_id}/reviews": {
        "post": operation_of(
            "vote_on_proposal",
            "Vote, bound to the digest one has read",
            {201: answer_of("The vote is recorded; the proposal as it is now.", content_of("Proposal"))},
            (*BODY, 403, 404, 409),
            tag="reviews",
            parameters=(_PROPOSAL,),
            body=json_body(
                "VoteBody", {"vote": "approve", "reason": "The rollback was rehearsed.", "digest": DIGEST}
            ),
        )
    },
}
_BREAK_GLASS_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals/{proposal_id}/break-glass": {
        "post": operation_of(
            "request_break_glass",
            "Ask for a pass; a second person has to agree",
            {201: answer_of("Asked, and everyone is told.", content_of("BreakGlass"))},
            (*BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_PROPOSAL,),
            body=json_body(
                "BreakGlassBody",
                {
                    "reason": "Checkout is down; this reverts the change that broke it.",
                    "digest": DIGEST,
                    "ttl_seconds": min(1800, LONGEST_TTL_SECONDS),
                },
            ),
        )
    },
    "/v1/break-glass": {
        "get": operation_of(
            "list_break_glass",
            "Every use, latest first",
            {200: answer_of("All of them.", content_of("BreakGlassList"))},
            READ,
            tag="break-glass",
        )
    },
    "/v1/break-glass/{break_glass_id}/second": {
        "post": operation_of(
            "second_break_glass",
            "Agree as the second person: the revision passes for the time asked",
            {200: answer_of("In force.", content_of("BreakGlass"))},
            (*BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_BREAK_GLASS,),
        )
    },
    "/v1/break-glass/{break_glass_id}/review": {
        "post": operation_of(
            "review_break_glass",
            "Write the review that is owed, as somebody who took no part",
            {200: answer_of("The debt is settled.", content_of("BreakGlass"))},
            (*BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_BREAK_GLASS,),
            body=json_body("BreakGlassReviewBody", {"reason": "Justified: checkout was down 20 minutes."}),
        )
    },
}
_GATE_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/freeze": {
        "get": operation_of(
            "get_freeze",
            "Is the gate frozen?",
            {200: answer_of("The freeze.", content_of("Freeze"))},
            READ,
            tag="gate",
        ),
        "post": operation_of(
            "freeze_gate",
            "Freeze the gate (operators)",
            {201: answer_of("Frozen: nothing new is allowed.", content_of("Freeze"))},
            (*BODY, 403, 409),
            tag="gate",
            body=json_body("FreezeBody", {"reason": "An agent loops and proposes the same change."}),
        ),
        "delete": operation_of(
            "thaw_gate",
            "Thaw the gate (operators)",
            {200: answer_of("Open again.", content_of("Freeze"))},
            (*BODY, 403, 409),
            tag="gate",
        ),
    },
    "/v1/notices": {
        "get": operation_of(
            "get_notices",
            "What everyone has to know now",
            {200: answer_of("The notices in force.", content_of("NoticeList"))},
            READ,
            tag="gate",
        )
    },
}
_LOG_PATHS: dict[str, dict[str, Operation]] = {
    "/log/checkpoint": {
        "get": operation_of(
            "get_checkpoint",
            "The newest signed and witnessed checkpoint",
            {200: answer_of("A C2SP tlog-checkpoint.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 500, 503),
            tag="log",
            security=(),
        )
    },
    "/log/tile/{tile}": {
        "get": operation_of(
            "get_tile",
            "256 hashes, or 256 entries, or fewer at the end of the published log",
            {
                200: answer_of(
                    "A tile or an entry bundle.", {"application/octet-stream": {"schema": {}}}, _CACHED
                )
            },
            (404, 500, 503),
            tag="log",
            parameters=(_TILE,),
            security=(),
        )
    },
    "/log/proof/{leaf}": {
        "get": operation_of(
            "get_inclusion_proof",
            "Proof that an entry is in the newest checkpoint",
            {200: answer_of("A C2SP tlog-proof.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 409, 500, 503),
            tag="log",
            parameters=(_LEAF,),
            security=(),
        )
    },
    "/log/policy": {
        "get": operation_of(
            "get_log_policy",
            "The keys of the log and of its witnesses",
            {200: answer_of("A C2SP tlog-policy.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 500, 503),
            tag="log",
            security=(),
        )
    },
}
_OPERATION_PATHS: dict[str, dict[str, Operation]] = {
    "/healthz": {
        "get": operation_of(
            "get_healthz",
            "Is the process alive?",
            {200: answer_of("It is.", content_of("Liveness"))},
            (),
            tag="operations",
            security=(),
        )
    },
    "/readyz": {
        "get": operation_of(
            "get_readyz",
            "Can it record, publish and sign, and has every rule just blocked its own bad example?",
            {
                200: answer_of("Fit to decide.", content_of("Readiness")),
                503: answer_of("Not fit to decide; `checks` says why.", content_of("Readiness")),
            },
            (500,),
            tag="operations",
            security=(),
        )
    },
    "/metrics": {
        "get": operation_of(
            "get_metrics",
            "Prometheus metrics, prefix fsar_gate_",
            {200: answer_of("Text exposition.", {"text/plain": {"schema": TEXT}})},
            (500,),
            tag="operations",
            security=(),
        )
    },
    "/openapi.json": {
        "get": operation_of(
            "get_openapi",
            "This document",
            {
                200: answer_of("OpenAPI 3.1.", {JSON: {"schema": {"type": "object"}}}, _ETAG),
                304: answer_of("Nothing changed."),
            },
            (),
            tag="operations",
            parameters=(_IF_NONE_MATCH,),
            security=(),
        )
    },
    "/policy/bundle.tar.gz": {
        "get": operation_of(
            "get_policy_bundle",
            "The policy as a bundle for OPA",
            {
                200: answer_of("The bundle.", {"application/gzip": {"schema": {}}}, _ETAG),
                304: answer_of("Nothing changed."),
            },
            ANY,
            tag="operations",
            parameters=(_IF_NONE_MATCH,),
            security=({"bundle": []}, {"bearer": []}),
        )
    },
}

PATHS: dict[str, dict[str, Operation]] = (
    _PROPOSAL_PATHS | _BREAK_GLASS_PATHS | _GATE_PATHS | _LOG_PATHS | _OPERATION_PATHS
)
