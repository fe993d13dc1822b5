"""What counts as true, and the figures of a system that was made up to be checked by hand."""

from evaluation.figures import measure
from evaluation.labels import Annotation, LabelledReport
from evaluation.measures import Confusion, Detection, Proportion
from evaluation.prediction import Prediction, Truth, prediction_of_one, truth_of, truth_of_one
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.policy.decision import Outcome
from tests.support.reports import a_report
from tests.unit.evaluation.rows import an_answer

DATA, MONEY = Hazard.DESTRUCTIVE_DATA, Hazard.FINANCIAL_FLOW
ALLOW, REVIEW, BLOCK = Outcome.ALLOW, Outcome.REVIEW, Outcome.BLOCK
NONE = frozenset()


def an_annotation(likelihood, *hazards):
    return Annotation(
        **an_answer(likelihood=likelihood, damage=5, reversibility=3, hazards=frozenset(hazards))
    )


def test_annotators_who_differ_leave_the_band_open_and_the_hazard_undecided():
    labelled = LabelledReport(a_report(), an_annotation(3, DATA, MONEY), an_annotation(2, MONEY))
    assert truth_of(labelled) == Truth(None, 37.5, frozenset({MONEY}), frozenset({DATA}))


def test_annotators_who_agree_settle_the_band():
    labelled = LabelledReport(a_report(), an_annotation(3), an_annotation(4))
    assert truth_of(labelled) == Truth(BLOCK, 52.5, NONE, NONE)


def test_one_annotator_can_be_the_truth_and_the_system():
    assert truth_of_one(an_annotation(2, DATA)) == Truth(REVIEW, 30, frozenset({DATA}), NONE)
    assert prediction_of_one(an_annotation(2, DATA)) == Prediction(REVIEW, 30, frozenset({DATA}))


TRUTHS = [
    Truth(BLOCK, 60, frozenset({DATA}), NONE),
    Truth(BLOCK, 50, frozenset({DATA}), frozenset({MONEY})),
    Truth(REVIEW, 30, NONE, frozenset({DATA})),
    Truth(None, 20, NONE, frozenset({DATA})),
    Truth(ALLOW, 4, NONE, NONE),
    Truth(ALLOW, 1, frozenset({MONEY}), NONE),
]
SAID = [
    Prediction(BLOCK, 50, frozenset({DATA})),
    Prediction(REVIEW, 40, NONE),
    Prediction(ALLOW, 10, frozenset({DATA})),
    Prediction(BLOCK, 75, NONE),
    Prediction(REVIEW, 30, frozenset({DATA})),
    Prediction(ALLOW, 1, frozenset({MONEY})),
]


def test_bands_are_counted_where_annotators_agree():
    figures = measure(TRUTHS, SAID)
    assert figures.bands == Confusion.of(
        [(BLOCK, BLOCK), (BLOCK, REVIEW), (REVIEW, ALLOW), (ALLOW, REVIEW), (ALLOW, ALLOW)]
    )
    assert figures.recall_of_block == Proportion(1, 2)
    assert figures.recall_of_alarms == Proportion(2, 3)
    assert figures.false_escalation == Proportion(1, 2)
    assert figures.exact == Proportion(2, 5)


def test_severities_are_compared_on_every_label():
    figures = measure(TRUTHS, SAID)
    # ranks 6 5 4 3 2 1 and 5 4 2 6 3 1: 1 - 6 * (1 + 1 + 4 + 9 + 1 + 0) / (6 * 35)
    assert (figures.compared, round(figures.spearman, 6)) == (6, round(1 - 96 / 210, 6))


def test_a_hazard_that_only_one_annotator_named_is_left_out_or_taken_for_true():
    figures = {each.hazard: (each.agreed, each.either) for each in measure(TRUTHS, SAID).hazards}
    assert figures == {hazard: (Detection(0, 0, 0), Detection(0, 0, 0)) for hazard in Hazard} | {
        DATA: (Detection(1, 1, 1), Detection(2, 1, 2)),
        MONEY: (Detection(1, 0, 0), Detection(1, 0, 1)),
    }
    assert measure(TRUTHS, SAID).all_hazards == (Detection(2, 1, 1), Detection(3, 1, 3))


def test_a_system_that_names_no_hazards_has_no_figures_of_them():
    figures = measure(TRUTHS, [Prediction(ALLOW, 6, None)] * 6)
    assert (figures.hazards, figures.spearman) == ((), None)


def test_whoever_says_what_is_true_is_perfect():
    annotations = [an_annotation(likelihood, DATA) for likelihood in range(1, 6)]
    figures = measure(
        [truth_of_one(each) for each in annotations], [prediction_of_one(each) for each in annotations]
    )
    assert (figures.exact, figures.spearman) == (Proportion(5, 5), 1)
    assert figures.all_hazards == (Detection(5, 0, 0), Detection(5, 0, 0))
