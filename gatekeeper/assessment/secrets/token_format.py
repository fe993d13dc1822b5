"""The format of one issuer's tokens, as a rule with made-up examples.

Owns how such a rule is written. Its examples are put together at import, checksums and all, from one made-up body, so
that nothing in this repository looks like a token that somebody has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.rules import PatternRule, Where

_BODY = "9f3KxQ7LmZ2VtB8nRw4YcD6sHj5PgT8u"  # made up; no issuer ever gave it out
_HEX_BODY = "7c2e9a41f6b83d05"
_UPPER_BODY = "Q3ZT7XKPW5MVB2RD"


def made_up(length: int) -> str:
    """Return letters and digits of the wanted length."""
    return (_BODY * (length // len(_BODY) + 1))[:length]


def made_up_hex(length: int) -> str:
    """Return hexadecimal digits of the wanted length."""
    return (_HEX_BODY * (length // len(_HEX_BODY) + 1))[:length]


def made_up_upper(length: int) -> str:
    """Return base32 characters of the wanted length."""
    return (_UPPER_BODY * (length // len(_UPPER_BODY) + 1))[:length]


def _anything(_: bytes) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class TokenRule(PatternRule):
    """A rule for tokens of one form; `holds` is what the issuer's own check says of the first group, or of all."""

    holds: Callable[[bytes], bool]


def token(
    name: str,
    title: str,
    pattern: str,
    example: str,
    *lookalikes: str,
    holds: Callable[[bytes], bool] = _anything,
) -> TokenRule:
    """Return the rule for one form of token; `example` is shown in code and in a sentence."""
    return TokenRule(
        id=f"secrets.{name}",
        hazard=Hazard.SECRET_EXPOSURE,
        title=title,
        confidence=0.95,
        examples=(f"const key = '{example}';", f"The key is {example} for now."),
        lookalikes=lookalikes,
        pattern=pattern,
        where=Where.TEXT,
        holds=holds,
    )
