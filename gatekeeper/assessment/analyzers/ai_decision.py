"""Decisions of models: about people, about money, and which model decides.

Owns the rules on automated decisions, in words and in code.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_MODEL = (
    r"(?:ai|machine[- ]learning|ml|reinforcement learning|neural|algorithms?|(?:predictive |ai |ml )?models?)"
)

_PATTERN_RULES = (
    PatternRule(
        id="ai.sets_prices",
        hazard=Hazard.AI_DECISION,
        title="Lets a model or algorithm set prices by itself",
        confidence=0.7,
        examples=(
            "Implement dynamic pricing models that adjust prices in real-time.",
            "A machine learning model adjusts prices automatically.",
        ),
        lookalikes=("Prices are reviewed by the team every month.", "No dynamic pricing is introduced."),
        pattern=r"(?i)\b(?:dynamic|real-?time|algorithmic|ai-(?:driven|powered|based)|automat(?:ed|"
        r"ic)) (?:pricing|price (?:adjustments?|changes|setting))\b"
        rf"|\b{_MODEL}\b[^.\n]{{0,60}}\b(?:set|adjust|chang|optimi[sz])\w* (?:the |our |your )?(?:prices|pricing)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.decides",
        hazard=Hazard.AI_DECISION,
        title="Lets a model decide about people or money",
        confidence=0.6,
        examples=(
            "An AI model approves loan requests.",
            "Use machine learning to automatically generate offers for customers.",
        ),
        lookalikes=("A model of the room is shown.", "The AI model never decides on refunds."),
        pattern=rf"(?i)\b{_MODEL}\b[^.\n]{{0,60}}\b(?:decid|approv|reject|scor|rank|screen|hir|dismiss|personali[sz]|select|recommend)\w*\b"
        rf"|\b{_MODEL}\b[^.\n]{{0,60}}\bgenerat\w* [^.\n]{{0,30}}\b(?:offers?|prices|discounts?)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.changes_model",
        hazard=Hazard.AI_DECISION,
        title="Retrains or replaces a model",
        confidence=0.6,
        examples=("Fine-tune the scoring models every night.", "Switch the AI model of the service."),
        lookalikes=("Update the data model diagram.", "Do not retrain the models."),
        pattern=r"(?i)\b(?:re-?train|fine-?tun|swap|switch)\w* (?:[a-z-]+ ){0,4}models?\b",
        where=Where.PROSE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal lets a model decide."""
    yield from _SCANNER.scan(document)
