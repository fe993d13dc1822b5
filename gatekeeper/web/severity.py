"""The claimed severity beside the gate's own, and the three factors explained. Pure: values for the proposal page."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.assessment.assessment import Assessment, Factor
from gatekeeper.dossier import Dossier
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.proposals.report import Report
from gatekeeper.web.wording import FACTOR_LABELS, FACTOR_LEVELS, rule_label

HIGHEST = 75


@dataclass(frozen=True, slots=True)
class FactorView:
    """One factor: its value and scale, what that value means, what moved it there and what the author claimed."""

    label: str
    value: int
    highest: int
    meaning: str
    because: tuple[str, ...]
    claimed: int | None


@dataclass(frozen=True, slots=True)
class SeverityView:
    """Both severities. `verdict_on_claim` says in a sentence how they compare."""

    claimed: int
    assessed: int
    effective: int
    factors: tuple[FactorView, ...]
    verdict_on_claim: str


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the scale with what it means there."""

    label: str
    tone: str
    start: int
    end: int


def bands_of(bundle: PolicyBundle) -> tuple[Band, ...]:
    """The bands that the policy's thresholds cut the scale into."""
    review = bundle.data["gatekeeper"]["thresholds"]["severity"]["review"]
    block = bundle.data["gatekeeper"]["thresholds"]["severity"]["block"]
    return (
        Band("logged", "pass", 0, review),
        Band("plan", "wait", review, block),
        Band("blocked", "stop", block, HIGHEST),
    )


def severity_view(dossier: Dossier) -> SeverityView:
    """What the proposal page says about severity."""
    assessment, report = dossier.assessment, dossier.report
    severity = assessment.severity
    return SeverityView(
        claimed=severity.claimed,
        assessed=severity.assessed,
        effective=severity.effective,
        factors=tuple(_factor(factor, assessment, report) for factor in Factor),
        verdict_on_claim=_compare(severity.claimed, severity.assessed),
    )


def percent(score: int) -> str:
    """A place on the scale from 0 to 75, for an SVG coordinate."""
    return f"{100 * score / HIGHEST:.2f}%"


def _factor(factor: Factor, assessment: Assessment, report: Report) -> FactorView:
    value = int(getattr(assessment.severity, factor.value))
    levels = FACTOR_LEVELS[factor]
    titles = {finding.rule: finding.title for finding in assessment.findings}
    because = tuple(
        f"{contribution.amount:+d}: {rule_label(contribution.rule, titles)}"
        for contribution in assessment.contributions
        if contribution.factor is factor
    )
    return FactorView(
        FACTOR_LABELS[factor], value, len(levels), levels[value - 1], because, getattr(report, factor.value)
    )


def _compare(claimed: int, assessed: int) -> str:
    if assessed > claimed:
        return f"The gate found evidence of more harm than the author claims, so {assessed} counts."
    if assessed < claimed:
        return f"The author claims more than the gate found. Claims only ever raise severity, so {claimed} counts."
    return "The author's claim and the gate's own assessment agree."
