"""Secrets in the text: tokens by the formats their issuers use today, keys, and passwords that look real.

Owns the formats and the question whether a value is only a placeholder. A finding's span ends after a token's first
characters, so that excerpts spread no usable secret.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import Match, compile_pattern
from gatekeeper.assessment.rules import (
    EXAMINED_PER_RULE,
    REPORTED_PER_RULE,
    TOO_MUCH,
    PatternRule,
    Rule,
    Where,
)

SHOWN_CHARACTERS = 12
LEAST_ENTROPY_BITS = 3.0

_BODY = "9f3KxQ7LmZ2VtB8nRw4YcD6sHj1PgT5u"  # made up; no issuer ever gave it out


def _token(name: str, title: str, pattern: str, example: str, *lookalikes: str) -> PatternRule:
    return PatternRule(
        id=f"secrets.{name}",
        hazard=Hazard.SECRET_EXPOSURE,
        title=title,
        confidence=0.95,
        examples=(f"const key = '{example}';", f"The key is {example} for now."),
        lookalikes=lookalikes,
        pattern=pattern,
        where=Where.TEXT,
    )


_TOKENS = (
    _token(
        "aws_key",
        "An AWS access key",
        r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
        "AKIA" + "Q3ZT7XKPW5MVB2RD",
        "AKIA" + "IOSFODNN7EXAMPLE is the documented example",
        "AKIA is a prefix",
    ),
    _token(
        "github_token",
        "A GitHub token",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})",
        "ghp_" + _BODY + "a1B2",
        "ghp_" + "x" * 36,
        "process.env.GITHUB_TOKEN",
    ),
    _token(
        "gitlab_token", "A GitLab token", r"\bglpat-[A-Za-z0-9_-]{20}", "glpat-" + _BODY[:20], "glpat- prefix"
    ),
    _token(
        "stripe_key",
        "A live Stripe key",
        r"\b(?:(?:sk|rk)_live_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9]{32})",
        "sk_live_" + _BODY[:24],
        "sk_test_" + _BODY[:24],
        "STRIPE_KEY=sk_live_your_key_here",
        "sk_live_" + "x" * 24,
    ),
    _token(
        "slack_token",
        "A Slack token or webhook",
        r"\bxox[abeprs]-[0-9A-Za-z-]{20,}|hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}",
        "xoxb-" + "204857361923-" + _BODY[:24],
        "xoxb-your-token-goes-here-please",
    ),
    _token(
        "google_key",
        "A Google API key",
        r"\bAIza[0-9A-Za-z_-]{35}",
        "AIza" + _BODY + "Qx7",
        "AIza" + "X" * 35,
    ),
    _token(
        "model_provider_key",
        "A key of a model provider",
        r"\bsk-(?:ant-|proj-)?[A-Za-z0-9]{2,8}-?[A-Za-z0-9_-]{28,}",
        "sk-proj-" + _BODY + _BODY,
        "sk-proj-your-key-goes-here-and-nowhere-else-please",
        "class risk-based-approach-to-all-of-the-things-we-do",
    ),
    _token(
        "npm_token",
        "An npm token",
        r"\bnpm_[A-Za-z0-9]{36}\b",
        "npm_" + _BODY + "z9Y8",
        "npm_config_registry",
    ),
    _token(
        "signed_token",
        "A signed web token",
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
        f"eyJ{_BODY[:16]}.eyJ{_BODY[:20]}.{_BODY}",
        "eyJ is how a token begins",
    ),
    _token(
        "private_key",
        "A private key",
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE[ \t]+KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=]{24}",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ" + _BODY,
        "-----BEGIN PRIVATE KEY-----\n...\n",
        "-----BEGIN PUBLIC KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ" + _BODY,
    ),
)
_IN_URL = PatternRule(
    id="secrets.password_in_url",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A password inside a connection string",
    confidence=0.8,
    examples=("DATABASE_URL=postgres://app:" + _BODY[:14] + "@db.internal:5432/shop",),
    lookalikes=(
        "DATABASE_URL=postgres://user:password@localhost:5432/shop",
        "postgres://${DB_USER}:${DB_PASSWORD}@db/shop",
    ),
    pattern=r"\b[a-z][a-z0-9+]{2,20}://[^\s:/@\"'`]{1,64}:([^\s:/@\"'`]{6,128})@",
    where=Where.TEXT,
)
_ASSIGNED = PatternRule(
    id="secrets.assigned_value",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A password, key or token given as a value",
    confidence=0.75,
    examples=(
        "```js\nconst dbPassword = 'tR7#pVq92kLx';\n```",
        "```env\nAPI_SECRET=" + _BODY[:24] + "\n```",
        '```yaml\nadmin_password: "Qm4!xZ81vTnb"\n```',
    ),
    lookalikes=(
        "```js\nconst password = process.env.DB_PASSWORD;\n```",
        "```js\nconst password = 'your_password_here';\n```",
        "```js\nconst token = jwt.sign(payload1, key2Value, options3);\n```",
        "```env\nSECRET_KEY=changeme123\n```",
        "```js\nconst passwordField = 'input-password';\n```",
    ),
    pattern=r"(?i)\b[\w.-]*(?:passw(?:or)?d|secret|token|api_?key|access_?key|private_?key|"
    r"pwd)[\"']?[ \t]*(?::|=|=>|:=)[ \t]*"
    r"(?:[\"'`]([^\"'`\s]{8,128})[\"'`]|([A-Za-z0-9+/=_!#%@-]{12,128})[ \t]*(?:\n|$))",
    where=Where.TEXT,
)

_RULES = (*_TOKENS, _IN_URL, _ASSIGNED)
RULES: tuple[Rule, ...] = _RULES
_PATTERNS = tuple((rule, compile_pattern(rule.pattern)) for rule in _RULES)
_ANY = compile_pattern("|".join(f"(?:{rule.pattern})" for rule in _RULES))
_PLACEHOLDER = compile_pattern(
    r"(?i)your|example|placeholder|change[_-]?(?:me|it)|xxxx|dummy|sample|todo|_here|-here|replace|insert|redacted|fake|"
    r"password|passwd|secret|hunter2|1234567|abcdef|\.\.\.|\*\*\*|[<>${}()]|process\.env|os\.environ|getenv|req\.|test_"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the secrets a proposal gives away; a secret in a comment or in prose is given away too."""
    if _ANY.search(document.reading) is None:
        return
    for rule, pattern in _PATTERNS:
        reported = 0
        for examined, match in enumerate(pattern.finditer(document.reading)):
            if examined == EXAMINED_PER_RULE:
                yield TOO_MUCH.finding(document, match.start(), match.end())
                break
            if reported < REPORTED_PER_RULE and (span := _real(rule, match)) is not None:
                reported += 1
                yield rule.finding(document, *span)


def _real(rule: PatternRule, match: Match) -> tuple[int, int] | None:
    if rule is _IN_URL or rule is _ASSIGNED:
        group = 1 if rule is _IN_URL or match.group(1) is not None else 2
        value = match.group(group)
        if is_placeholder(value) or not _looks_random(value):
            return None
        return match.start(), match.start(group)
    if rule.id != "secrets.private_key" and is_placeholder(match.group()):
        return None
    return match.start(), match.start() + SHOWN_CHARACTERS


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value only stands where a secret would stand."""
    return _PLACEHOLDER.search(value) is not None or len(set(value)) < 8


def _looks_random(value: bytes) -> bool:
    kinds = sum(any(test(chr(byte)) for byte in value) for test in (str.isdigit, str.islower, str.isupper))
    return (
        kinds >= 2
        and any(chr(byte).isdigit() for byte in value)
        and entropy_bits(value) >= LEAST_ENTROPY_BITS
    )


def entropy_bits(value: bytes) -> float:
    """Return the Shannon entropy of a value in bits per character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
