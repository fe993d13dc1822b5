"""Cut a stream of bytes into numbered lines in constant memory. A line over the limit is dropped, not gathered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

CHUNK_BYTES = 65_536


class ByteStream(Protocol):
    """Anything that gives up to `size` bytes at a time and none at its end."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, counted from 1, without its line break. `content` is None when it was over the limit."""

    number: int
    content: bytes | None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but white space on it."""
        return self.content is not None and not self.content.strip()


def read_lines(stream: ByteStream, limit_bytes: int) -> Iterator[Line]:
    """The lines of a stream. A break at the very end begins no further line."""
    number, gathered, too_long = 1, bytearray(), False
    while chunk := stream.read(CHUNK_BYTES):
        *complete, rest = chunk.split(b"\n")
        for piece in complete:
            gathered += piece
            yield _line(number, gathered, limit_bytes, too_long)
            number, gathered, too_long = number + 1, bytearray(), False
        gathered += rest
        if len(gathered) > limit_bytes + 1:  # the one more may be the CR of a line break to come
            gathered, too_long = bytearray(), True
    if gathered or too_long:
        yield _line(number, gathered, limit_bytes, too_long)


def _line(number: int, gathered: bytearray, limit_bytes: int, too_long: bool) -> Line:
    content = bytes(gathered).removesuffix(b"\r")
    return Line(number, None if too_long or len(content) > limit_bytes else content)
