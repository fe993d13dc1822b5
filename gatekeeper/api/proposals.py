"""Hand in, list, read and follow proposals; withdraw one's own."""

from __future__ import annotations

import orjson
from flask import Response

from gatekeeper.api.json_answer import JSON, json_answer, revalidated
from gatekeeper.api.parameters import MAX_REVISION, choice, idempotency_key, identifier, integer
from gatekeeper.api.request_body import MARKDOWN, media_type, read_body, refuse_body
from gatekeeper.api.routing import Call, Route
from gatekeeper.dossier import dossier_to_json, history_to_json
from gatekeeper.dossier_markdown import dossier_to_markdown
from gatekeeper.dossiers import MAX_PAGE
from gatekeeper.proposals.forms import parse_report
from gatekeeper.proposals.revisions import State

FORMS = (JSON, MARKDOWN)
DEFAULT_PAGE = 50
ORDERS = ("newest", "inbox")


def submit_proposal(call: Call) -> Response:
    """Decide one report. 201 when this call recorded the revision, 200 when it was known."""
    request, limit = call.request, call.gatekeeper.settings.max_report_bytes
    form = media_type(request, FORMS)
    key = idempotency_key(request)
    report = parse_report(read_body(request, form, limit), form, limit_bytes=limit)
    submission = call.gatekeeper.gate.submit(report, call.principal, call.now, idempotency_key=key)
    dossier = submission.dossier
    if submission.created:
        call.metrics.count_decision(dossier.decision.outcome.value)
    status = 201 if submission.created else 200
    return json_answer(dossier_to_json(dossier), status, {"Location": f"/v1/proposals/{dossier.id}"})


def list_proposals(call: Call) -> Response:
    """A page of current revisions."""
    request = call.request
    states = {State(choice("state", text, State)) for text in request.args.getlist("state")}
    order = choice("order", request.args.get("order", ORDERS[0]), ORDERS)
    page = call.gatekeeper.dossiers.page(
        states=states,
        cursor=request.args.get("cursor"),
        limit=integer(request, "limit", 1, MAX_PAGE) or DEFAULT_PAGE,
        inbox=order == "inbox",
    )
    items = [dossier_to_json(dossier) for dossier in page.items]
    return json_answer({"items": items, "next_cursor": page.next_cursor})


def get_proposal(call: Call) -> Response:
    """One revision as JSON, or as the report in Markdown with the gate's findings."""
    proposal_id = identifier(call.path("proposal_id"))
    dossier = call.gatekeeper.dossiers.get(proposal_id, integer(call.request, "revision", 1, MAX_REVISION))
    if call.request.accept_mimetypes.best_match(FORMS, default=JSON) == MARKDOWN:
        body = dossier_to_markdown(dossier).encode()
        answer = revalidated(call.request, body, MARKDOWN)
    else:
        answer = revalidated(call.request, orjson.dumps(dossier_to_json(dossier)), JSON)
    answer.headers["Vary"] = "Accept"
    return answer


def get_history(call: Call) -> Response:
    """Every recorded step of a proposal, oldest first."""
    entries = call.gatekeeper.dossiers.history(identifier(call.path("proposal_id")))
    return json_answer({"items": [history_to_json(entry) for entry in entries]})


def withdraw_proposal(call: Call) -> Response:
    """End one's own pending proposal."""
    refuse_body(call.request)
    proposal_id = identifier(call.path("proposal_id"))
    call.gatekeeper.reviews.withdraw(proposal_id, call.principal, call.now)
    return json_answer(dossier_to_json(call.gatekeeper.dossiers.get(proposal_id)))


ROUTES = (
    Route("POST", "/v1/proposals", submit_proposal),
    Route(
        "GET",
        "/v1/proposals",
        list_proposals,
        query=("state", "cursor", "limit", "order"),
        repeatable=("state",),
    ),
    Route("GET", "/v1/proposals/<proposal_id>", get_proposal, query=("revision",), produces=FORMS),
    Route("GET", "/v1/proposals/<proposal_id>/history", get_history),
    Route("POST", "/v1/proposals/<proposal_id>/withdraw", withdraw_proposal),
)
