"""Cutting a stream into lines."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.api import ndjson
from gatekeeper.api.bulk import CHUNK_LINES, in_chunks
from gatekeeper.api.ndjson import Line, read_lines


class Dripping:
    """A stream that gives a few bytes at a time, however many are asked for."""

    def __init__(self, content: bytes, size: int) -> None:
        self._source = BytesIO(content)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._source.read(min(size, self._size))


@given(
    st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=12),
    st.integers(1, 7),
)
def test_lines_come_back_whole_however_the_bytes_arrive(lines: list[bytes], size: int) -> None:
    stream = Dripping(b"".join(line + b"\n" for line in lines), size)
    expected = [Line(number, line.removesuffix(b"\r")) for number, line in enumerate(lines, 1)]
    assert list(read_lines(stream, 64)) == expected


def test_the_last_line_needs_no_break() -> None:
    assert list(read_lines(BytesIO(b"a\nb"), 8)) == [Line(1, b"a"), Line(2, b"b")]


def test_nothing_is_no_line() -> None:
    assert list(read_lines(BytesIO(b""), 8)) == []


@given(st.integers(1, 9))
def test_a_line_over_the_limit_is_dropped_and_the_next_is_not(size: int) -> None:
    stream = Dripping(b"12345678\r\n123456789\n1\n" + b"x" * 100 + b"\n2", size)
    assert list(read_lines(stream, 8)) == [
        Line(1, b"12345678"),
        Line(2, None),
        Line(3, b"1"),
        Line(4, None),
        Line(5, b"2"),
    ]


def test_an_endless_line_is_not_gathered() -> None:
    class Endless:
        def __init__(self) -> None:
            self.left = 10_000

        def read(self, size: int, /) -> bytes:
            self.left -= 1
            return b"x" * size if self.left else b""

    assert list(read_lines(Endless(), 1024)) == [Line(1, None)]


def test_blank_lines_count_but_are_not_decided() -> None:
    lines = read_lines(BytesIO(b"\n  \r\na\n\nb\n"), 8)
    assert list(in_chunks(lines)) == [[Line(3, b"a"), Line(5, b"b")]]


def test_chunks_are_bounded_in_lines_and_in_bytes() -> None:
    many = in_chunks(Line(number, b"a") for number in range(1, 2 * CHUNK_LINES + 2))
    assert [len(chunk) for chunk in many] == [CHUNK_LINES, CHUNK_LINES, 1]
    large = in_chunks(Line(number, b"x" * 3_000_000) for number in range(1, 5))
    assert [len(chunk) for chunk in large] == [2, 2]


def test_the_stream_is_read_in_bounded_pieces() -> None:
    assert ndjson.CHUNK_BYTES <= 65_536
