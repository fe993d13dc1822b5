"""How many places of a text are examined and reported for each rule, and what is said of those that are not."""

from __future__ import annotations

from collections import Counter

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern
from tests.unit.assessment.proposals import assessed

WEAK = Rule("weak.letter", Hazard.INCOHERENT, "A letter", 0.5, (), ())
STRONG = Rule("strong.digit", Hazard.INCOHERENT, "A digit", 0.5, (), ())
PLACE = compile_pattern(r"[a-z0-9]")


def _examined(text: str, *, kinds: int = 2, most: int = 100) -> list[tuple[str, int]]:
    document = Document(text)

    def judge(match: Match) -> Finding | None:
        if match.group() == b"x":
            return None
        rule = STRONG if match.group().isdigit() else WEAK
        return rule.finding(document, *match.span())

    found = examine(document, PLACE.finditer(document.reading), judge, kinds=kinds, most=most)
    return [(finding.rule, finding.start) for finding in found]


def test_eight_places_are_reported_for_each_rule() -> None:
    assert Counter(rule for rule, _ in _examined("a" * 20 + "1" * 20)) == {
        "weak.letter": 8,
        "strong.digit": 8,
    }


def test_many_places_of_one_rule_hide_none_of_another() -> None:
    assert _examined("a" * 9 + "1")[-1] == ("strong.digit", 9)


def test_nothing_is_examined_once_all_is_reported() -> None:
    assert [start for _, start in _examined("a" * 200, kinds=1)] == list(range(8))


def test_more_places_than_are_examined_are_a_finding() -> None:
    assert _examined("x" * 100) == []
    assert _examined("x" * 101) == [("unassessable.too_much", 100)]


def test_weak_passwords_hide_no_key_that_was_generated() -> None:
    weak = "".join(f"const password{number} = 'summer{number}time';\n" for number in range(9))
    found = assessed(f"```js\n{weak}const dbPassword = 'tR7#pVq9" + "2kLx';\n```").findings
    assert Counter(finding.rule for finding in found) == {
        "secrets.weak_password": 8,
        "secrets.assigned_value": 1,
    }


def test_a_flood_of_official_actions_in_a_workflow_is_unassessable() -> None:
    flood = "      - uses: actions/checkout@main\n" * 5000
    text = f"```yaml\non: push\njobs:\n  build:\n    steps:\n{flood}      - uses: someone/else@main\n```"
    assert assessed(text).unassessable
