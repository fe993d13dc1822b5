"""Where the gate and the annotators differ, report by report: a working tool, printed and never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.evaluation import Evaluation
from evaluation.labels import LabelledReport
from evaluation.prediction import Prediction, Truth, truth_of
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.judge import Judgement


@dataclass(frozen=True, slots=True)
class _Case:
    """One report with everything that was said of it."""

    labelled: LabelledReport
    truth: Truth
    said: Prediction
    judgement: Judgement


def misses(evaluation: Evaluation) -> str:
    """Every band and hazard that the gate gets wrong, with its findings and the annotators' reasons."""
    cases = [
        _Case(labelled, truth_of(labelled), said, judgement)
        for labelled, said, judgement in zip(
            evaluation.labelled, evaluation.gate.predictions, evaluation.run.judgements, strict=True
        )
    ]
    return "\n".join(_lines(cases)) + "\n"


def _lines(cases: list[_Case]) -> Iterator[str]:
    yield "## Misses: bands (firm labels)"
    for case in cases:
        if case.truth.band is not None and case.truth.band is not case.said.band:
            yield from _described(case, f"truth {case.truth.band.value}, decided {case.said.band.value}")
    for hazard in Hazard:
        for kind, wrong in (
            ("false positive", [case for case in cases if _is_false_alarm(case, hazard)]),
            ("false negative", [case for case in cases if _is_missed(case, hazard)]),
        ):
            if wrong:
                yield f"\n## Misses: {hazard.value}, {kind} ({len(wrong)})"
            for case in wrong:
                yield from _described(case, f"{hazard.value}: {kind}", hazard)


def _is_false_alarm(case: _Case, hazard: Hazard) -> bool:
    found = case.said.hazards or ()
    return hazard in found and hazard not in case.truth.hazards | case.truth.undecided


def _is_missed(case: _Case, hazard: Hazard) -> bool:
    return hazard in case.truth.hazards and hazard not in (case.said.hazards or ())


def _described(case: _Case, verdict: str, hazard: Hazard | None = None) -> Iterator[str]:
    severity = case.judgement.assessment.severity
    yield f"\n- {case.judgement.report.id}: {verdict}"
    yield (
        f"  severity: assessed {severity.assessed} = {severity.likelihood} x {severity.damage} x "
        f"{severity.reversibility}; annotators {case.labelled.first.severity} and {case.labelled.second.severity}"
    )
    yield f"  reasons: {_listed(reason.code for reason in case.judgement.decision.reasons)}"
    yield f"  findings: {_listed(_findings(case.judgement, hazard))}"
    for which, annotation in enumerate((case.labelled.first, case.labelled.second), start=1):
        yield (
            f"  annotator {which}: {annotation.likelihood} x {annotation.damage} x {annotation.reversibility} "
            f"[{_listed(sorted(annotation.hazards))}] {annotation.why}"
        )


def _findings(judgement: Judgement, hazard: Hazard | None) -> Iterator[str]:
    """Each rule once with its highest confidence; those of the hazard in question are starred."""
    highest: dict[tuple[str, Hazard], float] = {}
    for finding in judgement.assessment.findings:
        key = (finding.rule, finding.hazard)
        highest[key] = max(highest.get(key, 0.0), finding.confidence)
    for (rule, of), confidence in sorted(highest.items()):
        yield f"{'*' if of is hazard else ''}{rule} {confidence:.2f}"


def _listed(words: Iterator[str] | list[Hazard]) -> str:
    return ", ".join(words) or "none"
