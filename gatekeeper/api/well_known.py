"""What strangers look for at a fixed address (RFC 8615): the keys by which permits are verified. Public."""

from __future__ import annotations

import orjson
from flask import Response

from gatekeeper.api.routing import Call, Route
from gatekeeper.errors import NotFoundError, UnavailableError
from gatekeeper.permits.rotation import PUBLISHED_AHEAD, signing_public_key
from gatekeeper.permits.signing_keys import jwks

JWK_SET = "application/jwk-set+json"
PEM = "application/x-pem-file"
_KEPT_SECONDS = int(PUBLISHED_AHEAD.total_seconds()) // 2


def get_permit_keys(call: Call) -> Response:
    """Every key that signs or signed permits, as a JWK set. Kept by nobody for as long as a new key waits."""
    keys = call.gatekeeper.permit_keys.published()
    caching = {"Cache-Control": f"public, max-age={_KEPT_SECONDS}"}
    return Response(orjson.dumps(jwks(keys)), 200, caching, content_type=JWK_SET)


def get_permit_key(call: Call) -> Response:
    """The key that signs permits at this moment, as OpenSSL reads it."""
    try:
        key = signing_public_key(call.gatekeeper.permit_keys.published(), call.now)
    except UnavailableError as error:
        detail = "The gate has no key that signs permits yet. An operator makes one with: gatekeeper permit rotate-key"
        raise NotFoundError(detail, code="no_permit_key") from error
    return Response(key.pem, 200, {"Cache-Control": "no-cache"}, content_type=PEM)


ROUTES = (
    Route(
        "GET", "/.well-known/gatekeeper/permit-keys.json", get_permit_keys, produces=(JWK_SET,), public=True
    ),
    Route("GET", "/.well-known/gatekeeper/permit-key.pem", get_permit_key, produces=(PEM,), public=True),
)
