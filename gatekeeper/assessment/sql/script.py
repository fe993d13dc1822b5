"""A SQL script cut into statements, with comments blanked and every offset kept.

Owns the lexing that decides what a statement is: comments (nested ones too), string literals, quoted identifiers
and dollar quotes hide semicolons and keywords; a line of GO ends a statement as a semicolon does. What MySQL runs
inside `/*! */` is no comment. Refuses to parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper.assessment.text.reading import compile_pattern

Span = tuple[int, int]

_TOKEN = compile_pattern(
    r"--[^\n]*|(?m:^[ \t]*(?:```|~~~)[^\n]*)|/\*!\d*|\*/|/\*|'[^']*(?:'|\z)|\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$"
    r"|\"[^\"\n]*\"|`[^`;\n]*`|;|(?im:^[ \t]*GO[ \t\r]*$)"
)
_ESCAPED = compile_pattern(r"(?s)'(?:[^'\\]|\\.|'')*(?:'|\z)")
MOST_TOKENS = 20_000
_COMMENT_EDGE = compile_pattern(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at `start`. `text` has comments blanked, `skeleton` the contents of strings too.

    `bodies` are the spans inside its dollar quotes and `quotes` those inside its other quotes: either may hold
    statements of its own. An `unread` one is the whole rest of a script of more than MOST_TOKENS.
    """

    start: int
    text: bytes
    skeleton: bytes
    bodies: tuple[Span, ...]
    quotes: tuple[Span, ...]
    unread: bool = False


def split_script(reading: bytes, start: int, end: int) -> Iterator[Statement]:
    """Yield the statements of the script at `start:end`, in order, without empty ones."""
    script = reading[start:end]
    open_statement = _Open(script, start, 0)
    at, tokens = 0, MOST_TOKENS
    while (match := _TOKEN.search(script, at)) is not None:
        begin, at = match.span()
        tokens -= 1
        token = script[begin:at].lstrip()
        if token[:1] in b";gG":
            yield from open_statement.close(begin)
            open_statement = _Open(script, start, at)
        elif token[:1] == b"'":
            at = _string_end(script, begin, at)
            open_statement.quotes.append((begin + 1, max(begin + 1, at - 1)))
        elif token[:1] == b"$":
            body_end = script.find(token, at)
            body = (at, body_end if body_end >= 0 else len(script))
            at = min(len(script), body[1] + at - begin)
            open_statement.bodies.append(body)
        elif token == b"/*":
            at, edges = _comment_end(script, at, tokens)
            tokens -= edges
            open_statement.comments.append((begin, at))
        elif token[:1] in b"-/*~" or token[:3] == b"```":
            open_statement.comments.append((begin, at))
        if tokens <= 0:
            yield from open_statement.close(len(script), unread=True)
            return
    yield from open_statement.close(len(script))


class _Open:
    """A statement whose end has not been reached yet."""

    def __init__(self, script: bytes, offset: int, begin: int) -> None:
        self._script, self._offset, self._begin = script, offset, begin
        self.comments: list[Span] = []
        self.quotes: list[Span] = []
        self.bodies: list[Span] = []

    def close(self, end: int, *, unread: bool = False) -> Iterator[Statement]:
        text = _blanked(self._script, self._begin, end, self.comments)
        if text.strip():
            skeleton = _blanked(
                self._script, self._begin, end, sorted(self.comments + self.quotes + self.bodies)
            )
            bodies, quotes = self._placed(self.bodies), self._placed(self.quotes)
            yield Statement(self._offset + self._begin, text, skeleton, bodies, quotes, unread)

    def _placed(self, spans: list[Span]) -> tuple[Span, ...]:
        return tuple((self._offset + start, self._offset + stop) for start, stop in spans)


def _blanked(script: bytes, start: int, end: int, spans: list[Span]) -> bytes:
    pieces, at = [], start
    for begin, stop in spans:
        pieces += [script[at:begin], b" " * (stop - begin)]
        at = stop
    pieces.append(script[at:end])
    return b"".join(pieces)


def _comment_end(script: bytes, at: int, most: int) -> tuple[int, int]:
    """Return where the comment ends that is open at `at`, or where its edge number `most` does, and its edges."""
    depth = 1
    for edges, edge in enumerate(_COMMENT_EDGE.finditer(script, at), start=1):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0 or edges >= most:
            return edge.end(), edges
    return len(script), 0


def _string_end(script: bytes, start: int, at: int) -> int:
    if script[start - 1 : start] in (b"E", b"e"):
        escaped = _ESCAPED.match(script, start)
        return escaped.end() if escaped is not None else len(script)
    return at
