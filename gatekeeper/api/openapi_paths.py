"""The paths of the OpenAPI document: parameters, bodies and every answer of every operation. Data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from gatekeeper.api.break_glass import LONGEST_TTL_SECONDS
from gatekeeper.api.json_answer import JSON
from gatekeeper.api.openapi_examples import DIGEST, PROPOSAL_ID, REPORT, REPORT_MARKDOWN
from gatekeeper.api.openapi_schemas import PROPOSAL_ID as PROPOSAL_ID_SCHEMA
from gatekeeper.api.openapi_schemas import TEXT, Schema, ref
from gatekeeper.api.parameters import MAX_KEY_CHARACTERS, MAX_REVISION
from gatekeeper.api.problems import MEDIA_TYPE as PROBLEM
from gatekeeper.api.problems import PROBLEM_TYPES
from gatekeeper.api.proposals import DEFAULT_PAGE, ORDERS
from gatekeeper.api.request_body import MARKDOWN, NDJSON
from gatekeeper.dossiers import MAX_PAGE
from gatekeeper.proposals.revisions import State

Operation = dict[str, object]

_REMEDIES = {kind.status: kind for kind in reversed(PROBLEM_TYPES)}
_ANY = (401, 500, 503)
_READ = (*_ANY, 406, 422)
_BODY = (*_READ, 400, 413, 415)


def _parameter(where: str, name: str, schema: Schema, description: str, **more: object) -> Schema:
    return {
        "in": where,
        "name": name,
        "required": where == "path",
        "schema": schema,
        "description": description,
    } | more


_PROPOSAL = _parameter("path", "proposal_id", PROPOSAL_ID_SCHEMA, "The report's `id`.", example=PROPOSAL_ID)
_BREAK_GLASS = _parameter("path", "break_glass_id", TEXT, "The `id` of a use of break-glass.")
_TILE = _parameter(
    "path",
    "tile",
    TEXT,
    "The name below `/log/tile/` after C2SP tlog-tiles, slashes included: `0/000`, `entries/x001/234.p/17`.",
    example="entries/000.p/1",
)
_LEAF = _parameter(
    "path",
    "leaf",
    {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
    "The entry's number, counted from 0: a verdict's `leaf`.",
    example="2",
)
_CACHED = {"Cache-Control": {"schema": TEXT, "description": "How long this stays as it is."}}
_IF_NONE_MATCH = _parameter("header", "If-None-Match", TEXT, "An ETag; 304 when it is still right.")
_ETAG = {"ETag": {"schema": TEXT, "description": "Names this content; for If-None-Match."}}
_LOCATION = {"Location": {"schema": TEXT, "description": "The proposal's address."}}
_REPORTS = {
    JSON: {"schema": ref("Report"), "example": REPORT},
    MARKDOWN: {"schema": TEXT, "example": REPORT_MARKDOWN},
}
_PROBLEM_HEADERS: dict[int, Mapping[str, object]] = {
    401: {"WWW-Authenticate": {"schema": TEXT, "description": "`Bearer`."}},
    415: {"Accept": {"schema": TEXT, "description": "The media types this takes."}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
}


def _content(schema: str, media_type: str = JSON) -> Schema:
    return {media_type: {"schema": ref(schema)}}


def _answer(description: str, content: Schema | None = None, headers: Schema | None = None) -> Schema:
    answer: dict[str, object] = {"description": description}
    if content:
        answer["content"] = content
    if headers:
        answer["headers"] = headers
    return answer


def _problems(statuses: Sequence[int]) -> dict[str, Schema]:
    answers = {}
    for status in sorted(set(statuses)):
        kind = _REMEDIES.get(HTTPStatus(status))
        title = f"{kind.family.title}. {kind.remedy}" if kind else HTTPStatus(status).phrase
        answers[str(status)] = _answer(title, _content("Problem", PROBLEM), _PROBLEM_HEADERS.get(status))
    return answers


def _operation(
    name: str,
    summary: str,
    answers: Mapping[int, Schema],
    problems: Sequence[int],
    *,
    tag: str,
    parameters: Sequence[Schema] = (),
    body: Schema | None = None,
    security: Sequence[Schema] | None = None,
) -> Operation:
    operation: Operation = {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "responses": {str(status): answer for status, answer in answers.items()} | _problems(problems),
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    if security is not None:
        operation["security"] = list(security)
    return operation


def _json_body(schema: str, example: Mapping[str, object]) -> Schema:
    return {JSON: {"schema": ref(schema), "example": example}}


_PAGE_PARAMETERS = (
    _parameter(
        "query",
        "state",
        {"type": "array", "items": {"type": "string", "enum": [state.value for state in State]}},
        "Only these states; may be repeated.",
    ),
    _parameter("query", "cursor", TEXT, "`next_cursor` of the page before. Opaque."),
    _parameter(
        "query",
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": DEFAULT_PAGE},
        "How many at most.",
    ),
    _parameter(
        "query",
        "order",
        {"type": "string", "enum": list(ORDERS), "default": ORDERS[0]},
        "`newest` first, or as an `inbox`: the gravest first, then the longest waiting.",
    ),
)
_REVISION = _parameter(
    "query",
    "revision",
    {"type": "integer", "minimum": 1, "maximum": MAX_REVISION},
    "Another revision than the current one.",
)
_KEY = _parameter(
    "header",
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[!-~]+$"},
    "The same key with the same report is answered as the first time; with another report it is refused.",
)
_SETTLED = "A dossier with its verdict."

_PROPOSAL_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals": {
        "post": _operation(
            "submit_proposal",
            "Hand in one report and get the decision",
            {
                200: _answer(
                    "This revision is known; it is answered as it is.", _content("Proposal"), _LOCATION
                ),
                201: _answer("The decision is recorded.", _content("Proposal"), _LOCATION),
            },
            (*_BODY, 403, 411),
            tag="proposals",
            parameters=(_KEY,),
            body=_REPORTS,
        ),
        "get": _operation(
            "list_proposals",
            "List current revisions",
            {200: _answer("One page.", _content("ProposalPage"))},
            _READ,
            tag="proposals",
            parameters=_PAGE_PARAMETERS,
        ),
    },
    "/v1/proposals/bulk": {
        "post": _operation(
            "submit_proposals",
            "Hand in many reports, one per line",
            {
                200: _answer(
                    "One line for each line that is not blank, in order.", _content("BulkLine", NDJSON)
                )
            },
            (*_ANY, 403, 406, 415, 422),
            tag="proposals",
            body={NDJSON: {"schema": ref("Report")}},
        )
    },
    "/v1/proposals/{proposal_id}": {
        "get": _operation(
            "get_proposal",
            "Read one revision, as JSON or as Markdown with the gate's findings",
            {
                200: _answer("The revision.", {**_content("Proposal"), MARKDOWN: {"schema": TEXT}}, _ETAG),
                304: _answer("Nothing changed."),
            },
            (*_READ, 404),
            tag="proposals",
            parameters=(_PROPOSAL, _REVISION, _IF_NONE_MATCH),
        )
    },
    "/v1/proposals/{proposal_id}/history": {
        "get": _operation(
            "get_history",
            "Every recorded step, oldest first",
            {200: _answer("The steps.", _content("History"))},
            (*_READ, 404),
            tag="proposals",
            parameters=(_PROPOSAL,),
        )
    },
    "/v1/proposals/{proposal_id}/withdraw": {
        "post": _operation(
            "withdraw_proposal",
            "End one's own pending proposal",
            {200: _answer(_SETTLED, _content("Proposal"))},
            (*_BODY, 403, 404, 409),
            tag="proposals",
            parameters=(_PROPOSAL,),
        )
    },
    "/v1/proposals/{proposal_id}/reviews": {
        "post": _operation(
            "vote_on_proposal",
            "Vote, bound to the digest one has read",
            {201: _answer("The vote is recorded; the proposal as it is now.", _content("Proposal"))},
            (*_BODY, 403, 404, 409),
            tag="reviews",
            parameters=(_PROPOSAL,),
            body=_json_body(
                "VoteBody", {"vote": "approve", "reason": "The rollback was rehearsed.", "digest": DIGEST}
            ),
        )
    },
}
_BREAK_GLASS_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals/{proposal_id}/break-glass": {
        "post": _operation(
            "request_break_glass",
            "Ask for a pass; a second person has to agree",
            {201: _answer("Asked, and everyone is told.", _content("BreakGlass"))},
            (*_BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_PROPOSAL,),
            body=_json_body(
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
        "get": _operation(
            "list_break_glass",
            "Every use, latest first",
            {200: _answer("All of them.", _content("BreakGlassList"))},
            _READ,
            tag="break-glass",
        )
    },
    "/v1/break-glass/{break_glass_id}/second": {
        "post": _operation(
            "second_break_glass",
            "Agree as the second person: the revision passes for the time asked",
            {200: _answer("In force.", _content("BreakGlass"))},
            (*_BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_BREAK_GLASS,),
        )
    },
    "/v1/break-glass/{break_glass_id}/review": {
        "post": _operation(
            "review_break_glass",
            "Write the review that is owed, as somebody who took no part",
            {200: _answer("The debt is settled.", _content("BreakGlass"))},
            (*_BODY, 403, 404, 409),
            tag="break-glass",
            parameters=(_BREAK_GLASS,),
            body=_json_body("BreakGlassReviewBody", {"reason": "Justified: checkout was down 20 minutes."}),
        )
    },
}
_GATE_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/freeze": {
        "get": _operation(
            "get_freeze",
            "Is the gate frozen?",
            {200: _answer("The freeze.", _content("Freeze"))},
            _READ,
            tag="gate",
        ),
        "post": _operation(
            "freeze_gate",
            "Freeze the gate (operators)",
            {201: _answer("Frozen: nothing new is allowed.", _content("Freeze"))},
            (*_BODY, 403, 409),
            tag="gate",
            body=_json_body("FreezeBody", {"reason": "An agent loops and proposes the same change."}),
        ),
        "delete": _operation(
            "thaw_gate",
            "Thaw the gate (operators)",
            {200: _answer("Open again.", _content("Freeze"))},
            (*_BODY, 403, 409),
            tag="gate",
        ),
    },
    "/v1/notices": {
        "get": _operation(
            "get_notices",
            "What everyone has to know now",
            {200: _answer("The notices in force.", _content("NoticeList"))},
            _READ,
            tag="gate",
        )
    },
}
_LOG_PATHS: dict[str, dict[str, Operation]] = {
    "/log/checkpoint": {
        "get": _operation(
            "get_checkpoint",
            "The newest signed and witnessed checkpoint",
            {200: _answer("A C2SP tlog-checkpoint.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 500, 503),
            tag="log",
            security=(),
        )
    },
    "/log/tile/{tile}": {
        "get": _operation(
            "get_tile",
            "256 hashes, or 256 entries, or fewer at the end of the published log",
            {
                200: _answer(
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
        "get": _operation(
            "get_inclusion_proof",
            "Proof that an entry is in the newest checkpoint",
            {200: _answer("A C2SP tlog-proof.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 409, 500, 503),
            tag="log",
            parameters=(_LEAF,),
            security=(),
        )
    },
    "/log/policy": {
        "get": _operation(
            "get_log_policy",
            "The keys of the log and of its witnesses",
            {200: _answer("A C2SP tlog-policy.", {"text/plain": {"schema": TEXT}}, _CACHED)},
            (404, 500, 503),
            tag="log",
            security=(),
        )
    },
}
_OPERATION_PATHS: dict[str, dict[str, Operation]] = {
    "/healthz": {
        "get": _operation(
            "get_healthz",
            "Is the process alive?",
            {200: _answer("It is.", _content("Liveness"))},
            (),
            tag="operations",
            security=(),
        )
    },
    "/readyz": {
        "get": _operation(
            "get_readyz",
            "Has every rule just blocked its own bad example?",
            {
                200: _answer("Fit to decide.", _content("Readiness")),
                503: _answer("Not fit to decide; `checks` says why.", _content("Readiness")),
            },
            (500,),
            tag="operations",
            security=(),
        )
    },
    "/metrics": {
        "get": _operation(
            "get_metrics",
            "Prometheus metrics, prefix fsar_gate_",
            {200: _answer("Text exposition.", {"text/plain": {"schema": TEXT}})},
            (500,),
            tag="operations",
            security=(),
        )
    },
    "/openapi.json": {
        "get": _operation(
            "get_openapi",
            "This document",
            {
                200: _answer("OpenAPI 3.1.", {JSON: {"schema": {"type": "object"}}}, _ETAG),
                304: _answer("Nothing changed."),
            },
            (),
            tag="operations",
            parameters=(_IF_NONE_MATCH,),
            security=(),
        )
    },
    "/policy/bundle.tar.gz": {
        "get": _operation(
            "get_policy_bundle",
            "The policy as a bundle for OPA",
            {
                200: _answer("The bundle.", {"application/gzip": {"schema": {}}}, _ETAG),
                304: _answer("Nothing changed."),
            },
            _ANY,
            tag="operations",
            parameters=(_IF_NONE_MATCH,),
            security=({"bundle": []}, {"bearer": []}),
        )
    },
}

PATHS: dict[str, dict[str, Operation]] = (
    _PROPOSAL_PATHS | _BREAK_GLASS_PATHS | _GATE_PATHS | _LOG_PATHS | _OPERATION_PATHS
)
