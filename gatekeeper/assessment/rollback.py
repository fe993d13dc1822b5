"""The way back: whether a proposal names a concrete one, and whether code stands on the way down of a migration.

Owns these questions. Boilerplate ("rollback artifacts stay warm") names nothing, and a way down that is empty, selects
something or throws undoes nothing.
"""

from __future__ import annotations

from itertools import islice

from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_phrase

MOST_ASKED = 64

_WAY_BACK = compile_phrase(
    r"(?i)\b(?:back(?:ing)? up (?:the |all |our |current |existing |production )*(?:data|database|tables?|rows|users)"
    r"|(?:tak|creat|mak|stor)(?:e|es|ing) (?:a |an |the |full |fresh |database |recent )*(?:backup|snapshot)"
    r"|restored? from (?:a |the )?(?:backup|snapshot)|pg_dump|backup (?:is taken )?(?:before|first)"
    r"|point-in-time recovery|down(?:grade)? migration|revert (?:step|script|commit|migration)|git revert"
    r"|roll(?:ed|ing)? ?back (?:by|with|via|to the previous|script)"
    r"|behind (?:a |the )?feature flag|feature flag (?:that|to) (?:disable|turn|switch))"
)
_MIGRATION_PATH = compile_phrase(
    r"(?i)(?:^|/)(?:migrations?|migrate|alembic/versions|changelogs?)/[^/]+\.(?:sql|js|ts|cjs|mjs|py|php)$|(?:^|/)V\d+__\w+\.sql$"
)
_DOWN_PATH = compile_phrase(r"(?i)(?:^|[./_-])down\.sql$")
# Marks of migration tools in SQL; a mark of the way down counts after one of the way up.
_MARK = compile_phrase(
    r"(?im)^[ \t]*--[ \t]*(?:\+(?:goose|migrate)[ \t]+|migrate:)(?:(up)|(down))\b"
    r"|^[ \t]*--[ \t]*(?:(up)|(down)) migration\b|^[ \t]*--[ \t]*//[ \t]*(@undo)\b"
)
_UNDOES = compile_phrase(
    r"(?i)\b(?:drop|delete|alter|rename|remove|create|add|insert|update|truncate|revert|restore)|\.del\("
)
_ASKS = compile_phrase(r"(?i)\.(?:raw|query|execute|sql|exec)\(\s*[`'\"]+\s*(\w+)")
_THROWS = compile_phrase(r"\b(?:raise|throw)\b")
_STEP = compile_phrase(
    r"(?m)\b(?:exports\.|async |def |function |public function )(up|down)(?:grade)?\b|^\s*(up|down)\s*(?::|=|\()"
)


def states_rollback(document: Document) -> bool:
    """Tell whether the text names a backup taken before, a feature flag or a revert step, or has a way down."""
    reading = document.reading
    if any(not is_negated(reading, match.start(), match.end()) for match in _WAY_BACK.finditer(reading)):
        return True
    return any(_undoes(document, *span) for span in [*ways_down(document), *_down_files(document)])


def ways_down(document: Document) -> list[Span]:
    """Return where code belongs to the down step of a migration, which a deployment does not run; in order."""
    spans: list[Span] = []
    down_since: int | None = None
    for at, is_down in _steps(document):
        if down_since is not None:
            spans.append((down_since, min(at, _end_of_artifact(document, down_since))))
        down_since = at if is_down and document.artifact_at(at) is not None else None
    if down_since is not None:
        spans.append((down_since, _end_of_artifact(document, down_since)))
    return spans


def lacks_way_down(document: Document, artifact: Artifact) -> bool:
    """Tell whether a file is one step of a migration and neither it nor a file beside it undoes that step."""
    path = artifact.path.encode("ascii", "replace")
    if artifact.kind is not Kind.FILE or _DOWN_PATH.search(path) is not None:
        return False
    if _MIGRATION_PATH.search(path) is None:
        return False
    spans = [span for span in ways_down(document) if artifact.start <= span[0] < artifact.end]
    return not any(_undoes(document, *span) for span in [*spans, *_down_files(document)])


def _steps(document: Document) -> list[tuple[int, bool]]:
    """Where steps up and down of migrations begin: functions of code, marks in SQL; in order."""
    reading = document.reading
    steps = [
        (step.start(), b"down" in step.group())
        for step in _STEP.finditer(reading)
        if document.runs_at(step.start())
    ]
    climbed: Artifact | None = None
    for mark in _MARK.finditer(reading):
        artifact = document.artifact_at(mark.start())
        is_down = max(mark.start(2), mark.start(4), mark.start(5)) >= 0
        if artifact is None or (is_down and artifact is not climbed and mark.start(5) < 0):
            continue
        climbed = artifact
        steps.append((mark.start(), is_down))
    return sorted(steps)


def _end_of_artifact(document: Document, offset: int) -> int:
    artifact = document.artifact_at(offset)
    return offset if artifact is None else artifact.end


def _down_files(document: Document) -> list[Span]:
    return [
        (artifact.start, artifact.end)
        for artifact in document.artifacts
        if artifact.kind is Kind.FILE and _DOWN_PATH.search(artifact.path.encode("ascii", "replace"))
    ]


def _undoes(document: Document, start: int, end: int) -> bool:
    step = document.running[start:end]
    if _THROWS.search(step) is not None:
        return False
    asked = islice(_ASKS.finditer(step), MOST_ASKED)
    return _UNDOES.search(step) is not None or any(ask.group(1).lower() != b"select" for ask in asked)
