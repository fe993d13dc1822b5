"""A SQL script cut into statements, with comments blanked and every offset kept.

Owns the lexing that decides what a statement is: comments (nested ones too), string literals, quoted identifiers
and dollar quotes hide semicolons and keywords; a line of GO ends a statement as a semicolon does. Refuses to parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper.assessment.text.reading import compile_pattern

Span = tuple[int, int]

_TOKEN = compile_pattern(
    r"(?P<line>--[^\n]*|(?m:^[ \t]*(?:```|~~~)[^\n]*))|(?P<block>/\*)|(?P<string>'[^']*(?:'|\z))"
    r"|(?P<dollar>\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$)|(?P<name>\"[^\"\n]*\"|`[^`;\n]*`)"
    r"|(?P<end>;|(?im:^[ \t]*GO[ \t\r]*$))"
)
_LINE, _BLOCK, _STRING, _DOLLAR, _END = 1, 2, 3, 4, 6
_ESCAPED = compile_pattern(r"(?s)'(?:[^'\\]|\\.|'')*(?:'|\z)")
_COMMENT_EDGE = compile_pattern(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at `start`. `text` has comments blanked, `skeleton` the contents of strings too.

    `bodies` are the spans inside its dollar quotes and `quotes` those inside its other quotes: either may hold
    statements of its own.
    """

    start: int
    text: bytes
    skeleton: bytes
    bodies: tuple[Span, ...]
    quotes: tuple[Span, ...]


def split_script(reading: bytes, start: int, end: int) -> Iterator[Statement]:
    """Yield the statements of the script at `start:end`, in order, without empty ones."""
    script = reading[start:end]
    open_statement = _Open(script, start, 0)
    at = 0
    while (match := _TOKEN.search(script, at)) is not None:
        begin, at = match.start(), match.end()
        if match.start(_END) >= 0:
            yield from open_statement.close(begin)
            open_statement = _Open(script, start, at)
        elif match.start(_LINE) >= 0:
            open_statement.comments.append((begin, at))
        elif match.start(_BLOCK) >= 0:
            at = _comment_end(script, at)
            open_statement.comments.append((begin, at))
        elif match.start(_STRING) >= 0:
            at = _string_end(script, begin, at)
            open_statement.quotes.append((begin + 1, max(begin + 1, at - 1)))
        elif match.start(_DOLLAR) >= 0:
            body_end = script.find(match.group(), at)
            body = (at, body_end if body_end >= 0 else len(script))
            at = min(len(script), body[1] + at - begin)
            open_statement.bodies.append(body)
    yield from open_statement.close(len(script))


class _Open:
    """A statement whose end has not been reached yet."""

    def __init__(self, script: bytes, offset: int, begin: int) -> None:
        self._script, self._offset, self._begin = script, offset, begin
        self.comments: list[Span] = []
        self.quotes: list[Span] = []
        self.bodies: list[Span] = []

    def close(self, end: int) -> Iterator[Statement]:
        text = _blanked(self._script, self._begin, end, self.comments)
        if text.strip():
            skeleton = _blanked(
                self._script, self._begin, end, sorted(self.comments + self.quotes + self.bodies)
            )
            bodies, quotes = self._placed(self.bodies), self._placed(self.quotes)
            yield Statement(self._offset + self._begin, text, skeleton, bodies, quotes)

    def _placed(self, spans: list[Span]) -> tuple[Span, ...]:
        return tuple((self._offset + start, self._offset + stop) for start, stop in spans)


def _blanked(script: bytes, start: int, end: int, spans: list[Span]) -> bytes:
    pieces, at = [], start
    for begin, stop in spans:
        pieces += [script[at:begin], b" " * (stop - begin)]
        at = stop
    pieces.append(script[at:end])
    return b"".join(pieces)


def _comment_end(script: bytes, at: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(script, at):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(script)


def _string_end(script: bytes, start: int, at: int) -> int:
    if script[start - 1 : start] in (b"E", b"e"):
        escaped = _ESCAPED.match(script, start)
        return escaped.end() if escaped is not None else len(script)
    return at
