"""Report how an execution went, and see what became of each. Who may report what is decided behind this edge."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.fields import ChoiceField, EvidenceField
from gatekeeper.api.json_answer import json_answer
from gatekeeper.api.parameters import choice, identifier, integer, queried_identifier
from gatekeeper.api.request_body import read_object
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import optional_rfc3339, rfc3339
from gatekeeper.executions.execution import Evidence, Execution, ExecutionState, Outcome, ReportedOutcome
from gatekeeper.executions.service import MAX_PAGE

DEFAULT_PAGE = 50
OUTCOME_FIELDS = (ChoiceField("outcome", tuple(outcome.value for outcome in Outcome)),)
OUTCOME_OPTIONS = (EvidenceField(),)


def report_outcome(call: Call) -> Response:
    """Record one outcome; the same again is answered alike."""
    execution_id = identifier(call.path("execution_id"))
    body = read_object(call.request, OUTCOME_FIELDS, OUTCOME_OPTIONS)
    evidence = [Evidence(**piece) for piece in body.get("evidence", ())]
    execution = call.gatekeeper.executions.report(
        execution_id, body["outcome"], evidence, call.principal, call.now
    )
    return json_answer(execution_to_json(execution))


def get_execution(call: Call) -> Response:
    """One execution with every outcome that was reported."""
    execution_id = identifier(call.path("execution_id"))
    return json_answer(execution_to_json(call.gatekeeper.executions.get(execution_id)))


def list_executions(call: Call) -> Response:
    """A page of executions, the latest first."""
    request = call.request
    page = call.gatekeeper.executions.page(
        states={
            ExecutionState(choice("state", text, ExecutionState)) for text in request.args.getlist("state")
        },
        proposal_id=queried_identifier(request, "proposal"),
        cursor=request.args.get("cursor"),
        limit=integer(request, "limit", 1, MAX_PAGE) or DEFAULT_PAGE,
    )
    return json_answer(
        {"items": [execution_to_json(each) for each in page.items], "next_cursor": page.next_cursor}
    )


def execution_to_json(execution: Execution) -> dict[str, object]:
    """The Execution object of this interface."""
    proposal = execution.proposal
    return {
        "id": execution.id,
        "permit": execution.permit_id,
        "proposal": proposal.value,
        "executor": execution.executor,
        "state": execution.state.value,
        "severity": {"claimed": execution.claimed, "assessed": execution.assessed},
        "p_fail": execution.p_fail,
        "ai_model": execution.ai_model,
        "opened_at": rfc3339(execution.opened_at),
        "deadline_at": rfc3339(execution.deadline_at),
        "silent_since": optional_rfc3339(execution.silent_since),
        "outcomes": [_outcome_to_json(each) for each in execution.reported],
    }


def _outcome_to_json(reported: ReportedOutcome) -> dict[str, object]:
    return {
        "outcome": reported.outcome.value,
        "evidence": [{"uri": each.uri, "sha256": each.sha256} for each in reported.evidence],
        "by": reported.by,
        "at": rfc3339(reported.at),
        "leaf": reported.leaf,
    }


ROUTES = (
    Route("POST", "/v1/executions/<execution_id>/outcome", report_outcome),
    Route("GET", "/v1/executions/<execution_id>", get_execution),
    Route(
        "GET",
        "/v1/executions",
        list_executions,
        query=("state", "proposal", "cursor", "limit"),
        repeatable=("state",),
    ),
)
