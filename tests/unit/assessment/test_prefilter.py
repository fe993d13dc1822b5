"""The filter of patterns passes over none that matches, and names all of them when it cannot tell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.assessment.analyzers import RULES
from gatekeeper.assessment.prefilter import RULE_PATTERNS, Prefilter
from gatekeeper.assessment.rules import PatternRule
from gatekeeper.assessment.text.reading import compile_phrase, read_as_bytes

PATTERNS = tuple(rule.pattern for rule in RULES if isinstance(rule, PatternRule))
COMPILED = tuple(map(compile_phrase, PATTERNS))
EXAMPLES = [read_as_bytes(text) for rule in RULES for text in rule.examples]
TEXTS = [text for rule in RULES for text in (*rule.examples, *rule.lookalikes)]


def _prefilter(patterns: tuple[str, ...]) -> Prefilter:
    prefilter = Prefilter()
    for pattern in patterns:
        prefilter.add(pattern)
    return prefilter


EVERY_RULE = _prefilter(PATTERNS)


def _matching(text: bytes) -> set[int]:
    return {number for number, pattern in enumerate(COMPILED) if pattern.search(text) is not None}


def test_what_matches_an_example_is_always_named() -> None:
    passed_over = [text for text in EXAMPLES if not _matching(text) <= EVERY_RULE.candidates(text)]
    assert passed_over == []


@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=3), st.data())
@settings(max_examples=60, deadline=None)
def test_what_matches_a_mixture_of_examples_is_always_named(texts: list[str], data: st.DataObject) -> None:
    cuts = [data.draw(st.integers(0, len(text))) for text in texts]
    mixed = read_as_bytes("".join(text[:cut] for text, cut in zip(texts, cuts, strict=True)).upper())
    assert _matching(mixed) <= EVERY_RULE.candidates(mixed)


def test_few_patterns_are_named_for_an_ordinary_text() -> None:
    assert len(EVERY_RULE.candidates(b"The button is blue from today on.")) < len(PATTERNS) / 4


def test_every_pattern_is_named_when_the_filter_gives_no_answer() -> None:
    class Exhausted:
        def Match(self, text: bytes, potential: bool) -> None:  # noqa: N802  # the name in google-re2
            return None

    prefilter = _prefilter(("first", "second"))
    assert prefilter.candidates(b"neither") == frozenset()
    prefilter._compiled = Exhausted()
    assert prefilter.candidates(b"neither") == frozenset({0, 1})


def test_a_pattern_is_found_by_its_number() -> None:
    prefilter = Prefilter()
    first, second = prefilter.add("drop it"), prefilter.add("(?i)keep (it)")
    found = prefilter.pattern(second).search(b"KEEP\n  IT")
    assert (first, second, found is not None and found.group(1)) == (0, 1, b"IT")


def test_the_patterns_of_all_rules_are_compiled_together_and_once() -> None:
    RULE_PATTERNS.candidates(b"a text")
    compiled = RULE_PATTERNS._compiled
    RULE_PATTERNS.candidates(b"another")
    assert RULE_PATTERNS._compiled is compiled
    assert RULE_PATTERNS._compiled_count == len(RULE_PATTERNS._patterns) >= 50
