"""The reading of a text: what each character stands for, and the way back to the original offsets."""

from __future__ import annotations

from itertools import pairwise

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.assessment.text.reading import compile_pattern, options_for_readings, read


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("DROP TABLE users;", b"DROP TABLE users;"),
        ("DR\u200bOP TA\u00adBLE us\ufeffers", b"DROP TABLE users"),
        ("\u202eDROP\u202c", b"DROP"),
        ("D\u0420OP \u0422\u0410\u0412L\u0395", b"DPOP TABLE"),
        ("\u0442\u0430ble", b"table"),
        ("\uff34\uff32\uff35\uff2e\uff23\uff21\uff34\uff25", b"TRUNCATE"),
        ("\U0001d403\U0001d411\U0001d40e\U0001d40f", b"DROP"),
        ("caf\u00e9 \ufb01le gr\u00f6\u00dfe", b"cafe file grosse"),
        ("\u6267\u884cDROP TABLE users\u3002", b"__ DROP TABLE users "),
        ("users\u8868", b"users _"),
        ("a\u2028b\u00a0c\u2014d", b"a\nb c d"),
        ("\ud800", b" "),
        ("", b""),
    ],
)
def test_a_character_is_read_as_what_it_stands_for(text: str, reading: bytes) -> None:
    assert read(text).text == reading


@given(st.text())
def test_every_byte_leads_back_to_its_character(text: str) -> None:
    reading = read(text)
    spans = [reading.span(at, at + 1) for at in range(len(reading.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[0] <= after[0] for before, after in pairwise(spans))
    for (start, _), byte in zip(spans, reading.text, strict=True):
        assert not text[start].isascii() or text[start] == chr(byte) or chr(byte) == " "
    assert reading.span(len(reading.text), len(reading.text)) == (len(text), len(text))


@given(st.text(), st.data())
def test_an_original_offset_leads_to_the_first_byte_at_or_after_it(text: str, data: st.DataObject) -> None:
    original = data.draw(st.integers(0, len(text)))
    reading = read(text)
    at = reading.offset(original)
    assert reading.span(at, at)[0] >= original
    assert at == 0 or reading.span(at - 1, at)[0] < original


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_is_read_as_it_is(text: str) -> None:
    reading = read(text)
    assert (reading.text.decode("ascii"), reading.origins) == (text, None)


def test_a_pattern_is_compiled_when_it_is_first_used_and_then_it_is_the_compiled_one() -> None:
    pattern = compile_pattern(r"(?i)drop (\w+)")
    assert set(vars(pattern)) == {"_pattern", "_options"}
    found = pattern.search(b"DROP users")
    assert found is not None
    assert found.group(1) == b"users"
    assert {"search", "match", "finditer"} <= set(vars(pattern))
    assert [each.start() for each in pattern.finditer(b"drop a drop b")] == [0, 7]


@given(
    st.sampled_from((r"a(b)?|(c)", r"x*", r"\bab", r"(?m)^a|b$", r"(a*)(b*)")),
    st.text("abcx \n", max_size=12).map(str.encode),
    st.integers(-2, 14),
    st.none() | st.integers(-2, 14),
)
def test_a_pattern_finds_what_the_library_finds(
    pattern: str, text: bytes, start: int, end: int | None
) -> None:
    ours, theirs = compile_pattern(pattern), re2.compile(pattern.encode(), options_for_readings())
    last = len(text) if end is None else end
    if start > len(text):
        assert list(ours.finditer(text, start, end)) == []
        return
    found = [(each.span(), tuple(each.groups())) for each in ours.finditer(text, start, end)]
    assert found == [(each.span(), each.groups()) for each in theirs.finditer(text, start, max(last, 0))]
    for ask in ("search", "match"):
        our, their = getattr(ours, ask)(text, start, end), getattr(theirs, ask)(text, start, max(last, 0))
        assert (our and our.span()) == (their and their.span())


def test_a_group_that_took_no_part_stands_nowhere_and_is_empty() -> None:
    found = compile_pattern(r"a(b)?").search(b"xa")
    assert found is not None
    assert (found.group(), found.group(1), found.groups(), found.span(1)) == (b"a", b"", [None], (-1, -1))
