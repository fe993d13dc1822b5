"""Foreign text for a terminal: nothing in it may move the cursor, change colours, hide or turn the reading direction.

Escape sequences in a proposal could otherwise repaint what a reviewer is about to approve.
"""

from __future__ import annotations

import re
import unicodedata

_SUSPECT = re.compile(r"[^ -~]")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def plain(text: str) -> str:
    """One line of text: line breaks and tabs become blanks, what would act or hide shows as its code point."""
    return _SUSPECT.sub(lambda found: _shown(found[0], ""), text)


def plain_lines(text: str) -> str:
    """Text that keeps its line breaks and tabs; what would act or hide shows as its code point."""
    return _SUSPECT.sub(lambda found: _shown(found[0], "\n\t"), text)


def _shown(character: str, kept: str) -> str:
    if character in kept:
        return character
    if character in "\n\t\r":
        return " "
    hidden = (
        character in _BLANKS
        or unicodedata.category(character) in _HIDDEN_CATEGORIES
        or 0xE0100 <= ord(character) <= 0xE01EF
    )
    return f"<U+{ord(character):04X}>" if hidden else character
