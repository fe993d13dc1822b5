"""Vote on a proposal. Whether a vote counts and what the votes amount to is decided behind this edge."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.fields import DIGEST, REASON, ChoiceField
from gatekeeper.api.json_answer import json_answer
from gatekeeper.api.parameters import identifier
from gatekeeper.api.request_body import read_object
from gatekeeper.api.routing import Call, Route
from gatekeeper.dossier import dossier_to_json
from gatekeeper.review.votes import VoteKind

VOTE_FIELDS = (ChoiceField("vote", tuple(kind.value for kind in VoteKind)), REASON, DIGEST)


def vote_on_proposal(call: Call) -> Response:
    """Record one vote bound to a digest; answers the proposal as it is afterwards."""
    proposal_id = identifier(call.path("proposal_id"))
    body = read_object(call.request, VOTE_FIELDS)
    call.gatekeeper.reviews.vote(
        proposal_id, str(body["vote"]), str(body["reason"]), str(body["digest"]), call.principal, call.now
    )
    return json_answer(dossier_to_json(call.gatekeeper.dossiers.get(proposal_id)), 201)


ROUTES = (Route("POST", "/v1/proposals/<proposal_id>/reviews", vote_on_proposal),)
