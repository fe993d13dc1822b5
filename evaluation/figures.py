"""The figures of one system against the truth. Pure; prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.measures import Confusion, Detection, Proportion, spearman
from evaluation.prediction import Prediction, Truth
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.policy.decision import Outcome

_ALARMS = (Outcome.REVIEW, Outcome.BLOCK)


@dataclass(frozen=True, slots=True)
class HazardFigures:
    """One hazard: `agreed` leaves out what only one annotator named, `either` takes it for true."""

    hazard: Hazard
    agreed: Detection
    either: Detection


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured of one system. `hazards` is empty for a system that names none."""

    bands: Confusion[Outcome]
    spearman: float | None
    compared: int
    hazards: tuple[HazardFigures, ...]

    @property
    def recall_of_block(self) -> Proportion:
        """Of what has to be blocked, what was blocked."""
        return self.bands.share([Outcome.BLOCK], [Outcome.BLOCK])

    @property
    def recall_of_alarms(self) -> Proportion:
        """Of what has to be reviewed or blocked, what was reviewed or blocked."""
        return self.bands.share(_ALARMS, _ALARMS)

    @property
    def false_escalation(self) -> Proportion:
        """Of what may run, what was reviewed or blocked."""
        return self.bands.share([Outcome.ALLOW], _ALARMS)

    @property
    def exact(self) -> Proportion:
        """What came out in its own band."""
        hits = sum(self.bands.count(band, band) for band in Outcome)
        return Proportion(hits, self.bands.share(Outcome, Outcome).total)

    @property
    def all_hazards(self) -> tuple[Detection, Detection]:
        """The counts of every hazard added up: agreed, either."""
        nothing = Detection(0, 0, 0)
        return (
            sum((each.agreed for each in self.hazards), nothing),
            sum((each.either for each in self.hazards), nothing),
        )


def measure(truths: Sequence[Truth], predictions: Sequence[Prediction]) -> Figures:
    """Compare pairwise, in order."""
    pairs = list(zip(truths, predictions, strict=True))
    names_hazards = any(prediction.hazards is not None for prediction in predictions)
    return Figures(
        bands=Confusion.of((truth.band, said.band) for truth, said in pairs if truth.band is not None),
        spearman=spearman([truth.severity for truth in truths], [said.severity for said in predictions]),
        compared=len(pairs),
        hazards=tuple(_hazard(hazard, pairs) for hazard in Hazard) if names_hazards else (),
    )


def _hazard(hazard: Hazard, pairs: Sequence[tuple[Truth, Prediction]]) -> HazardFigures:
    said = [(truth, hazard in (prediction.hazards or ())) for truth, prediction in pairs]
    return HazardFigures(
        hazard,
        agreed=_detection(
            (hazard in truth.hazards, alarm) for truth, alarm in said if hazard not in truth.undecided
        ),
        either=_detection((hazard in truth.hazards | truth.undecided, alarm) for truth, alarm in said),
    )


def _detection(pairs: Iterable[tuple[bool, bool]]) -> Detection:
    met = Confusion.of(pairs)
    return Detection(met.count(True, True), met.count(False, True), met.count(True, False))
