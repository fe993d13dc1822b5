"""Declarations: keys with their values as HCL, YAML, JSON, code and sentences write them, and what encloses them.

Owns the shape of a declaration, the comments behind one, and the blocks around an offset, by brackets or by
indentation. Refuses to say which declaration is dangerous.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

LOOKED_BACK = 8000
LOOKED_AHEAD = 4000
_WIDEST_LINE = 600
_DEEPEST = 16
_MOST_LINES = 80
_LONGEST_HEADER = 120
_MOST_COMMENTS = 2000

_BEFORE = (
    r"(?:(?:(?m:^)[ \t\-]*|\S[ \t]{2,}|[{,(\[;]\s*|\b(?:sets?|setting|with|uses?|using|adds?|adding|enabl(?:e|"
    r"es|ing)|"
    r"chang(?:e|es|ing)|by|to)\s+(?:[a-z-]+\s+){0,2})[\"'`]?|`)"
)
_OPENING, _CLOSING = b"{[", b"}]"
_COMMENT = compile_pattern(
    r"(?m)^[ \t-]*[\w.\"'/-]+[ \t]*(?::[ \t]|=)[^#\n]*[ \t](#[^\n]*)$|^[ \t]*(#[^\n]*)$"
)
_DESCRIBES = compile_pattern(
    r"(?i)(?:description|message|title|body|summary|notes?|comment|help|reason)[\"']?\s*[:=]\s*[\"'`]\z"
)
_SLASHES = compile_pattern(
    r"(?m)^[ \t]*[\w.\"'-]+[ \t]*(?::[ \t]|=)[^/\n]*[ \t](//[^\n]*)$|^[ \t]*(//[^\n]*)$"
)


def declares(keys: str, values: str) -> str:
    """Return a pattern for one of the `keys` that is given one of the `values`: plain, quoted, or alone in a list."""
    return rf"{_BEFORE}(?:{keys})[\"'`]?\s*[:=]\s*(?:\[\s*|-\s+)?[\"']?(?:{values})(?:[\"'`,;\s)}}\]]|$)"


def remarks(document: Document) -> list[Span]:
    """Return the spans of what only remarks: comments beside declarations, and strings given as a description."""
    lines = running_lines(document)
    found = [
        each.span(group)
        for pattern in (_COMMENT, _SLASHES)
        for each in islice(pattern.finditer(lines), _MOST_COMMENTS)
        for group in (1, 2)
        if each.start(group) >= 0
    ]
    found += [span for span in document.strings if _DESCRIBES.search(lines[max(0, span[0] - 40) : span[0]])]
    return sorted(found)


def running_lines(document: Document) -> bytes:
    """Return what runs or is said with every line end in its place; offsets stay the same."""
    lines, reading = bytearray(document.running), document.reading
    at = reading.find(b"\n")
    while at >= 0:
        lines[at] = reading[at]
        at = reading.find(b"\n", at + 1)
    return bytes(lines)


def line_around(text: bytes, start: int, end: int) -> bytes:
    """Return the line that holds `start:end`, at most 600 bytes of it on either side."""
    after = text.find(b"\n", end, end + _WIDEST_LINE)
    first = max(text.rfind(b"\n", 0, start) + 1, start - _WIDEST_LINE)
    return text[first : after if after >= 0 else end + _WIDEST_LINE]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of declarations and the words that head it; offsets into the text it was found in."""

    header: bytes
    start: int
    end: int


def blocks_around(text: bytes, offset: int) -> list[Block]:
    """Return the blocks that hold `offset`, the innermost first: 16 in brackets, then those by indentation.

    Only what lies within 8,000 bytes before and 4,000 after is looked at.
    """
    begin = max(0, offset - LOOKED_BACK)
    opened: list[int] = []
    for at, byte in enumerate(text[begin:offset], begin):
        if byte in _OPENING:
            opened.append(at)
        elif byte in _CLOSING and opened:
            opened.pop()
    outermost = opened[0] if opened else offset
    return _bracketed(text, offset, opened[-_DEEPEST:]) + _indented(text, outermost)


def _bracketed(text: bytes, offset: int, opened: list[int]) -> list[Block]:
    closings: list[int] = []
    depth, limit = 0, min(len(text), offset + LOOKED_AHEAD)
    for at, byte in enumerate(text[offset:limit], offset):
        if len(closings) == len(opened):
            break
        if byte in _OPENING:
            depth += 1
        elif byte in _CLOSING:
            depth -= 1
            if depth < -len(closings):
                closings.append(at)
    closings += [limit] * (len(opened) - len(closings))
    return [
        Block(_header(text, start), start + 1, end)
        for start, end in zip(reversed(opened), closings, strict=False)
    ]


def _header(text: bytes, bracket: int) -> bytes:
    before = text[max(0, bracket - _LONGEST_HEADER) : bracket].rstrip(b" \t\n[(")
    return before[max(before.rfind(mark) for mark in (b"\n", b"{", b"}", b"[", b"]", b",", b";", b"(")) + 1 :]


def _indented(text: bytes, offset: int) -> list[Block]:
    """Return the blocks of YAML around `offset`: the items and keys that it is indented under."""
    start = text.rfind(b"\n", 0, offset) + 1
    depth = _indent(text, start)
    in_list = text[start + depth : start + depth + 1] == b"-"
    blocks = [Block(b"", start, _end_of_block(text, start, depth))] if in_list else []
    for _ in range(_MOST_LINES):
        if start == 0 or depth == 0:
            break
        start = text.rfind(b"\n", 0, start - 1) + 1
        end = text.find(b"\n", start)
        stripped = text[start:end].strip()
        indent = _indent(text, start)
        heads_list = in_list and indent == depth and not stripped.startswith(b"-")
        if stripped and (indent < depth or heads_list):
            blocks.append(Block(stripped, start, _end_of_block(text, start, indent)))
            depth, in_list = indent, stripped.startswith(b"-")
    return blocks


def _end_of_block(text: bytes, start: int, indent: int) -> int:
    limit = min(len(text), start + LOOKED_AHEAD)
    at = text.find(b"\n", start, limit)
    is_item = text[start + indent : start + indent + 1] == b"-"
    for _ in range(_MOST_LINES):
        if at < 0:
            return limit
        line = at + 1
        end = text.find(b"\n", line, limit)
        stripped = text[line : end if end >= 0 else limit].strip()
        if stripped:
            depth = _indent(text, line)
            if depth < indent or (depth == indent and (is_item or not stripped.startswith(b"-"))):
                return at
        at = end
    return limit


def _indent(text: bytes, start: int) -> int:
    line = text[start : start + _LONGEST_HEADER]
    return len(line) - len(line.lstrip(b" \t"))
