"""People in the data: personal data stored without protection, and models that decide about people or money.

Owns a few honest rules on both; the structure of real identifiers is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_TEXT_TYPE = r"(?:VARCHAR|TEXT|CHAR|CHARACTER|STRING|INTEGER|INT|BIGINT|NUMERIC|DATE)\b"
_MODEL = (
    r"(?:ai|machine[- ]learning|ml|reinforcement learning|neural|algorithms?|(?:predictive |ai |ml )?models?)"
)

_PATTERN_RULES = (
    PatternRule(
        id="personal_data.plain_password",
        hazard=Hazard.PERSONAL_DATA,
        title="Stores passwords as plain text",
        confidence=0.75,
        examples=(
            "```sql\nCREATE TABLE logins (id int, password VARCHAR(255) NOT NULL);\n```",
            "```js\nconst schema = new Schema({ password: String });\n```",
        ),
        lookalikes=(
            "```sql\nCREATE TABLE logins (id int, password_hash VARCHAR(255) NOT NULL);\n```",
            "```sql\n-- password VARCHAR(255)\nSELECT 1;\n```",
        ),
        pattern=rf"(?i)\b(?:user_?)?pass(?:word|wd)[\"`]?\s+{_TEXT_TYPE}|\bpassword\s*:\s*(?:\{{\s*type\s*:\s*)?(?:String|Sequelize\.STRING|DataTypes\.STRING)\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="personal_data.plain_identifier",
        hazard=Hazard.PERSONAL_DATA,
        title="Stores identity or card numbers as plain text",
        confidence=0.8,
        examples=("```sql\nCREATE TABLE people (id int, ssn VARCHAR(11), card_number TEXT);\n```",),
        lookalikes=(
            "```sql\nCREATE TABLE people (id int, ssn_encrypted BYTEA);\n```",
            "The ssn is never stored.",
        ),
        pattern=r"(?i)\b(?:ssn|social_security(?:_number)?|passport(?:_number)?|credit_card(?:_number)?|card_number|cvv|cvc|iban|"
        rf"national_id|tax_id)[\"`]?\s+{_TEXT_TYPE}",
        where=Where.CODE,
    ),
    PatternRule(
        id="personal_data.plain_contact",
        hazard=Hazard.PERSONAL_DATA,
        title="Stores e-mail addresses or phone numbers as plain text",
        confidence=0.5,
        examples=("```sql\nCREATE TABLE leads (id int, email VARCHAR(255));\n```",),
        lookalikes=(
            "```sql\nCREATE TABLE leads (id int, email_digest BYTEA);\n```",
            "Send an e-mail to the team.",
        ),
        pattern=rf"(?i)\b(?:e_?mail|phone|phone_number|email_address|home_address|date_of_birth|birth_?date)[\"`]?\s+{_TEXT_TYPE}",
        where=Where.CODE,
    ),
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
    """Yield what in a proposal stores or decides about people."""
    yield from _SCANNER.scan(document)
