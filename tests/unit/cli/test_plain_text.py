"""Foreign text cannot act on a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.cli.plain_text import plain, plain_lines


@given(st.text())
def test_nothing_that_acts_or_hides_reaches_the_terminal(text):
    assert {unicodedata.category(character) for character in plain(text)}.isdisjoint(
        {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
    )


@given(st.text())
def test_lines_keep_their_breaks_and_tabs_and_nothing_else(text):
    assert plain_lines(text).count("\n") == text.count("\n")
    assert not any(
        unicodedata.category(character) in ("Cc", "Cf")
        for character in plain_lines(text)
        if character not in "\n\t"
    )


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_printable_ascii_stays_as_it_is(text):
    assert plain(text) == plain_lines(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[1;1Hall good", "<U+001B>[2J<U+001B>[1;1Hall good"),
        ("pay\u202eeno", "pay<U+202E>eno"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("\x9b31m", "<U+009B>31m"),
        ("two\nlines\there", "two lines here"),
        ("Straße, 東京, ✓", "Straße, 東京, ✓"),
    ],
)
def test_what_would_act_is_shown_as_its_code_point(text, shown):
    assert plain(text) == shown
