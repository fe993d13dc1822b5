"""Text that hides in an encoding: base64, percent-encoding, escapes and character references that decode to text.

Owns the finding and decoding of such blocks. Bounded: what goes beyond the bounds is said by `Blocks.left_over`.
"""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import Pattern, compile_pattern

MOST_BLOCKS = 256
MOST_DECODED_BYTES = 256 * 1024
LEAST_DECODED_BYTES = 8
LEAST_READABLE = 0.95


@dataclass(frozen=True, slots=True)
class Blocks:
    """What was decoded, by its span; `left_over` is the span where the bounds were reached, if they were."""

    decoded: tuple[tuple[Span, str], ...]
    left_over: Span | None


def decode_blocks(reading: bytes) -> Blocks:
    """Return the text of each block of `reading` that decodes to text; a block inside its text stays encoded."""
    found: list[tuple[Span, str]] = []
    decoded_bytes = 0
    for span, text in _texts(reading):
        decoded_bytes += len(text)
        if len(found) == MOST_BLOCKS or decoded_bytes > MOST_DECODED_BYTES:
            return Blocks(tuple(found), span)
        found.append((span, text))
    return Blocks(tuple(found), None)


def _texts(reading: bytes) -> Iterator[tuple[Span, str]]:
    for mark, pattern, decode in _ENCODINGS:
        for match in pattern.finditer(reading) if mark in reading else ():
            text = _as_text(decode(match.group()))
            if text is not None:
                yield (match.start(), match.end()), text


def _from_base64(block: bytes) -> bytes:
    compact = b"".join(block.split()).translate(_URL_SAFE).rstrip(b"=")
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except binascii.Error:
        return b""


def _from_hex(block: bytes) -> bytes:
    return bytes.fromhex(block.decode("ascii").replace("0x", " "))


def _from_escapes(block: bytes) -> bytes:
    codes = (match.group().lstrip(b"\\xuU{").rstrip(b"}") for match in _ESCAPE.finditer(block))
    characters = (chr(min(int(each, 16), 0x10FFFF)) for each in codes)
    return "".join(characters).encode("utf-8", "replace")


def _from_references(block: bytes) -> bytes:
    return html.unescape(block.decode("ascii")).encode("utf-8", "replace")


def _as_text(decoded: bytes) -> str | None:
    """The text, when the bytes are one that somebody could read."""
    if len(decoded) < LEAST_DECODED_BYTES:
        return None
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return None
    readable = sum(each.isprintable() or each in "\n\r\t" for each in text)
    return text if readable >= LEAST_READABLE * len(text) else None


_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ESCAPE = compile_pattern(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\})")
# by what none of its blocks is without
_ENCODINGS: tuple[tuple[bytes, Pattern, Callable[[bytes], bytes]], ...] = (
    (
        b"",
        compile_pattern(r"(?:[A-Za-z0-9+/]{40,100}[ \t]*\r?\n[ \t>]*)*[A-Za-z0-9+/_-]{12,}={0,2}"),
        _from_base64,
    ),
    (b"%", compile_pattern(r"[^\s\"'`<>()%]*(?:%[0-9A-Fa-f]{2}[^\s\"'`<>()%]*){2,}"), unquote_to_bytes),
    (
        b"",
        compile_pattern(
            r"\b(?:0x)?(?:[0-9A-Fa-f]{2}){12,}\b|\b(?:(?:0x)?[0-9A-Fa-f]{2}[ \t]){11,}(?:0x)?[0-9A-Fa-f]{2}\b"
        ),
        _from_hex,
    ),
    (
        b"\\",
        compile_pattern(r"(?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\})){8,}"),
        _from_escapes,
    ),
    (b"&#", compile_pattern(r"(?:&#(?:[0-9]{2,6}|[xX][0-9A-Fa-f]{2,6});){8,}"), _from_references),
)
