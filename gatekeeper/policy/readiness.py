"""Every rule has to block its own bad example before the gate says it is ready.

Each rule has a `probe.json`: an input that is in order but for what that rule exists to catch.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.answers import decide
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import Outcome
from gatekeeper.policy.engine import PolicyEngine


@dataclass(frozen=True, slots=True)
class RuleProbe:
    """What one rule did with its own bad example."""

    rule: str
    blocked: bool
    detail: str


def probe_rules(engine: PolicyEngine, bundle: PolicyBundle) -> tuple[RuleProbe, ...]:
    """Put every rule's bad example to the engine, now."""
    return tuple(_probe(engine, bundle, rule) for rule in sorted(bundle.probes))


def require_blocking(bundle: PolicyBundle) -> None:
    """Raise UnavailableError unless every rule blocks its bad example in this process, whatever engine is asked later.

    An OPA server may have its policy from the gate, and gets this one when the gate serves it.
    """
    from gatekeeper.policy.embedded import EmbeddedEngine

    failed = [probe for probe in probe_rules(EmbeddedEngine(bundle), bundle) if not probe.blocked]
    if failed:
        named = "; ".join(f"{probe.rule}: {probe.detail}" for probe in failed)
        raise UnavailableError(
            f"Policy {bundle.revision} does not work, so it does not take the place of the one in force. {named}.",
            code="policy_not_proven",
        )


def probe_rule(engine: PolicyEngine, bundle: PolicyBundle, rule: str) -> RuleProbe:
    """Put one rule's bad example to the engine. Raises UnavailableError when it gives no answer to rely on."""
    decision = decide(engine, bundle.revision, bundle.probes[rule])
    codes = [reason.code for reason in decision.reasons if reason.code.partition(".")[0] == rule]
    if decision.outcome is Outcome.ALLOW or not codes:
        return RuleProbe(rule, False, "let its own bad example through")
    return RuleProbe(rule, True, f"{decision.outcome.value} by {codes[0]}")


def _probe(engine: PolicyEngine, bundle: PolicyBundle, rule: str) -> RuleProbe:
    try:
        return probe_rule(engine, bundle, rule)
    except UnavailableError as error:
        return RuleProbe(rule, False, error.detail)
