"""Executions in the OpenAPI document: their paths and their schemas. Data only."""

from __future__ import annotations

from gatekeeper.api.executions import DEFAULT_PAGE, OUTCOME_FIELDS, OUTCOME_OPTIONS
from gatekeeper.api.openapi_operation import (
    BODY,
    READ,
    Operation,
    answer_of,
    content_of,
    json_body,
    operation_of,
    parameter,
)
from gatekeeper.api.openapi_schemas import (
    COUNT,
    MOMENT,
    PLACE,
    PROPOSAL_ID,
    SEVERITY,
    TEXT,
    Schema,
    body_of,
    list_of,
    object_of,
    optional_of,
    ref,
    words_of,
)
from gatekeeper.executions.execution import ExecutionState, Outcome
from gatekeeper.executions.service import MAX_PAGE

_EXECUTION = parameter("path", "execution_id", TEXT, "The `id` that consuming the permit gave.")
_STATES: Schema = {"type": "array", "items": words_of(list(ExecutionState))}
_LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": DEFAULT_PAGE}
_EVIDENCE = OUTCOME_OPTIONS[0].schema

EXECUTION_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/executions": {
        "get": operation_of(
            "list_executions",
            "What became of permits that were spent, latest first",
            {200: answer_of("One page.", content_of("ExecutionPage"))},
            READ,
            tag="executions",
            parameters=(
                parameter("query", "state", _STATES, "Only these states; may be repeated."),
                parameter("query", "proposal", PROPOSAL_ID, "Only those of one proposal, by its `id`."),
                parameter("query", "cursor", TEXT, "`next_cursor` of the page before. Opaque."),
                parameter("query", "limit", _LIMIT, "How many at most."),
            ),
        )
    },
    "/v1/executions/{execution_id}": {
        "get": operation_of(
            "get_execution",
            "One execution with every outcome that was reported",
            {200: answer_of("The execution.", content_of("Execution"))},
            (*READ, 404),
            tag="executions",
            parameters=(_EXECUTION,),
        )
    },
    "/v1/executions/{execution_id}/outcome": {
        "post": operation_of(
            "report_outcome",
            "Report how it went (its executor; after silence an operator too)",
            {200: answer_of("On record; the same again is answered alike.", content_of("Execution"))},
            (*BODY, 403, 404, 409),
            tag="executions",
            parameters=(_EXECUTION,),
            body=json_body(
                "OutcomeBody",
                {
                    "outcome": "succeeded",
                    "evidence": [{"uri": "https://ci.example.com/runs/731/log", "sha256": "3f79bb7b" * 8}],
                },
            ),
        )
    },
}

EXECUTION_SCHEMAS: dict[str, Schema] = {
    "Execution": object_of(
        id=TEXT,
        permit={"type": "string", "description": "The permit that was spent for it."},
        proposal=object_of(**PLACE),
        executor=TEXT,
        state=words_of(list(ExecutionState)),
        severity=object_of(claimed=SEVERITY, assessed=SEVERITY),
        p_fail=optional_of({"type": "number", "minimum": 0, "maximum": 1}),
        ai_model=optional_of(TEXT),
        opened_at=MOMENT,
        deadline_at=MOMENT,
        silent_since=optional_of(
            {**MOMENT, "description": "When the deadline was found to have passed in silence; it stays."}
        ),
        outcomes=list_of(ref("ReportedOutcome")),
    ),
    "ReportedOutcome": object_of(
        outcome=words_of(list(Outcome)), evidence=_EVIDENCE, by=TEXT, at=MOMENT, leaf=COUNT
    ),
    "ExecutionPage": object_of(items=list_of(ref("Execution")), next_cursor=optional_of(TEXT)),
    "OutcomeBody": body_of(OUTCOME_FIELDS, OUTCOME_OPTIONS),
}
