"""Whether a proposal itself names a concrete way back. Owns that one question; boilerplate answers nothing."""

from __future__ import annotations

from gatekeeper.assessment.context import is_negated
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import compile_pattern

_WAY_BACK = compile_pattern(
    r"(?i)\b(?:back(?:ing)? up (?:the |all |our |current |existing |production )*(?:data|database|tables?|rows|users)"
    r"|(?:take|create|make|run|store|restore(?:d)? from)s? (?:a |an |the |full |database |recent )*(?:backup|snapshot)"
    r"|pg_dump|backup (?:is taken )?(?:before|first)|point-in-time recovery"
    r"|down(?:grade)? migration|revert (?:step|script|commit|migration)|git revert|roll(?:ed|ing)? ?back (?:by|with|via|to the previous|script)"
    r"|behind (?:a |the )?feature flag|feature flag (?:that|to) (?:disable|turn|switch))"
)
_DOWN_STEP = compile_pattern(
    r"(?m)\b(?:exports\.down|async down|def downgrade|function down)\b|^\s*down\s*:|^--[ \t]*(?:\+\w+ )?[Dd]own\b"
)


def states_rollback(document: Document) -> bool:
    """Tell whether the text names a backup taken before, a down migration, a feature flag or a revert step."""
    reading = document.reading
    if any(not is_negated(reading, match.start(), match.end()) for match in _WAY_BACK.finditer(reading)):
        return True
    return _DOWN_STEP.search(reading) is not None
