"""A dossier as Markdown: the report as it was handed in, then what the gate found, decided and recorded.

Quotes from the report and people's reasons are shown as code or on one line, so that they cannot pose as the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Claim, Finding
from gatekeeper.clock import rfc3339
from gatekeeper.dossier import Dossier
from gatekeeper.policy.decision import Reason
from gatekeeper.proposals.markdown_form import render_markdown


def dossier_to_markdown(dossier: Dossier) -> str:
    """The report, a rule, and the gate's part under `# Gatekeeper`."""
    report = render_markdown(dossier.report).rstrip("\n")
    return report + "\n\n---\n\n" + "\n".join(_gate_part(dossier)) + "\n"


def _gate_part(dossier: Dossier) -> Iterator[str]:
    severity, verdict, policy = dossier.assessment.severity, dossier.verdict, dossier.decision.policy
    yield "# Gatekeeper"
    yield f"- outcome: {dossier.decision.outcome.value}"
    yield f"- state: {dossier.state.value}"
    yield f"- verdict: {verdict.outcome.value}" + (f" at {rfc3339(verdict.at)}" if verdict.at else "")
    yield (
        f"- severity: {severity.effective} (claimed {severity.claimed}, assessed {severity.assessed} = likelihood "
        f"{severity.likelihood} x damage {severity.damage} x reversibility {severity.reversibility})"
    )
    yield f"- revision: {dossier.revision}{'' if dossier.current else ' (superseded)'}"
    yield f"- digest: {dossier.digest}"
    yield f"- policy: {policy.revision} ({policy.engine})"
    yield from _section("Reasons", [_reason(reason) for reason in dossier.decision.reasons])
    yield from _section("Findings", [_finding(finding) for finding in dossier.assessment.findings])
    yield from _section("Claims", [_claim(claim) for claim in dossier.assessment.claims])
    votes = [f"- {vote.reviewer}: {vote.vote.value}, {_code(vote.reason)}" for vote in dossier.votes]
    yield from _section("Reviews", votes)
    yield from _section("Verdict", [_reason(reason) for reason in verdict.reasons])


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"## {title}"
        yield from lines


def _reason(reason: Reason) -> str:
    return f"- {reason.effect.value} `{reason.code}`: {reason.message} {reason.remedy}".rstrip()


def _finding(finding: Finding) -> str:
    return (
        f"- `{finding.rule}` ({finding.hazard.value}, confidence {finding.confidence:.2f}, characters "
        f"{finding.start}-{finding.end}): {finding.title}: {_code(finding.excerpt)}"
    )


def _claim(claim: Claim) -> str:
    return f"- `{claim.rule}` ({claim.about}): {claim.title}: {_code(claim.excerpt)}"


def _code(text: str) -> str:
    """Foreign text as one line of code: it cannot end the span, so it cannot become Markdown."""
    return "`` " + " ".join(text.split()).replace("`", "'") + " ``"
