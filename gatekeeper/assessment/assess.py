"""The entry of the slice: from a report to its assessment, purely.

Owns the order of the steps and the promise that nothing escapes: an analyzer that fails is itself a finding, and
the assessment says that a part of the proposal could not be analysed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.analyzers import ANALYZERS, Analyzer
from gatekeeper.assessment.assessment import Assessment, Finding, Hazard
from gatekeeper.assessment.claims import judge_claims
from gatekeeper.assessment.effects import with_effect
from gatekeeper.assessment.plan import judge_plan
from gatekeeper.assessment.rollback import states_rollback
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.severity import MODEL_VERSION, weigh
from gatekeeper.assessment.text.document import Document
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.statements import StatedBefore

__all__ = ["MODEL_VERSION", "assess"]

_FAILED = Rule(
    "unassessable.analyzer_failed", Hazard.INCOHERENT, "An analyzer failed on this text", 1.0, (), ()
)
_UNDECODED = Rule(
    "unassessable.too_much_encoded", Hazard.INCOHERENT, "Holds more encoded text than is decoded", 1.0, (), ()
)


def assess(
    report: Report, analyzers: tuple[Analyzer, ...] = ANALYZERS, *, before: Sequence[StatedBefore] = ()
) -> Assessment:
    """Return what the proposal's text gives evidence of. Deterministic; never raises, whatever the text.

    `before` is what the submitter's latest other reports state, beside which this one's statements are put.
    """
    try:
        return _assess(report, Document(report.proposal), analyzers, before)
    except Exception:
        # Not even the text could be read or weighed: people must look at it.
        return _assess(report, Document(""), (_fail,), ())


def _assess(
    report: Report, document: Document, analyzers: tuple[Analyzer, ...], before: Sequence[StatedBefore]
) -> Assessment:
    documents = (document, *document.hidden)
    found = {finding for each in documents for analyze in analyzers for finding in _safely(analyze, each)}
    found.update(_UNDECODED.finding_at(each, *each.left_encoded) for each in documents if each.left_encoded)
    found = set(with_effect(document, tuple(found)))
    findings = tuple(sorted(found, key=lambda each: (each.start, each.rule, each.end, each.confidence)))
    rollback_stated = states_rollback(document)
    severity, contributions = weigh(
        document, findings, claimed=report.severity, rollback_stated=rollback_stated
    )
    return Assessment(
        model=MODEL_VERSION,
        severity=severity,
        findings=findings,
        contributions=contributions,
        plan=judge_plan(report, findings),
        rollback_stated=rollback_stated,
        unassessable=any(finding.rule.startswith("unassessable.") for finding in findings),
        claims=judge_claims(report, document, severity, findings, before),
    )


def _safely(analyze: Analyzer, document: Document) -> Iterator[Finding]:
    try:
        yield from analyze(document)
    except Exception:
        # Whatever an analyzer stumbles over is evidence, and people must look at it.
        yield from _fail(document)


def _fail(document: Document) -> Iterator[Finding]:
    yield _FAILED.finding(document, 0, 0)
