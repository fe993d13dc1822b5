"""One evaluation: every system over the same labelled reports, and the speed of the gate. Wires; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluation.figures import Figures, measure
from evaluation.gate_run import GateRun, run_gate
from evaluation.labels import LabelledReport
from evaluation.prediction import Prediction, prediction_of_one, truth_of, truth_of_one
from evaluation.word_scorers import phrase_scorer, word_counter
from gatekeeper.assessment.assess import MODEL_VERSION
from gatekeeper.judge import Judge


@dataclass(frozen=True, slots=True)
class System:
    """One thing that was measured: a key for machines, a name for people."""

    key: str
    name: str
    predictions: tuple[Prediction, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The first of `systems` is the gate as it decides; the last is one annotator held against the other."""

    labelled: tuple[LabelledReport, ...]
    systems: tuple[System, ...]
    run: GateRun
    model: str
    policy_revision: str

    @property
    def gate(self) -> System:
        """The primary figures."""
        return self.systems[0]


def evaluate(judge: Judge, labelled: Sequence[LabelledReport], now: datetime) -> Evaluation:
    """Run everything. Raises UnavailableError when policy cannot decide."""
    run = run_gate(judge, labelled, now)
    truths = [truth_of(each) for each in labelled]
    texts = [each.report.proposal for each in labelled]

    def system(key: str, name: str, predictions: Sequence[Prediction]) -> System:
        return System(key, name, tuple(predictions), measure(truths, predictions))

    second = tuple(prediction_of_one(each.second) for each in labelled)
    against_first = measure([truth_of_one(each.first) for each in labelled], second)
    return Evaluation(
        labelled=tuple(labelled),
        systems=(
            system("gate", "Gate: decision of the policy", run.by_policy()),
            system("severity", "Gate: assessed severity alone", run.by_severity()),
            system("phrase_scorer", "Phrase scorer", [phrase_scorer(text) for text in texts]),
            system("word_counter", "Word counter", [word_counter(text) for text in texts]),
            System("annotator", "Annotator 2 against annotator 1", second, against_first),
        ),
        run=run,
        model=MODEL_VERSION,
        policy_revision=judge.revision,
    )
