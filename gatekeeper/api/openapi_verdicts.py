"""Verdict files in the OpenAPI document: their path and the schema by which they are read. Data only."""

from __future__ import annotations

from gatekeeper.api.openapi_examples import PROPOSAL_ID
from gatekeeper.api.openapi_operation import READ, Operation, answer_of, content_of, operation_of, parameter
from gatekeeper.api.openapi_schemas import PROPOSAL_ID as PROPOSAL_ID_SCHEMA
from gatekeeper.api.openapi_schemas import TEXT, Schema
from gatekeeper.api.parameters import MAX_REVISION
from gatekeeper.api.verdicts import MAX_CHECKPOINT
from gatekeeper.verdicts.schema import VERDICT_FILE

_COUNTED = {"type": "integer", "minimum": 1}

VERDICT_PATHS: dict[str, dict[str, Operation]] = {
    "/v1/proposals/{proposal_id}/verdict": {
        "get": operation_of(
            "get_verdict_file",
            "The verdict as one file that `gatekeeper ledger verify --verdict` decides again offline",
            {
                200: answer_of(
                    "RFC 8785 JSON: report, findings, policy, votes and the log's proofs.",
                    content_of("VerdictFile"),
                    {"ETag": {"schema": TEXT, "description": "Names this content; for If-None-Match."}},
                ),
                304: answer_of("Nothing changed."),
            },
            (*READ, 404),
            tag="proposals",
            parameters=(
                parameter(
                    "path", "proposal_id", PROPOSAL_ID_SCHEMA, "The report's `id`.", example=PROPOSAL_ID
                ),
                parameter(
                    "query",
                    "revision",
                    {**_COUNTED, "maximum": MAX_REVISION},
                    "Another revision than the current one.",
                ),
                parameter(
                    "query",
                    "checkpoint",
                    {**_COUNTED, "maximum": MAX_CHECKPOINT},
                    "Prove it in the published checkpoint of so many entries: the one that was pinned.",
                ),
                parameter("header", "If-None-Match", TEXT, "An ETag; 304 when it is still right."),
            ),
        )
    }
}

VERDICT_SCHEMAS: dict[str, Schema] = {"VerdictFile": VERDICT_FILE}
