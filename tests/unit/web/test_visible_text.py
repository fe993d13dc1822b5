import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.web.visible_text import hidden_characters, is_hidden, plain, visible

HIDDEN = re.compile(r'<b class="hidden" title="[^"<>]*">U\+([0-9A-F]{4,6})</b>')
any_text = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    "<>&\"' a\n\r\t\u200b\u200d\u202e\u2066\ufeff\u00ad\u3164\U000e0041\x1b"
)


def original(markup: str) -> str:
    parts = HIDDEN.split(markup)
    return "".join(
        chr(int(part, 16)) if index % 2 else html.unescape(part) for index, part in enumerate(parts)
    )


@given(any_text)
def test_nothing_is_lost_and_nothing_is_added(text):
    assert original(str(visible(text))) == text


@given(any_text)
def test_no_markup_of_the_text_survives(text):
    without_ours = HIDDEN.sub("", str(visible(text)))
    assert not set(without_ours) & set("<>\"'")


@given(any_text)
def test_no_hidden_character_reaches_the_page(text):
    assert not [character for character in str(visible(text)) if is_hidden(character)]
    assert not [character for character in plain(text) if is_hidden(character)]


def test_direction_overrides_are_shown_by_name():
    shown = str(visible("safe \u202eevil"))
    assert shown == 'safe <b class="hidden" title="right-to-left override">U+202E</b>evil'


@pytest.mark.parametrize(
    "character",
    ["\u200b", "\u2060", "\ufeff", "\u3164", "\u2800", "\x00", "\x1b", "\u2028", "\U000e0049"],
)
def test_characters_that_show_nothing_count_as_hidden(character):
    assert is_hidden(character)


@pytest.mark.parametrize("text", ["Grüße", "שלום", "数据", "👍", "x\n\ty", "e\u0301", "a\u00a0b"])
def test_ordinary_writing_is_left_alone(text):
    assert str(visible(text)) == text


def test_windows_line_ends_are_no_hidden_characters():
    assert str(visible("a\r\nb")) == "a&#13;\nb"
    assert hidden_characters("a\r\nb") == ()


def test_a_lone_carriage_return_is_shown():
    assert "U+000D" in visible("rm -rf /\rls")
    assert hidden_characters("rm -rf /\rls") == ("U+000D control character",)


def test_hidden_characters_are_named_once_in_order():
    assert hidden_characters("\u202e\u200b\u200b") == (
        "U+200B zero width space",
        "U+202E right-to-left override",
    )


def test_names_hold_no_markup():
    assert not [
        code
        for code in range(0x110000)
        if is_hidden(chr(code)) and set(unicodedata.name(chr(code), "")) & set("<>&\"'")
    ]
