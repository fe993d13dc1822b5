"""Where statements of SQL stand in a proposal, and what each of them does there.

A statement stands in a SQL file or fence, in inline code, alone on a line of prose with its semicolon, or in a string
that code hands to a database. A comment, a value and a word of prose are no statements. Owns the finding of these
places and the bound on the work: beyond it, statements are read by their tokens and marked as unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gatekeeper.assessment.artifacts import Artifact, Kind
from gatekeeper.assessment.context import is_denied
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.lexer import string_spans
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.sql_effects import (
    Effect,
    SqlEffect,
    effects_by_parsing,
    effects_by_tokens,
    fits_parser,
)
from gatekeeper.assessment.sql_script import Statement, split_script

MOST_STATEMENTS = 2000
MOST_PARSED_BYTES = 60_000
_DEEPEST_BODY = 3
_MAY_HOLD_SCRIPTS = ("sql", "", "text", "markdown", "shell", "yaml")

_KEYWORDS = compile_pattern(r"(?i)\b(?:drop|truncate|delete|update|alter)\b")
_LINE_HEAD = compile_pattern(
    r"(?im)^[ \t]*(?:(?:begin|then|else|loop|explain\s+analy[sz]e|explain\s*\([^)\n]*\))\s+)*"
    r"((?:drop\s+(?:foreign\s+)?(?:table|schema|database)|truncate|delete\s+from|update|"
    r"alter\s+(?:foreign\s+)?table|with)\b)"
)
_CREATES = compile_pattern(
    r"(?i)^\s*create\s+((?:global\s+|local\s+)?temp(?:orary)?\s+|unlogged\s+)?table\s+(if\s+not\s+exists\s+)?"
    r"[\"`]?([\w.]+)"
)
_HEAVY = compile_pattern(r"(?im)(?:^|[\"'`;])[ \t]*(?:(drop\s+(?:table|schema|database))|truncate)\s")
_PROGRAM = compile_pattern(
    r"(?im)^[ \t]*(?:module\.exports|exports\.|const |let |var |import |export |function |async |def |class |await )"
)
_SAID = compile_pattern(
    r"(?i)(?:console\.\w+|log(?:ger)?(?:\.\w+)?|print(?:f|ln)?|error|exception|describe|\bit|\btest|expect|send|json|"
    r"message|title|description|label|raise)\s*[(:=]\s*$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One effect at a span of the proposal. An effect of None marks a statement that was too much to parse."""

    start: int
    end: int
    effect: SqlEffect | None
    artifact: Artifact


def statements_in(document: Document) -> Iterator[Place]:
    """Yield every effect of every statement of the proposal, in order."""
    if _KEYWORDS.search(document.reading) is None:
        return
    reader = _Reader(document)
    for artifact in document.artifacts:
        yield from reader.read(artifact)


class _Reader:
    """Reads artifacts one by one within one budget of work."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reading = document.reading
        self._statements = MOST_STATEMENTS
        self._bytes = MOST_PARSED_BYTES

    def read(self, artifact: Artifact) -> Iterator[Place]:
        reading, span = self._reading, (artifact.start, artifact.end)
        if _KEYWORDS.search(reading, *span) is None:
            return
        if artifact.kind in (Kind.INLINE, Kind.STATEMENT) and is_denied(reading, *span):
            return
        program = _PROGRAM.search(reading, *span) is not None
        if program or artifact.language not in ("sql", ""):
            yield from self._strings(artifact)
        if not program or artifact.language in _MAY_HOLD_SCRIPTS:
            yield from self._script(artifact, *span, 0)

    def _strings(self, artifact: Artifact) -> Iterator[Place]:
        language = "javascript" if artifact.language == "sql" else artifact.language
        for start, end in string_spans(self._reading, artifact.start, artifact.end, language):
            if self._statements <= 0:
                yield from self._rest(artifact, max(artifact.start, start - 1), artifact.end)
                return
            if _KEYWORDS.search(self._reading, start, end) is None:
                continue
            before = self._reading[max(artifact.start, start - 40) : start].rstrip(b"\"'`")
            if _SAID.search(before) is None:
                yield from self._script(artifact, start, end, 0)

    def _script(self, artifact: Artifact, start: int, end: int, depth: int) -> Iterator[Place]:
        for statement in split_script(self._reading, start, end):
            if self._statements <= 0:
                yield from self._rest(artifact, statement.start, end)
                return
            if _LINE_HEAD.search(statement.skeleton) is not None:
                yield from self._statement(artifact, statement)
            else:
                yield from _creation(artifact, statement)
            for body in statement.bodies if depth < _DEEPEST_BODY else ():
                yield from self._script(artifact, *body, depth + 1)

    def _statement(self, artifact: Artifact, statement: Statement) -> Iterator[Place]:
        first = len(statement.text) - len(statement.text.lstrip())
        whole = (first, len(statement.text))
        effects = self._parse(statement, *whole)
        if effects is not None:
            yield from _placed(artifact, statement, *whole, effects)
            return
        heads = [match.start(1) for match in _LINE_HEAD.finditer(statement.skeleton)]
        for span in pairwise([*heads, len(statement.text)]):
            if not self._affordable(statement.skeleton[slice(*span)]):
                yield Place(statement.start + span[0], statement.start + span[1], None, artifact)
            effects = self._parse(statement, *span) if span != whole else None
            if effects is None:
                effects = effects_by_tokens(statement.skeleton[slice(*span)])
            yield from _placed(artifact, statement, *span, effects)

    def _affordable(self, skeleton: bytes) -> bool:
        return len(skeleton) <= self._bytes and fits_parser(skeleton)

    def _parse(self, statement: Statement, start: int, end: int) -> tuple[SqlEffect, ...] | None:
        self._statements -= 1
        if not self._affordable(statement.skeleton[start:end]):
            return None
        self._bytes -= end - start
        return effects_by_parsing(statement.text[start:end])

    def _rest(self, artifact: Artifact, start: int, end: int) -> Iterator[Place]:
        yield Place(start, end, None, artifact)
        for match in _HEAVY.finditer(self._reading, start, end):
            effect = Effect.DROP_TABLE if match.start(1) >= 0 else Effect.TRUNCATE
            yield Place(match.start(), match.end(), SqlEffect(effect, (), parsed=False), artifact)
            if effect is Effect.DROP_TABLE:
                return


def _placed(
    artifact: Artifact, statement: Statement, start: int, end: int, effects: tuple[SqlEffect, ...]
) -> Iterator[Place]:
    shown = statement.start + start + len(statement.text[start:end].rstrip())
    for effect in effects:
        yield Place(statement.start + start, shown, effect, artifact)


def _creation(artifact: Artifact, statement: Statement) -> Iterator[Place]:
    match = _CREATES.search(statement.skeleton)
    if match is None or (match.start(2) >= 0 and match.start(1) < 0):
        return
    table = match.group(3).decode("ascii").lower().rpartition(".")[2]
    yield Place(
        statement.start, statement.start, SqlEffect(Effect.CREATE_TABLE, (table,), parsed=False), artifact
    )
