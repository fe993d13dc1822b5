"""Words in context: whether a hazard word is denied, prevented or only warned of.

Owns the reading of the clause around a phrase. Refuses to judge code: what runs, runs, whatever is said of it.
"""

from __future__ import annotations

from gatekeeper.assessment.reading import compile_phrase

CLAUSE_CHARACTERS = 120

_BOUNDARY = compile_phrase(
    r"(?i)[.!?;:](?:\s|$)|\n|\b(?:but|however|instead we|then|and (?:also|just))\b|,\s*(?:we|it|they|just|and)\b"
)
_DENIAL = compile_phrase(
    r"(?i)\b(?:no|not|never|nobody|nothing|none|without|nor|neither|cannot|"
    r"(?:do|does|did|is|are|was|must|should|will|would|can|could)n.?t|"
    r"avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|forbid(?:s|den)?|prohibit(?:s|ed)?|disallow(?:s|ed)?|"
    r"refus(?:e|es|ed|ing)|reject(?:s|ed|ing)?|block(?:s|ed|ing) |den(?:y|ies|ied)|guard(?:s|ed)? against|"
    r"protect(?:s|ed|ing)? (?:against|from)|instead of|rather than|detect(?:s|ed|ing)?|"
    r"(?:alert|flag|warn|page)(?:s|ed|ing)? (?:[a-z]+ )?(?:when|if|on|about|whenever|before|any|against)|"
    r"mitigat(?:e|es|ed|ing)|safe from|free (?:of|from)|minimi[sz](?:e|es|ing)|"
    r"(?:reduce|eliminate)s? the risk of|risk of|attempts? to|tries to|anyone who)\b"
)
_INSIDE = compile_phrase(r"(?i)\b(?:never|not|cannot|must ?n.t|does ?n.t|do ?n.t|will ?n.t)\b")
_TURNED = compile_phrase(
    r"(?i)^[^.\n]{0,40}\b(?:is|are|will be|must be|should be) "
    r"(?:never|not|forbidden|prohibited|rejected|blocked|refused|disallowed)\b"
)


def clause_start(reading: bytes, start: int) -> int:
    """Return where the clause that leads up to `start` begins."""
    begin = max(0, start - CLAUSE_CHARACTERS)
    for boundary in _BOUNDARY.finditer(reading, begin, start):
        begin = boundary.end()
    return begin


def is_denied(reading: bytes, start: int, end: int) -> bool:
    """Tell whether the words around `start:end` deny, forbid or only warn of what stands there."""
    if _DENIAL.search(reading, clause_start(reading, start), start) is not None:
        return True
    return _TURNED.search(reading[end : end + 80]) is not None


def is_negated(reading: bytes, start: int, end: int) -> bool:
    """Tell whether the phrase at `start:end` is denied around it or inside it rather than done."""
    return is_denied(reading, start, end) or _INSIDE.search(reading, start, end) is not None
