"""Untrusted text as HTML in which nothing hides: everything escaped, invisible and direction-changing characters shown.

A reviewer must see what automation will run. So controls, zero-width and bidirectional characters, fillers, tags and
private-use characters appear as their code point; they never act. Owns which characters those are, and loses none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup, escape

_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cc", "Co", "Cs", "Cn", "Zl", "Zp"})
_SHOWN_CONTROLS = frozenset("\n\t")
_SUSPECT = re.compile(r"[^ -~\n\t]")
_CARRIAGE_RETURN = "&#13;"


def visible(text: object) -> Markup:
    """The text as safe HTML. `None` is empty."""
    if text is None:
        return Markup()
    escaped = str(escape(str(text)))
    return Markup(_SUSPECT.sub(lambda found: _shown(found, escaped), escaped))  # noqa: S704  # escaped above


def plain(text: str) -> str:
    """The text for places that hold no HTML (titles, labels): hidden characters as their code points."""
    return _SUSPECT.sub(lambda found: _code_point(found[0]) if is_hidden(found[0]) else found[0], text)


@lru_cache(maxsize=4096)
def is_hidden(character: str) -> bool:
    """Whether a character shows nothing by itself or changes how others are shown."""
    if character in _SHOWN_CONTROLS:
        return False
    if character in _BLANKS or unicodedata.category(character) in _HIDDEN_CATEGORIES:
        return True
    return 0xE0100 <= ord(character) <= 0xE01EF


def hidden_characters(text: str) -> tuple[str, ...]:
    """The names of the hidden characters that occur in a text, in order of code point."""
    found = {match[0] for match in _SUSPECT.finditer(text) if is_hidden(match[0])}
    if "\r" in found and "\r" not in text.replace("\r\n", "\n"):
        found.discard("\r")
    return tuple(f"{_code_point(character)} {_name(character)}" for character in sorted(found))


def _shown(found: re.Match[str], text: str) -> str:
    character = found[0]
    if character == "\r" and text[found.end() : found.end() + 1] == "\n":
        return _CARRIAGE_RETURN
    if not is_hidden(character):
        return character
    return f'<b class="hidden" title="{_name(character)}">{_code_point(character)}</b>'


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _name(character: str) -> str:
    return unicodedata.name(character, "control character").lower()
