"""Personal data: columns and flows that collect, store or send it without protection.

Owns the rules on passwords, identity numbers and contact data.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_TEXT_TYPE = r"(?:VARCHAR|TEXT|CHAR|CHARACTER|STRING|INTEGER|INT|BIGINT|NUMERIC|DATE)\b"

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
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal keeps or sends personal data unprotected."""
    yield from _SCANNER.scan(document)
