"""The receipt of a redeemed permit: an in-toto Statement about the same subject, with the leaf that says so. Pure."""

from __future__ import annotations

from datetime import datetime

from gatekeeper.canonical import canonical_json
from gatekeeper.clock import rfc3339
from gatekeeper.permits.permit import Permit
from gatekeeper.permits.statement import STATEMENT_TYPE

PREDICATE_TYPE = "https://gatekeeper.dev/consumption/v1"


def receipt(permit: Permit, digest: str, executor_id: str, leaf: int, at: datetime) -> bytes:
    """Return the RFC 8785 bytes of the receipt's statement. `digest` names the permit's signed bytes."""
    binding = permit.binding
    reference = binding.proposal
    return canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": f"{reference.id}@{reference.revision}", "digest": {"sha256": binding.digest}}
            ],
            "predicateType": PREDICATE_TYPE,
            "predicate": {
                "permitId": permit.id,
                "permitDigest": digest,
                "executor": executor_id,
                "consumedAt": rfc3339(at),
                "leaf": leaf,
            },
        }
    )
