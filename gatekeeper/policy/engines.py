"""Which engine the settings ask for. Imports an engine only when it is the one."""

from __future__ import annotations

from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import PolicyEngine
from gatekeeper.settings import Settings


def build_engine(settings: Settings, bundle: PolicyBundle) -> PolicyEngine:
    """The OPA server when one is named, proven as it is used; the embedded engine otherwise."""
    if settings.opa_url is None:
        from gatekeeper.policy.embedded import EmbeddedEngine

        return EmbeddedEngine(bundle)
    from gatekeeper.policy.opa_client import OpaEngine
    from gatekeeper.policy.proven import ProvenEngine

    return ProvenEngine(OpaEngine(settings.opa_url, settings.opa_timeout_seconds, settings.opa_token), bundle)
