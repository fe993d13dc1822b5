"""The gate over labelled reports, on evidence only. Owns what of a report is withheld and which findings count."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evaluation.labels import LabelledReport, band_of
from evaluation.prediction import Prediction
from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.assessment import Assessment, Hazard
from gatekeeper.judge import Judge, Judgement
from gatekeeper.proposals.report import Report

MIN_CONFIDENCE = 0.5
LOWEST_CLAIM = 1


@dataclass(frozen=True, slots=True)
class GateRun:
    """One judgement for each labelled report, in order, and the processor milliseconds of assessing each.

    RE2 builds its automata while it reads: `first_milliseconds` are those of a process that has just started.
    """

    judgements: tuple[Judgement, ...]
    first_milliseconds: tuple[float, ...]
    milliseconds: tuple[float, ...]

    def by_policy(self) -> list[Prediction]:
        """What the whole gate decides."""
        return [
            Prediction(
                each.decision.outcome, each.assessment.severity.assessed, hazards_found(each.assessment)
            )
            for each in self.judgements
        ]

    def by_severity(self) -> list[Prediction]:
        """What the assessed severity alone would do."""
        return [replace(each, band=band_of(each.severity)) for each in self.by_policy()]


def run_gate(judge: Judge, labelled: Sequence[LabelledReport], now: datetime) -> GateRun:
    """Judge each report on its evidence. Raises UnavailableError when policy cannot decide."""
    reports = [on_evidence(each.report) for each in labelled]
    first, again = ([_milliseconds(report) for report in reports] for _ in range(2))
    return GateRun(tuple(judge.judge(report, now) for report in reports), tuple(first), tuple(again))


def on_evidence(report: Report) -> Report:
    """The report without its author's verdict on it: claims can raise a decision, and here evidence alone counts."""
    return replace(
        report,
        severity=LOWEST_CLAIM,
        block_execution=False,
        likelihood=None,
        damage=None,
        reversibility=None,
    )


def hazards_found(assessment: Assessment) -> frozenset[Hazard]:
    """The hazards of the findings that are more likely right than not."""
    return frozenset(each.hazard for each in assessment.findings if each.confidence >= MIN_CONFIDENCE)


def _milliseconds(report: Report) -> float:
    started = time.process_time_ns()
    assess(report)
    return (time.process_time_ns() - started) / 1_000_000
