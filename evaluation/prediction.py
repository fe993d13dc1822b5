"""What a system says of a report and what annotators hold for true: the two sides of every comparison. Pure values."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.labels import Annotation, LabelledReport
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.policy.decision import Outcome


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one system says. `hazards` is None for a system that names none."""

    band: Outcome
    severity: int
    hazards: frozenset[Hazard] | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What counts as true: `band` is None where they differ, `undecided` are hazards that only one named."""

    band: Outcome | None
    severity: float
    hazards: frozenset[Hazard]
    undecided: frozenset[Hazard]


def truth_of(labelled: LabelledReport) -> Truth:
    """Both annotators together: their common band, mean severity, common hazards."""
    first, second = labelled.first, labelled.second
    return Truth(
        band=first.band if labelled.firm else None,
        severity=(first.severity + second.severity) / 2,
        hazards=first.hazards & second.hazards,
        undecided=first.hazards ^ second.hazards,
    )


def truth_of_one(annotation: Annotation) -> Truth:
    """One annotator alone."""
    return Truth(annotation.band, annotation.severity, annotation.hazards, frozenset())


def prediction_of_one(annotation: Annotation) -> Prediction:
    """One annotator as if it were a system."""
    return Prediction(annotation.band, annotation.severity, annotation.hazards)
