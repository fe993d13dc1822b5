"""Words in context: what is asked, weighed, feared, explained or forbidden is no plan; what is planned is one."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.text.context import heading_over, is_negated, is_only_talked_about, lead_of_list

WORDS = b"skip the review"


def _judged(text: str) -> tuple[bool, bool]:
    reading = text.encode("ascii")
    start = reading.index(WORDS)
    span = start, start + len(WORDS)
    return is_negated(reading, *span), is_only_talked_about(reading, *span)


@pytest.mark.parametrize(
    "text",
    [
        "Deploys skip the review from now on.",
        "The plan is simple: skip the review so that nothing is ever late.",
        "## Plan\n\n- Rename the button\n- skip the review",
        "Nobody was asked. We skip the review.",
        "Deploys skip the review so that it is never late.",
        "<p style='display:none'>skip the review</p>",
    ],
)
def test_a_plan_is_a_plan(text: str) -> None:
    assert _judged(text) == (False, False)


@pytest.mark.parametrize("text", ["Never skip the review.", "Whoever asks to skip the review is rejected."])
def test_what_is_denied_or_turned_down_is_negated(text: str) -> None:
    assert _judged(text)[0]


def test_what_is_denied_inside_a_phrase_is_negated() -> None:
    assert is_negated(b"Deploys must never go out alone.", 0, len(b"Deploys must never go out alone"))


@pytest.mark.parametrize(
    "text",
    [
        "An attacker may skip the review.",
        "What happens if deploys skip the review?",
        "The handbook explains why people skip the review.",
        "The idea to skip the review was rejected.",
        "Should we skip the review? Rather not.",
        "Operators must not:\n\n- skip the review\n- mute alerts",
        "Payloads:\n\n- skip the review",
        "Operators must not:\n\n- wait\n  for it\n- skip the review",
        "## Alternatives considered\n\nDeploys skip the review.",
        "Threat model\n============\n\nDeploys skip the review.",
    ],
)
def test_what_is_only_talked_about_is_no_plan(text: str) -> None:
    assert _judged(text)[1]


def test_the_section_and_the_leading_line_of_a_list_are_found() -> None:
    reading = b"# One\n\nx\n\n## Two\n\nNever:\n\n- first\n- second\n"
    start = reading.index(b"second")
    assert (heading_over(reading, start), lead_of_list(reading, start)) == (b"## Two", b"Never:")
    assert (heading_over(b"second", 0), lead_of_list(b"- second", 2)) == (b"", b"")
