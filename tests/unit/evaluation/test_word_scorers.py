"""Both word scorers read words, not deeds."""

import pytest

from evaluation.prediction import Prediction
from evaluation.word_scorers import phrase_scorer, word_counter
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.policy.decision import Outcome


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Drop every table of production.", Prediction(Outcome.ALLOW, 6, None)),
        ("Reword the greeting without any Data Loss.", Prediction(Outcome.BLOCK, 48, None)),
    ],
)
def test_the_phrase_scorer_knows_one_phrase_only(text, said):
    assert phrase_scorer(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Reword the greeting.", Prediction(Outcome.ALLOW, 1, frozenset())),
        (
            "Greet users, users and the user.",
            Prediction(Outcome.ALLOW, 15, frozenset({Hazard.PERSONAL_DATA})),
        ),
        (
            "Paint the server; said of no database.",
            Prediction(Outcome.REVIEW, 30, frozenset({Hazard.INFRA_CHANGE, Hazard.SCHEMA_MIGRATION})),
        ),
        (
            "Never DELETE, drop or truncate.",
            Prediction(Outcome.BLOCK, 45, frozenset({Hazard.DESTRUCTIVE_DATA})),
        ),
        (
            "delete drop truncate remove overwrite replace",
            Prediction(Outcome.BLOCK, 75, frozenset({Hazard.DESTRUCTIVE_DATA})),
        ),
        ("A userland dropbox of modelling clay.", Prediction(Outcome.ALLOW, 1, frozenset())),
    ],
)
def test_the_word_counter_counts_distinct_whole_words(text, said):
    assert word_counter(text) == said
