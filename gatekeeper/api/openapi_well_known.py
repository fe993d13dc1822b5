"""The keys of permits in the OpenAPI document: their paths and their schema. Data only."""

from __future__ import annotations

from gatekeeper.api.openapi_operation import Operation, answer_of, content_of, operation_of
from gatekeeper.api.openapi_schemas import MOMENT, TEXT, Schema, list_of, object_of, ref
from gatekeeper.api.well_known import JWK_SET, PEM

_CACHED: Schema = {"Cache-Control": {"schema": TEXT, "description": "How long this may be kept."}}

WELL_KNOWN_PATHS: dict[str, dict[str, Operation]] = {
    "/.well-known/gatekeeper/permit-keys.json": {
        "get": operation_of(
            "get_permit_keys",
            "Every key that signs or signed permits",
            {
                200: answer_of(
                    "A JWK set (RFC 7517), oldest first.", content_of("PermitKeys", JWK_SET), _CACHED
                )
            },
            (500, 503),
            tag="permits",
            security=(),
        )
    },
    "/.well-known/gatekeeper/permit-key.pem": {
        "get": operation_of(
            "get_permit_key",
            "The key that signs permits at this moment",
            {200: answer_of("A public key as OpenSSL reads it.", {PEM: {"schema": TEXT}}, _CACHED)},
            (404, 500, 503),
            tag="permits",
            security=(),
        )
    },
}

_RETIRED_AT: Schema = {**MOMENT, "description": "Nothing that it signed at or after this moment counts."}
_KEY: dict[str, Schema] = {
    "kty": {"const": "OKP"},
    "crv": {"const": "Ed25519"},
    "x": TEXT,
    "kid": TEXT,
    "use": {"const": "sig"},
    "alg": {"const": "EdDSA"},
}

WELL_KNOWN_SCHEMAS: dict[str, Schema] = {
    "PermitKeys": object_of(keys=list_of(ref("PermitKey"))),
    "PermitKey": {**object_of(**_KEY, retired_at=_RETIRED_AT), "required": list(_KEY)},
}
