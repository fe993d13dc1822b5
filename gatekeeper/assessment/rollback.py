"""The way back: whether a proposal names a concrete one, and whether code stands on the way down of a migration.

Owns these two questions. Boilerplate ("rollback artifacts stay warm") names nothing.
"""

from __future__ import annotations

from gatekeeper.assessment.context import is_negated
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.lexer import Span
from gatekeeper.assessment.reading import compile_phrase

_WAY_BACK = compile_phrase(
    r"(?i)\b(?:back(?:ing)? up (?:the |all |our |current |existing |production )*(?:data|database|tables?|rows|users)"
    r"|(?:tak|creat|mak|stor)(?:e|es|ing) (?:a |an |the |full |fresh |database |recent )*(?:backup|snapshot)"
    r"|restored? from (?:a |the )?(?:backup|snapshot)|pg_dump|backup (?:is taken )?(?:before|first)"
    r"|point-in-time recovery|down(?:grade)? migration|revert (?:step|script|commit|migration)|git revert"
    r"|roll(?:ed|ing)? ?back (?:by|with|via|to the previous|script)"
    r"|behind (?:a |the )?feature flag|feature flag (?:that|to) (?:disable|turn|switch))"
)
_STEP = compile_phrase(
    r"(?m)\b(?:exports\.|async |def |function |public function )(up|down)(?:grade)?\b|^\s*(up|down)\s*(?::|=|\()"
)


def states_rollback(document: Document) -> bool:
    """Tell whether the text names a backup taken before, a down migration, a feature flag or a revert step."""
    reading = document.reading
    if any(not is_negated(reading, match.start(), match.end()) for match in _WAY_BACK.finditer(reading)):
        return True
    return any(
        b"down" in match.group() and document.runs_at(match.start()) for match in _STEP.finditer(reading)
    )


def ways_down(document: Document) -> list[Span]:
    """Return where code belongs to the down step of a migration, which a deployment does not run; in order."""
    spans: list[Span] = []
    down_since: int | None = None
    for step in _STEP.finditer(document.reading):
        if not document.runs_at(step.start()):
            continue
        if down_since is not None:
            spans.append((down_since, step.start()))
        artifact = document.artifact_at(step.start())
        down_since = step.start() if b"down" in step.group() and artifact is not None else None
    if down_since is not None and (artifact := document.artifact_at(down_since)) is not None:
        spans.append((down_since, artifact.end))
    return spans
