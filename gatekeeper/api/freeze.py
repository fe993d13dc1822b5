"""Close the gate at once, open it again, and see whether it is closed."""

from __future__ import annotations

from flask import Response

from gatekeeper.api.fields import REASON
from gatekeeper.api.json_answer import json_answer
from gatekeeper.api.request_body import read_object, refuse_body
from gatekeeper.api.routing import Call, Route
from gatekeeper.clock import rfc3339
from gatekeeper.closures.service import Freeze

FREEZE_FIELDS = (REASON,)


def get_freeze(call: Call) -> Response:
    """Whether the gate is frozen, since when, by whom and why."""
    return json_answer(_freeze_to_json(call.gatekeeper.closures.current()))


def freeze_gate(call: Call) -> Response:
    """Freeze; for operators."""
    body = read_object(call.request, FREEZE_FIELDS)
    freeze = call.gatekeeper.closures.freeze(str(body["reason"]), call.principal, call.now)
    return json_answer(_freeze_to_json(freeze), 201)


def thaw_gate(call: Call) -> Response:
    """Thaw; for operators."""
    refuse_body(call.request)
    call.gatekeeper.closures.thaw(call.principal, call.now)
    return json_answer(_freeze_to_json(None))


def _freeze_to_json(freeze: Freeze | None) -> dict[str, object]:
    if freeze is None:
        return {"frozen": False, "reason": None, "frozen_by": None, "frozen_at": None}
    return {
        "frozen": True,
        "reason": freeze.reason,
        "frozen_by": freeze.frozen_by,
        "frozen_at": rfc3339(freeze.frozen_at),
    }


ROUTES = (
    Route("GET", "/v1/freeze", get_freeze),
    Route("POST", "/v1/freeze", freeze_gate),
    Route("DELETE", "/v1/freeze", thaw_gate),
)
