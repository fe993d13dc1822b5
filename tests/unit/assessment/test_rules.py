"""Every rule against the texts that stand beside it."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.analyzers import RULES
from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import PatternRule, Rule
from gatekeeper.assessment.severity_table import WEIGHTS, WEIGHTS_BY_HAZARD
from gatekeeper.assessment.text.reading import compile_phrase
from tests.unit.assessment.proposals import assessed, rules_found


def _cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, text, id=f"{rule.id}-{number}")
        for rule in RULES
        for number, text in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "text"), _cases("examples"))
def test_example_is_found(rule: Rule, text: str) -> None:
    found = {finding.rule: finding.hazard for finding in assessed(text).findings}
    assert found.get(rule.id) is rule.hazard


@pytest.mark.parametrize(("rule", "text"), _cases("lookalikes"))
def test_lookalike_is_not_found(rule: Rule, text: str) -> None:
    assert rule.id not in rules_found(text)


def test_no_pattern_matches_nothing() -> None:
    patterns = [rule for rule in RULES if isinstance(rule, PatternRule)]
    assert [rule.id for rule in patterns if compile_phrase(rule.pattern).search(b"") is not None] == []


def test_rule_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_rule_that_reads_text_has_an_example_and_a_lookalike() -> None:
    readers = [rule for rule in RULES if not rule.id.startswith("unassessable.")]
    assert [rule.id for rule in readers if not rule.examples or not rule.lookalikes] == []


def test_every_row_of_the_model_belongs_to_a_rule_or_a_family() -> None:
    families = {rule.id.partition(".")[0] for rule in RULES} | {rule.id for rule in RULES} | {"unassessable"}
    assert set(WEIGHTS) <= families


def test_every_hazard_has_a_weight() -> None:
    assert set(WEIGHTS_BY_HAZARD) == set(Hazard)
