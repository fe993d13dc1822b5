"""The evaluation as JSON values, for machines that watch it. Owns that form."""

from __future__ import annotations

from statistics import median

from evaluation.evaluation import Evaluation
from evaluation.figures import Figures
from evaluation.measures import Detection, Proportion, percentile
from gatekeeper.policy.decision import Outcome


def evaluation_to_json(evaluation: Evaluation) -> dict[str, object]:
    """Every figure by the key of its system."""
    return {
        "labels": len(evaluation.labelled),
        "firm": sum(each.firm for each in evaluation.labelled),
        "model": evaluation.model,
        "policy_revision": evaluation.policy_revision,
        "systems": {system.key: _figures(system.figures) for system in evaluation.systems},
        "assess_milliseconds": {
            "median": median(evaluation.run.milliseconds),
            "p99": percentile(evaluation.run.milliseconds, 99),
        },
    }


def _figures(figures: Figures) -> dict[str, object]:
    agreed, either = figures.all_hazards
    hazards = [(each.hazard.value, each.agreed, each.either) for each in figures.hazards]
    return {
        "confusion": {
            truth.value: {outcome.value: figures.bands.count(truth, outcome) for outcome in Outcome}
            for truth in Outcome
        },
        "recall_of_block": _proportion(figures.recall_of_block),
        "recall_of_review_or_block": _proportion(figures.recall_of_alarms),
        "false_escalation": _proportion(figures.false_escalation),
        "same_band": _proportion(figures.exact),
        "spearman": figures.spearman,
        "compared": figures.compared,
        "hazards": {name: {"agreed": _detection(a), "either": _detection(e)} for name, a, e in hazards},
        "all_hazards": {"agreed": _detection(agreed), "either": _detection(either)} if hazards else None,
    }


def _proportion(share: Proportion) -> dict[str, object]:
    interval = None if share.interval is None else list(share.interval)
    return {"hits": share.hits, "total": share.total, "value": share.value, "interval": interval}


def _detection(detection: Detection) -> dict[str, object]:
    return {
        "true_positives": detection.true_positives,
        "false_positives": detection.false_positives,
        "false_negatives": detection.false_negatives,
        "f1": detection.f1,
        "precision": _proportion(detection.precision),
        "recall": _proportion(detection.recall),
    }
