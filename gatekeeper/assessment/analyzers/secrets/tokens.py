"""Tokens in the text, by the forms their issuers use today.

Owns the search and the checks; the forms are in `token_formats`. A token that fails its issuer's own check is none of
theirs. A finding's span ends after a token's first characters, so that excerpts spread no usable secret.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.secrets.likeness import is_placeholder_token
from gatekeeper.assessment.secrets.token_format import TokenRule
from gatekeeper.assessment.secrets.token_formats import FAMILIES
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern

SHOWN_CHARACTERS = 12

RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family)


def _any_of(rules: tuple[TokenRule, ...]) -> Pattern:
    return compile_pattern("|".join(f"(?:{rule.pattern})" for rule in rules))


_FAMILIES = tuple(
    (_any_of(family), tuple((rule, compile_pattern(rule.pattern)) for rule in family)) for family in FAMILIES
)
_ANY = _any_of(tuple(rule for family in FAMILIES for rule in family))


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the tokens a proposal gives away; a token in a comment or in prose is given away too."""
    if _ANY.search(document.reading) is None:
        return
    for any_of_family, family in _FAMILIES:
        if any_of_family.search(document.reading) is not None:
            for rule, pattern in family:
                judge = partial(_judged, document, rule)
                yield from examine(document, pattern.finditer(document.reading), judge)


def is_token(value: bytes) -> bool:
    """Tell whether a value is, by itself, a token that this module reports."""
    if _ANY.search(value) is None:
        return False
    matches = ((rule, pattern.search(value)) for _, family in _FAMILIES for rule, pattern in family)
    return any(match is not None and _is_real(rule, _token(match)[0]) for rule, match in matches)


def _is_real(rule: TokenRule, token: bytes) -> bool:
    return not is_placeholder_token(token) and rule.holds(token)


def _judged(document: Document, rule: TokenRule, match: Match) -> Finding | None:
    value, start = _token(match)
    if not _is_real(rule, value):
        return None
    return rule.finding(document, start, min(start + SHOWN_CHARACTERS, match.end()))


def _token(match: Match) -> tuple[bytes, int]:
    """The token itself: the group that took part, or all of the match."""
    for group, value in enumerate(match.groups(), start=1):
        if value is not None:
            return value, match.start(group)
    return match.group(), match.start()
