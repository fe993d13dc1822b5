"""Permits in the OpenAPI document: their paths and their schemas. Data only."""

from __future__ import annotations

from gatekeeper.api.openapi_examples import PROPOSAL_ID as A_PROPOSAL_ID
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
    DIGEST_TEXT,
    MOMENT,
    PLACE,
    PROPOSAL_ID,
    TEXT,
    Schema,
    body_of,
    list_of,
    object_of,
    optional_of,
    ref,
    words_of,
)
from gatekeeper.api.permits import CONSUME_OPTIONS, PERMIT_FIELDS, PERMIT_OPTIONS, REVOKE_FIELDS
from gatekeeper.permits.permit import Revocation, Standing

_PROPOSAL = parameter("path", "proposal_id", PROPOSAL_ID, "The report's `id`.", example=A_PROPOSAL_ID)
_PERMIT = parameter("path", "permit_id", TEXT, "The `id` of a permit.")

_WAITING = (
    "The answer comes when witnesses have seen the permit. 503 with `too_many_waiting`: others, or you, wait in this "
    "process, ask again after `Retry-After`. `publication_behind`: witnesses have not seen older entries either. "
    "`not_witnessed`: they did not see this permit in time, and it was revoked. `policy_not_in_force`: this "
    "process runs another policy than the gate."
)

PERMIT_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals/{proposal_id}/permits": {
        "post": operation_of(
            "issue_permit",
            "Ask for a permit (those who submitted, operators); issuing again revokes the one that is not spent",
            {201: answer_of("Issued, and witnessed.", content_of("IssuedPermit"))},
            (*BODY, 403, 404, 409),
            tag="permits",
            parameters=(_PROPOSAL,),
            body=json_body("PermitBody", {"audience": "deployer-1", "ttl_seconds": 300}),
        )
        | {"description": _WAITING},
        "get": operation_of(
            "list_permits",
            "The permits of a proposal that the caller may see, latest first",
            {200: answer_of("All of them.", content_of("PermitList"))},
            (*READ, 404),
            tag="permits",
            parameters=(_PROPOSAL,),
        ),
    },
    "/v1/permits/{permit_id}": {
        "get": operation_of(
            "get_permit",
            "One permit as it stands now",
            {200: answer_of("The permit.", content_of("Permit"))},
            (*READ, 403, 404),
            tag="permits",
            parameters=(_PERMIT,),
        )
    },
    "/v1/permits/{permit_id}/consume": {
        "post": operation_of(
            "consume_permit",
            "Spend a permit as its executor: 200 once, 409 ever after",
            {
                200: answer_of(
                    "Spent, and the execution begun. The receipt is signed.", content_of("Consumption")
                )
            },
            (*BODY, 403, 404, 409),
            tag="permits",
            parameters=(_PERMIT,),
            body=json_body("ConsumeBody", {}),
            body_required=False,
        )
    },
    "/v1/permits/{permit_id}/revoke": {
        "post": operation_of(
            "revoke_permit",
            "End a permit that is not spent (those it concerns, reviewers, operators)",
            {200: answer_of("Revoked.", content_of("Permit"))},
            (*BODY, 403, 404, 409),
            tag="permits",
            parameters=(_PERMIT,),
            body=json_body("RevokeBody", {"reason": "The window for this change is over."}),
        )
    },
}

_PERMIT_MEMBERS: dict[str, Schema] = {
    "id": TEXT,
    "proposal": object_of(**PLACE),
    "state": words_of(list(Standing)),
    "audience": TEXT,
    "executor": {"type": "string", "description": "The principal who may spend it."},
    "executor_key": optional_of(
        {"type": "string", "description": "The key that has to be proven, in base64."}
    ),
    "not_before": MOMENT,
    "expires_at": MOMENT,
    "issued_by": TEXT,
    "issued_at": MOMENT,
    "witnessed_at": optional_of({**MOMENT, "description": "Null until witnesses have seen its leaf."}),
    "consumed_at": optional_of(MOMENT),
    "revoked_at": optional_of(MOMENT),
    "revocation": optional_of(words_of([each.value for each in Revocation])),
    "revocation_reason": optional_of(TEXT),
    "leaf": COUNT,
    "consumed_leaf": optional_of(COUNT),
    "statement": DIGEST_TEXT,
    "key": {"type": "string", "description": "Which key signed it: `kid` of the published ones."},
}
PERMIT_SCHEMAS: dict[str, Schema] = {
    "Permit": object_of(**_PERMIT_MEMBERS),
    "IssuedPermit": object_of(**_PERMIT_MEMBERS, bundle=ref("PermitBundle")),
    "PermitList": object_of(items=list_of(ref("Permit"))),
    "PermitBundle": object_of(
        dsse=ref("Envelope"),
        entry={"type": "string", "description": "The leaf `permit.issued`, byte for byte."},
        tlogProof={"type": "string", "description": "A C2SP tlog-proof of that leaf."},
    ),
    "Envelope": object_of(
        payload={"type": "string", "description": "An in-toto Statement v1, in base64."},
        payloadType=TEXT,
        signatures={**list_of(object_of(keyid=TEXT, sig=TEXT)), "minItems": 1, "maxItems": 1},
    ),
    "Consumption": object_of(permit=ref("Permit"), execution=ref("Execution"), receipt=ref("Envelope")),
    "PermitBody": body_of(PERMIT_FIELDS, PERMIT_OPTIONS),
    "ConsumeBody": body_of((), CONSUME_OPTIONS),
    "RevokeBody": body_of(REVOKE_FIELDS),
}
