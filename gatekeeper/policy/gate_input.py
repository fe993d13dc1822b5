"""What the gate policy is given: evidence, never the author's words. Builds and bounds the input; asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatekeeper.assessment.assessment import Assessment, Finding
from gatekeeper.clock import rfc3339
from gatekeeper.proposals.report import Report

MAX_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class GateContext:
    """What policy has to know beside the report: is the gate frozen, and when is now."""

    frozen: bool
    now: datetime


def gate_input(
    report: Report, digest: str, assessment: Assessment, context: GateContext
) -> dict[str, object]:
    """The input of `data.gatekeeper.gate`. Beyond MAX_FINDINGS the rest counts as not assessed."""
    severity, plan = assessment.severity, assessment.plan
    return {
        "report": {
            "id": report.id,
            "digest": digest,
            "severity": report.severity,
            "block_execution": report.block_execution,
            "risks": len(report.risks),
            "mitigations": len(report.mitigations),
            "rollback": len(report.rollback or ()),
        },
        "assessment": {
            "model": assessment.model,
            "severity": {
                "claimed": severity.claimed,
                "assessed": severity.assessed,
                "effective": severity.effective,
                "likelihood": severity.likelihood,
                "damage": severity.damage,
                "reversibility": severity.reversibility,
            },
            "findings": _distinct(assessment.findings),
            "plan": {"addressed": list(plan.addressed), "unaddressed": list(plan.unaddressed)},
            "rollback_stated": assessment.rollback_stated,
            "unassessable": assessment.unassessable or len(assessment.findings) > MAX_FINDINGS,
        },
        "context": {"frozen": context.frozen, "now": rfc3339(context.now)},
    }


def _distinct(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
    """Each rule once, with its highest confidence: where it was found does not matter to policy."""
    highest: dict[tuple[str, str], float] = {}
    for finding in findings:
        key = (finding.rule, finding.hazard.value)
        highest[key] = max(highest.get(key, 0.0), finding.confidence)
    return [
        {"rule": rule, "hazard": hazard, "confidence": confidence}
        for (rule, hazard), confidence in highest.items()
    ]
