"""A SQL script cut into statements, with comments blanked and every offset kept.

Owns the lexing that decides what a statement is: comments (nested ones too), string literals, quoted identifiers
and dollar quotes hide semicolons and keywords. Refuses to parse; `sql_effects.py` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper.assessment.reading import compile_pattern

_TOKEN = compile_pattern(
    r"(--[^\n]*)|(/\*)|('(?:[^'])*(?:'|\z))|(\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$)|(\"[^\"\n]*\")|(;)|(?m:(^[ \t]*(?:```|~~~)[^\n]*))"
)
_ESCAPED = compile_pattern(r"(?s)'(?:[^'\\]|\\.|'')*(?:'|\z)")
_COMMENT_EDGE = compile_pattern(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `text` has comments blanked, `skeleton` string contents too; both start at `start`."""

    start: int
    text: str
    skeleton: str
    bodies: tuple[tuple[int, int], ...]


class _Blanks:
    """Spans to blank, collected left to right and applied once."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def over(self, reading: bytes, start: int, end: int) -> bytes:
        pieces, at = [], start
        for begin, stop in self.spans:
            if stop <= start or begin >= end:
                continue
            begin, stop = max(begin, start), min(stop, end)
            pieces += [reading[at:begin], b" " * (stop - begin)]
            at = stop
        pieces.append(reading[at:end])
        return b"".join(pieces)


def split_script(reading: bytes, start: int, end: int) -> Iterator[Statement]:
    """Yield the statements of the script at `start:end`, in order, without empty ones."""
    begin = at = start
    comments, strings, bodies = _Blanks(), _Blanks(), []
    while (match := _TOKEN.search(reading, at, end)) is not None:
        at = match.end()
        if match.group(1) is not None or match.group(7) is not None:
            comments.spans.append((match.start(), at))
        elif match.group(2) is not None:
            at = _comment_end(reading, at, end)
            comments.spans.append((match.start(), at))
        elif match.group(3) is not None:
            at = _string_end(reading, match.start(), at, end)
            strings.spans.append((match.start() + 1, max(match.start() + 1, at - 1)))
        elif (tag := match.group(4)) is not None:
            close = reading.find(tag, at, end)
            body = (at, close if close >= 0 else end)
            at = min(end, body[1] + len(tag))
            bodies.append(body)
            strings.spans.append(body)
        elif match.group(6) is not None:
            yield from _statement(reading, begin, match.start(), comments, strings, tuple(bodies))
            begin = at
            comments, strings, bodies = _Blanks(), _Blanks(), []
    yield from _statement(reading, begin, end, comments, strings, tuple(bodies))


def _comment_end(reading: bytes, at: int, end: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(reading, at, end):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return end


def _string_end(reading: bytes, start: int, at: int, end: int) -> int:
    if start > 0 and reading[start - 1 : start] in (b"E", b"e"):
        escaped = _ESCAPED.match(reading, start, end)
        return escaped.end() if escaped is not None else end
    return at


def _statement(
    reading: bytes,
    start: int,
    end: int,
    comments: _Blanks,
    strings: _Blanks,
    bodies: tuple[tuple[int, int], ...],
) -> Iterator[Statement]:
    plain = comments.over(reading, start, end)
    if not plain.strip():
        return
    hidden = _Blanks()
    hidden.spans = sorted(comments.spans + strings.spans)
    yield Statement(start, plain.decode("ascii"), hidden.over(reading, start, end).decode("ascii"), bodies)
