"""Ask for a permit, spend it, revoke it, see what became of it. Whether that may be is decided behind this edge."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.executions import execution_to_json
from gatekeeper.api.fields import REASON, NumberField, TextField
from gatekeeper.api.json_answer import json_answer
from gatekeeper.api.parameters import identifier
from gatekeeper.api.request_body import optional_object, read_object
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import optional_rfc3339, rfc3339, utc_now
from gatekeeper.permits.permit import DEFAULT_TTL_SECONDS, LONGEST_AUDIENCE, LONGEST_TTL_SECONDS
from gatekeeper.permits.record import PermitRecord
from gatekeeper.permits.service import Wanted

PERMIT_FIELDS = (TextField("audience", LONGEST_AUDIENCE),)
PERMIT_OPTIONS = (NumberField("ttl_seconds", 1, LONGEST_TTL_SECONDS), TextField("executor_key", 44))
CONSUME_OPTIONS = (TextField("proof", 88),)
REVOKE_FIELDS = (REASON,)


def issue_permit(call: Call) -> Response:
    """A permit for the current revision, with the bundle for its executor, when witnesses have seen it."""
    proposal_id = identifier(call.path("proposal_id"))
    body = read_object(call.request, PERMIT_FIELDS, PERMIT_OPTIONS)
    ttl_seconds = body.get("ttl_seconds", DEFAULT_TTL_SECONDS)
    wanted = Wanted(proposal_id, body["audience"], ttl_seconds, body.get("executor_key"))
    issued = call.gatekeeper.permits.issue(wanted, call.principal, utc_now)
    return json_answer(permit_to_json(issued.record) | {"bundle": issued.bundle.value}, 201)


def list_permits(call: Call) -> Response:
    """The permits of a proposal, latest first."""
    proposal_id = identifier(call.path("proposal_id"))
    found = call.gatekeeper.permits.of_proposal(proposal_id, call.principal, call.now)
    return json_answer({"items": [permit_to_json(record) for record in found]})


def get_permit(call: Call) -> Response:
    """One permit as it stands now."""
    permit_id = identifier(call.path("permit_id"))
    return json_answer(permit_to_json(call.gatekeeper.permits.get(permit_id, call.principal, call.now)))


def consume_permit(call: Call) -> Response:
    """Spend a permit, once; the receipt says so, and the execution is what to report on."""
    permit_id = identifier(call.path("permit_id"))
    proof = optional_object(call.request, CONSUME_OPTIONS).get("proof")
    begun = call.gatekeeper.executions.begin(permit_id, proof, call.principal, utc_now)
    return json_answer(
        {
            "permit": permit_to_json(begun.consumption.record),
            "execution": execution_to_json(begun.execution),
            "receipt": begun.consumption.receipt.value,
        }
    )


def revoke_permit(call: Call) -> Response:
    """End a permit that is not spent."""
    permit_id = identifier(call.path("permit_id"))
    body = read_object(call.request, REVOKE_FIELDS)
    record = call.gatekeeper.permits.revoke(permit_id, body["reason"], call.principal, call.now)
    return json_answer(permit_to_json(record))


def permit_to_json(record: PermitRecord) -> dict[str, object]:
    """The Permit object of this interface."""
    permit, proposal = record.permit, record.proposal
    return {
        "id": permit.id,
        "proposal": proposal.value,
        "state": record.standing.value,
        "audience": permit.audience,
        "executor": record.executor.name,
        "executor_key": record.executor_key,
        "not_before": rfc3339(permit.not_before),
        "expires_at": rfc3339(permit.expires_at),
        "issued_by": record.issued_by.name,
        "issued_at": rfc3339(record.issued_at),
        "witnessed_at": optional_rfc3339(record.witnessed_at),
        "consumed_at": optional_rfc3339(record.consumed_at),
        "revoked_at": optional_rfc3339(record.revoked_at),
        "revocation": record.revocation,
        "revocation_reason": record.revocation_reason,
        "leaf": record.leaf,
        "consumed_leaf": record.consumed_leaf,
        "statement": record.statement_digest,
        "key": record.kid,
    }


ROUTES = (
    Route("POST", "/v1/proposals/<proposal_id>/permits", issue_permit),
    Route("GET", "/v1/proposals/<proposal_id>/permits", list_permits),
    Route("GET", "/v1/permits/<permit_id>", get_permit),
    Route("POST", "/v1/permits/<permit_id>/consume", consume_permit),
    Route("POST", "/v1/permits/<permit_id>/revoke", revoke_permit),
)
