"""Who calls: a bearer token and nothing else. Browser cookies are never looked at here."""

from __future__ import annotations

import hmac

from flask import Request

from gatekeeper.errors import NotAuthenticatedError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import IdentityService


def bearer_token(request: Request) -> str:
    """The token of the Authorization header; raises NotAuthenticatedError when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticatedError("Send `Authorization: Bearer` and your token.")
    return token


def authenticated(request: Request, identity: IdentityService) -> Principal:
    """The principal behind the request's token; raises NotAuthenticatedError."""
    return identity.authenticate(bearer_token(request))


def may_fetch_policy(request: Request, identity: IdentityService, bundle_token: str | None) -> None:
    """Let in whoever holds the bundle token (compared in constant time) or is any principal; else raise."""
    token = bearer_token(request)
    if bundle_token is None or not hmac.compare_digest(token.encode(), bundle_token.encode()):
        identity.authenticate(token)
