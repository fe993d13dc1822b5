"""Put the OpenAPI 3.1 document together, once, and serve it. Paths and schemas are data in the files beside this one.

OpenAPI 3.1 schemas are JSON Schema 2020-12, so the report's own schema stands in the document as it is; only its
internal references are rewritten to where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

import orjson
from flask import Response

from gatekeeper.api.json_answer import JSON, revalidated
from gatekeeper.api.openapi_executions import EXECUTION_PATHS, EXECUTION_SCHEMAS
from gatekeeper.api.openapi_paths import PATHS
from gatekeeper.api.openapi_permits import PERMIT_PATHS, PERMIT_SCHEMAS
from gatekeeper.api.openapi_schemas import SCHEMAS
from gatekeeper.api.openapi_verdicts import VERDICT_PATHS, VERDICT_SCHEMAS
from gatekeeper.api.openapi_well_known import WELL_KNOWN_PATHS, WELL_KNOWN_SCHEMAS
from gatekeeper.api.problems import PROBLEM_TYPES
from gatekeeper.api.routing import Call, Route
from gatekeeper.proposals.schema import report_schema

_REPORT = "#/components/schemas/Report"
_DESCRIPTION = (
    "Hand in proposals of self-modifying automation and obey the verdict: only `pass` may run, and only with a permit. "
    "Every error is an RFC 9457 problem document; `errors` points at each faulty field of the body, or at `/` and the "
    "name of a faulty query parameter or header. Unknown fields and parameters are refused, never ignored."
)
_TAGS = {
    "proposals": "Reports in, decisions out.",
    "reviews": "People decide what policy would not.",
    "break-glass": "Two people, one hour, a review owed.",
    "permits": "What a pass becomes: one revision, one action, one executor, one time.",
    "executions": "What became of the permits that were spent.",
    "gate": "Close the gate, open it, and what everyone has to know.",
    "log": "The tamper-evident record of every step, for anybody to verify (C2SP tlog-tiles).",
    "operations": "For those who run it.",
}


@cache
def openapi_document() -> dict[str, object]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatekeeper",
            "version": version("gatekeeper-fsar"),
            "description": _DESCRIPTION,
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": PATHS | VERDICT_PATHS | PERMIT_PATHS | EXECUTION_PATHS | WELL_KNOWN_PATHS,
        "components": {
            "schemas": {
                **SCHEMAS,
                **VERDICT_SCHEMAS,
                **PERMIT_SCHEMAS,
                **EXECUTION_SCHEMAS,
                **WELL_KNOWN_SCHEMAS,
                "Report": _embedded(report_schema()),
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token `gk_...`, shown once by `gatekeeper principal add`.",
                },
                "bundle": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "GATEKEEPER_BUNDLE_TOKEN: good for the policy bundle only.",
                },
            },
        },
        "x-problem-types": {
            kind.family.code: {"title": kind.family.title, "status": kind.status.value, "remedy": kind.remedy}
            for kind in PROBLEM_TYPES
        },
    }


def get_openapi(call: Call) -> Response:
    """This interface, described."""
    return revalidated(call.request, _serialised(), JSON)


@cache
def _serialised() -> bytes:
    return orjson.dumps(openapi_document())


def _embedded(schema: Mapping[str, object]) -> dict[str, object]:
    """A schema without its own address, its references rewritten to its place in the document."""
    kept = {name: value for name, value in schema.items() if name not in ("$schema", "$id")}
    moved = _moved(kept)
    assert isinstance(moved, dict)  # noqa: S101  # narrowed for the type checker
    return moved


def _moved(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            name: _REPORT + item[1:]
            if name == "$ref" and isinstance(item, str) and item.startswith("#")
            else _moved(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_moved(item) for item in value]
    return value


ROUTES = (Route("GET", "/openapi.json", get_openapi, public=True),)
