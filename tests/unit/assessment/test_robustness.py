"""Rules find their own examples however those are written: case, blanks, comments, lookalikes, encodings, fences."""

from __future__ import annotations

import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.assessment.analyzers import ANALYZERS, RULES, Analyzer
from gatekeeper.assessment.assess import assess
from tests.support.reports import a_report
from tests.unit.assessment.rewriting import REWRITINGS

LEAST_FOUND = 0.95
SAMPLE = 60

# How it is written is what these rules are about.
_ABOUT_LETTERS = ("oversight.hidden_characters", "oversight.disguised_command")
_EXAMPLES = [(rule.id, text) for rule in RULES for text in rule.examples if rule.id not in _ABOUT_LETTERS]


# Each example is read by the analyzer that has to find it, and by no other.
_ANALYZER_OF: dict[str, Analyzer] = {
    rule.id: analyze for analyze in ANALYZERS for rule in sys.modules[analyze.__module__].RULES
}


def _is_found(rule: str, text: str) -> bool:
    found = assess(a_report(proposal=text), (_ANALYZER_OF[rule],)).findings
    return rule in {finding.rule for finding in found}


def _missed(rewriting: str, examples: list[tuple[str, str]], random: Random) -> list[tuple[str, str]]:
    rewritten = [(rule, REWRITINGS[rewriting](text, random)) for rule, text in examples]
    return [(rule, text) for rule, text in rewritten if not _is_found(rule, text)]


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_examples_are_found_when_rewritten(rewriting: str) -> None:
    changed = [(rule, text) for rule, text in _EXAMPLES if REWRITINGS[rewriting](text, Random(0)) != text]
    missed = _missed(rewriting, changed, Random(1))
    assert len(changed) >= 10
    assert (len(missed) <= (1 - LEAST_FOUND) * len(changed), missed) == (True, missed)


@given(
    st.sampled_from(("other_case", "other_spacing", "other_fence", "other_language", "sql_comments")),
    st.sampled_from(("lookalike_letters", "invisible_characters", "full_width_letters", "in_base64")),
    st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None)
def test_nine_of_ten_are_found_when_words_and_letters_are_rewritten(
    words: str, letters: str, seed: int
) -> None:
    random = Random(seed)
    some = [(rule, REWRITINGS[words](text, random)) for rule, text in random.sample(_EXAMPLES, SAMPLE)]
    missed = _missed(letters, some, random)
    assert (len(missed) <= 0.1 * SAMPLE, missed) == (True, missed)
