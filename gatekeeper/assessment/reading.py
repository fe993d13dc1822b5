"""The text as the analyzers read it: one ASCII byte for each character, so that offsets never change.

Owns that one mapping (compatibility forms such as full-width letters become the letter they stand for, other
letters become `_`, everything else a space) and the compiling of patterns over it. Refuses patterns that
backtrack: every pattern over hostile text runs on RE2, in time linear in the text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Protocol

import re2


class Match(Protocol):
    """What a match offers; the methods of `re.Match` that analyzers use."""

    def start(self, group: int = 0, /) -> int:
        """Return the first offset of the group."""
        ...

    def end(self, group: int = 0, /) -> int:
        """Return the offset after the group."""
        ...

    def group(self, group: int = 0, /) -> bytes:
        """Return the group's bytes."""
        ...


class Pattern(Protocol):
    """A compiled pattern over a reading."""

    def search(self, text: bytes, pos: int = 0, endpos: int = ..., /) -> Match | None:
        """Find the first match."""
        ...

    def match(self, text: bytes, pos: int = 0, endpos: int = ..., /) -> Match | None:
        """Match at `pos`."""
        ...

    def finditer(self, text: bytes, pos: int = 0, endpos: int = ..., /) -> Iterator[Match]:
        """Find all matches, left to right."""
        ...


def compile_pattern(pattern: str) -> Pattern:
    """Compile an ASCII pattern for readings; called at import only."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 32 << 20
    compiled: Pattern = re2.compile(pattern.encode("ascii"), options)
    return compiled


class _ReadAs(dict[int, str]):
    """The reading of each character beyond ASCII, worked out when first met and forgotten after the text."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) != 1 or not plain.isascii():
            plain = "_" if character.isalnum() else "\n" if code in (0x2028, 0x2029, 0x85) else " "
        self[code] = plain
        return plain


def read_as_bytes(text: str) -> bytes:
    """Return the reading of `text`: exactly one byte for each character."""
    if text.isascii():
        return text.encode("ascii")
    ascii_as_is = _ReadAs((code, chr(code)) for code in range(128))
    return text.translate(ascii_as_is).encode("ascii")
