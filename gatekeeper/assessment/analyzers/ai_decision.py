"""Decisions of models: about people, about money, and which model decides.

Owns the rules on automated decisions, in words and in code. What a model only finds, forecasts or shows to people
decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_MODEL = (
    r"(?:(?:our |the |an? )?(?:ai|llms?|gpt\S*|machine[- ]learning|ml|reinforcement learning|neural networks?|"
    r"algorithms?|classifiers?|(?:predictive |scoring |language )?models?))"
)
_SUBJECTS = (
    r"(?:loans?|credits?|claims?|applicants?|applications?|candidates?|employees?|tenants?|patients?|insur\w+|"
    r"refunds?|payouts?|accounts?|customers?|users?|people|benefits?|ideas?|proposals?|tasks?|requests?|orders?)"
)
_OFFERS = (
    r"(?:offers?|prices?|pricing|discounts?|products?|monetization|strateg(?:y|ies)|promotions?|contracts?)"
)

_PATTERN_RULES = (
    PatternRule(
        id="ai.sets_prices",
        hazard=Hazard.AI_DECISION,
        title="Lets a model or algorithm set prices by itself",
        confidence=0.75,
        examples=(
            "Implement dynamic pricing models that adjust prices in real-time.",
            "A machine learning model adjusts prices automatically.",
            "Use AI that predicts demand and changes pricing strategies.",
        ),
        lookalikes=(
            "Prices are reviewed by the team every month.",
            "No dynamic pricing is introduced.",
            "The model of the price table is documented.",
        ),
        pattern=r"(?i)\b(?:dynamic|real-?time|algorithmic|ai-(?:driven|powered|based)|automat(?:ed|ic)) "
        r"(?:pricing|price (?:adjustments?|changes|setting))\b"
        rf"|\b{_MODEL}\b[^.\n]{{0,60}}\b(?:set|adjust|chang|optimi[sz])\w* (?:the |our |your )?(?:prices|pricing)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.makes_offers",
        hazard=Hazard.AI_DECISION,
        title="Lets a model make offers to customers",
        confidence=0.65,
        examples=(
            "Use machine learning to automatically generate offers for customers.",
            "Enhance our algorithms for generating offers.",
            "The builder auto-generates product listings in the shop.",
        ),
        lookalikes=(
            "People write the offers; the generated report is read by sales.",
            "Generate a report of the offers of last month.",
            "No model generates offers here.",
        ),
        pattern=rf"(?i)\b{_MODEL}\b[^.\n]{{0,80}}\bgenerat\w* [^.\n]{{0,40}}\b{_OFFERS}\b"
        rf"|\bauto(?:matically )?-?generat\w* [^.\n]{{0,30}}\b{_OFFERS}\b"
        r"|\bautomated (?:offer|discount|promotion) (?:generation|creation)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="ai.decides",
        hazard=Hazard.AI_DECISION,
        title="Lets a model decide about people or money",
        confidence=0.7,
        examples=(
            "An AI model approves loan requests.",
            "Machine learning ranks job applicants and rejects the lowest tenth.",
            "Develop an AI model for evaluating the feasibility of new ideas.",
            "Customer feedback is reviewed by our AI for any adjustments needed.",
        ),
        lookalikes=(
            "A model of the room is shown.",
            "The AI model never decides on refunds.",
            "The model recommends; a person decides about every refund.",
            "Use machine learning to detect anomalies in the traffic.",
            "AI tools help with code reviews.",
        ),
        pattern=rf"(?i)\b{_MODEL}\b[^.;\n]{{0,40}}\b(?:decid|approv|reject|den(?:y|ies)|scor|rank|screen|hir|"
        rf"dismiss|evaluat|"
        rf"select|grant|terminat|suspend|ban)(?:e|es|ing|s|ed|ning|ns)? (?:about |on |for |whether |which |the |"
        rf"all |new |"
        rf"every |each |feasibility |value |of |and |potential |roi |job |loan |credit |insurance |refund |low |"
        rf"high |risky )*{_SUBJECTS}\b"
        rf"|\b{_SUBJECTS}\b[^.\n]{{0,120}}\b(?:reviewed|approved|rejected|decided|scored|ranked|screened|evaluated)"
        rf" (?:automatically )?by {_MODEL}\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.retrains_itself",
        hazard=Hazard.AI_DECISION,
        title="Lets a model retrain or rewrite itself",
        confidence=0.7,
        examples=(
            "The system automatically updates the AI models from feedback.",
            "Reinforcement learning adjusts model parameters after every task.",
            "Add continuous training for the scoring models.",
            "Fine-tune the scoring models every night without review.",
            "The self-programming endpoint receives automated updates.",
        ),
        lookalikes=(
            "Update the data model diagram.",
            "Do not retrain the models automatically.",
            "Set a schedule for updating the models with the team.",
        ),
        pattern=r"(?i)\b(?:automatic(?:ally)?|automated|continuous(?:ly)?|autonomous(?:ly)?|"
        r"self-)[- ]?(?:[a-z]+ ){0,2}?(?:updat|re-?train|"
        r"train|fine-?tun|adjust|learn|adapt)\w* [^.\n]{0,30}\bmodels?\b"
        r"|\b(?:re-?train|fine-?tun)\w* [^.\n]{0,60}\b(?:automatic\w*|without|every (?:night|hour|day)|nightly|"
        r"continuous\w*|feedback loops?)\b"
        r"|\breinforcement learning\b[^.\n]{0,40}\b(?:adjust|chang|updat|tun)\w*"
        r"|\bself-(?:programming|modifying|rewriting|improving)\b[^.\n]{0,60}\b(?:automat\w*|updat\w*|without|"
        r"adapt\w*)\b"
        r"|\b(?:continuous|automat\w+) (?:learning|improvement)(?: and improvement)? through self-programming\b"
        r"|\bmodel (?:re-?training|fine-?tuning)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="ai.changes_model",
        hazard=Hazard.AI_DECISION,
        title="Replaces the model that decides",
        confidence=0.6,
        examples=("Switch the AI model of the service.", "Update or replace any model that fails the audit."),
        lookalikes=(
            "Update the data model diagram.",
            "Do not swap the models.",
            "Replace the model railway photo.",
        ),
        pattern=r"(?i)\b(?:swap|switch|replac)\w* (?:(?:the|our|all|any|an?|every) )?(?:(?:ai|ml|scoring|"
        r"language|deployed|"
        r"old|current) ){0,2}models?(?: (?:that|which|of the|with|for|in)\b|\s*[.,;]|$)",
        where=Where.PLAN,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal lets a model decide."""
    yield from _SCANNER.scan(document)
