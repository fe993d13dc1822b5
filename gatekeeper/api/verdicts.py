"""A verdict as one file, to be verified and decided again by anybody who has the log's key."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.json_answer import JSON, revalidated
from gatekeeper.api.parameters import MAX_REVISION, identifier, integer
from gatekeeper.api.routing import Call, Route

MAX_CHECKPOINT = 2**31 - 1


def get_verdict_file(call: Call) -> Response:
    """The file of one revision's verdict, byte for byte as `gatekeeper ledger verdict` writes it."""
    proposal_id = identifier(call.path("proposal_id"))
    revision = integer(call.request, "revision", 1, MAX_REVISION)
    checkpoint = integer(call.request, "checkpoint", 1, MAX_CHECKPOINT)
    exported = call.gatekeeper.verdicts.export(proposal_id, revision, checkpoint)
    return revalidated(call.request, exported.encoded, JSON)


ROUTES = (
    Route("GET", "/v1/proposals/<proposal_id>/verdict", get_verdict_file, query=("revision", "checkpoint")),
)
