"""Scope: goals without a bounded change, and changes to many parts of the system at once.

Owns the rules on overreach.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import Rule

_UNBOUNDED = Rule(
    id="scope.no_bounded_change",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Names a goal but no bounded change",
    confidence=0.7,
    examples=("implement_idea: Implement: Smart Shop Builder",),
    lookalikes=(
        "Create or update the file a.js with this complete content:\n\nrun();\n",
        "Rename the button on the settings page from Save to Apply.",
    ),
)
_GOAL = compile_pattern(
    r"(?i)\A(?:\s*[a-z_]+:)?\s*(?:implement|build|create|develop|launch)\b[: ][^\n]{0,120}\s*\z"
)
_MOST_GOAL_CHARACTERS = 200
_PROGRAMME = Rule(
    id="scope.many_changes_at_once",
    hazard=Hazard.SCOPE_OVERREACH,
    title="Bundles changes to many parts of the system at once",
    confidence=0.6,
    examples=(
        "Fix the schema. Optimize the Stripe checkout. Retrain the AI models. Rework the deployment "
        "pipeline of production.",
    ),
    lookalikes=("Fix the schema of the orders table.",),
)
_PARTS = tuple(
    compile_pattern(rf"(?i)\b(?:{words})\b")
    for words in (
        "schemas?|migrations?|database",
        "stripe|checkout|payments?|monetization|pricing|billing",
        "ai|machine learning|models?|algorithms?",
        "deployments?|pipelines?|infrastructure|ci/cd|containers?|servers?|cach(?:e|ing)",
    )
)

RULES: tuple[Rule, ...] = (_UNBOUNDED, _PROGRAMME)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield how far a proposal reaches beyond one bounded change."""
    if not document.whole or any(artifact.named_at for artifact in document.artifacts):
        return
    text = document.reading
    if len(text) <= _MOST_GOAL_CHARACTERS and not document.artifacts and _GOAL.search(text) is not None:
        yield _UNBOUNDED.finding(document, 0, len(text))
    parts = [match for pattern in _PARTS if (match := pattern.search(text)) is not None]
    if len(parts) == len(_PARTS):
        first = min(parts, key=lambda match: match.start())
        yield _PROGRAMME.finding(document, first.start(), first.end())
