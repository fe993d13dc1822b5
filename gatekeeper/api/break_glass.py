"""Ask to break the glass, second it, write the review that is owed, and see every use of it."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.fields import DIGEST, REASON, NumberField
from gatekeeper.api.json_answer import json_answer
from gatekeeper.api.parameters import identifier
from gatekeeper.api.request_body import read_object, refuse_body
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import optional_rfc3339, rfc3339
from gatekeeper.review.break_glass import BreakGlass

LONGEST_TTL_SECONDS = 86_400  # policy allows far less; this only keeps the number a duration
REQUEST_FIELDS = (REASON, DIGEST, NumberField("ttl_seconds", 1, LONGEST_TTL_SECONDS))
REVIEW_FIELDS = (REASON,)


def request_break_glass(call: Call) -> Response:
    """The first of two people asks for a pass."""
    proposal_id = identifier(call.path("proposal_id"))
    body = read_object(call.request, REQUEST_FIELDS)
    use = call.gatekeeper.break_glass.request(
        proposal_id,
        str(body["digest"]),
        str(body["reason"]),
        int(body["ttl_seconds"]),
        call.principal,
        call.now,
    )
    return json_answer(_break_glass_to_json(use), 201)


def second_break_glass(call: Call) -> Response:
    """The second person agrees, and the revision passes for the time asked."""
    refuse_body(call.request)
    request_id = identifier(call.path("break_glass_id"))
    use = call.gatekeeper.break_glass.second(request_id, call.principal, call.now)
    return json_answer(_break_glass_to_json(use))


def review_break_glass(call: Call) -> Response:
    """Somebody who took no part writes the review that is owed."""
    request_id = identifier(call.path("break_glass_id"))
    body = read_object(call.request, REVIEW_FIELDS)
    use = call.gatekeeper.break_glass.record_review(request_id, str(body["reason"]), call.principal, call.now)
    return json_answer(_break_glass_to_json(use))


def list_break_glass(call: Call) -> Response:
    """Every use, latest first."""
    return json_answer({"items": [_break_glass_to_json(use) for use in call.gatekeeper.break_glass.all()]})


def _break_glass_to_json(use: BreakGlass) -> dict[str, object]:
    return {
        "id": use.id,
        "proposal": {
            "id": use.proposal.id,
            "revision": use.proposal.revision,
            "digest": use.proposal.digest,
        },
        "state": use.state.value,
        "reason": use.reason,
        "ttl_seconds": use.ttl_seconds,
        "requested_by": use.requested_by,
        "requested_at": rfc3339(use.requested_at),
        "seconded_by": use.seconded_by,
        "seconded_at": optional_rfc3339(use.seconded_at),
        "expires_at": optional_rfc3339(use.expires_at),
        "review_due_at": optional_rfc3339(use.review_due_at),
        "reviewed_by": use.reviewed_by,
        "reviewed_at": optional_rfc3339(use.reviewed_at),
        "review_reason": use.review_reason,
    }


ROUTES = (
    Route("GET", "/v1/break-glass", list_break_glass),
    Route("POST", "/v1/proposals/<proposal_id>/break-glass", request_break_glass),
    Route("POST", "/v1/break-glass/<break_glass_id>/second", second_break_glass),
    Route("POST", "/v1/break-glass/<break_glass_id>/review", review_break_glass),
)
