"""The JSON form of an assessment, for the API and the database. Owns that form; a round trip changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gatekeeper.assessment.assessment import (
    Assessment,
    Claim,
    Contribution,
    Factor,
    Finding,
    Hazard,
    MitigationPlan,
    Severity,
)


def assessment_to_json(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON-ready values."""
    plan = assessment.plan
    return {
        "model": assessment.model,
        "severity": asdict(assessment.severity),
        "findings": [finding_to_json(finding) for finding in assessment.findings],
        "contributions": [
            {"factor": each.factor.value, "amount": each.amount, "rule": each.rule}
            for each in assessment.contributions
        ],
        "plan": {"addressed": list(plan.addressed), "unaddressed": list(plan.unaddressed)},
        "rollback_stated": assessment.rollback_stated,
        "unassessable": assessment.unassessable,
        "claims": [asdict(claim) for claim in assessment.claims],
    }


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return one finding as JSON-ready values, as the contract names them."""
    return {**asdict(finding), "hazard": finding.hazard.value}


def assessment_from_json(value: Mapping[str, Any]) -> Assessment:
    """Build the assessment back from its JSON form; a missing or unknown name raises KeyError or TypeError."""
    return Assessment(
        model=value["model"],
        severity=Severity(**value["severity"]),
        findings=tuple(Finding(**{**each, "hazard": Hazard(each["hazard"])}) for each in value["findings"]),
        contributions=tuple(
            Contribution(Factor(each["factor"]), each["amount"], each["rule"])
            for each in value["contributions"]
        ),
        plan=MitigationPlan(tuple(value["plan"]["addressed"]), tuple(value["plan"]["unaddressed"])),
        rollback_stated=value["rollback_stated"],
        unassessable=value["unassessable"],
        claims=tuple(Claim(**each) for each in value.get("claims", ())),
    )
