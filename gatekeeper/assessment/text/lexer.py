"""Comments and string literals of ordinary programming languages, found in one linear pass.

Owns the little lexing that every analyzer of code needs. Refuses grammar: what a statement means is for parsers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from gatekeeper.assessment.text.reading import compile_pattern

Span = tuple[int, int]

_STRINGS = (
    r'(?s:""".*?"""|\'\'\'.*?\'\'\')'
    r'|"(?:[^"\\\n]|\\(?s:.))*"'
    r"|'(?:[^'\\\n]|\\(?s:.))*'"
    r"|`(?:[^`\\]|\\(?s:.))*`"
)
_BLOCK = r"/\*(?s:.*?)(?:\*/|\z)"
# what MySQL runs although it looks like a comment
_BLOCK_OF_SQL = r"/\*(?:\*/|[^!](?s:.*?)(?:\*/|\z)|\z)"
# a regular expression opens no string and no comment, whatever stands in it
_REGEX = r"[=(,:\[!&|?{};][ \t]*/(?:[^/*\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])*/"
_HASH, _SLASHES, _DASHES, _MARKUP = r"#[^\n]*", r"//[^\n]*", r"--[^\n]*", r"<!--(?s:.*?)(?:-->|\z)"
_WORD_HASH = r"(?m:(?:^|[ \t])#[^\n]*)"
_REMOVED = r"(?m:^-[^\n]*)"
# a stray Markdown fence in a file is no code, and its backticks open no string
_FENCE = r"(?m:^[ \t]*(?:```|~~~)[^\n`]*$)"

_BY_LANGUAGE = {
    language: compile_pattern(
        f"({pattern}|{_FENCE})|({_STRINGS})" + (f"|{_REGEX}" if language == "javascript" else "")
    )
    for language, pattern in {
        "": f"{_SLASHES}|{_BLOCK}|(?m:^[ \\t]*{_HASH})",
        "javascript": f"{_SLASHES}|{_BLOCK}",
        "go": f"{_SLASHES}|{_BLOCK}",
        "hcl": f"{_HASH}|{_SLASHES}|{_BLOCK}",
        "java": f"{_SLASHES}|{_BLOCK}",
        "csharp": f"{_SLASHES}|{_BLOCK}",
        "c": f"{_SLASHES}|{_BLOCK}",
        "php": f"{_SLASHES}|{_BLOCK}|{_WORD_HASH}",
        "diff": f"{_REMOVED}|{_SLASHES}|{_BLOCK}",
        "css": _BLOCK,
        "sql": f"{_DASHES}|{_SLASHES}|{_BLOCK_OF_SQL}",
        "python": _HASH,
        "ruby": _HASH,
        "rego": _HASH,
        "shell": _WORD_HASH,
        "yaml": _WORD_HASH,
        "env": _WORD_HASH,
        "json": f"{_SLASHES}|{_BLOCK}",
        "html": _MARKUP,
    }.items()
}
_COMMENT, _STRING = 1, 2
_LONG_QUOTES = (b'"""', b"'''")


class Lexed(NamedTuple):
    """The spans of comments, and of what is between the quotes of string literals, each in order."""

    comments: list[Span]
    strings: list[Span]


def lex(reading: bytes, start: int, end: int, language: str) -> Lexed:
    """Return the comments and string literals in `start:end`. Neither begins inside one of the other.

    A line that a diff removes is as good as a comment: it does not run either.
    """
    pattern = _BY_LANGUAGE.get(language) or _BY_LANGUAGE[""]
    found = Lexed([], [])
    for match in pattern.finditer(reading[start:end]):
        first, last = match.span(_COMMENT)
        if first >= 0:
            found.comments.append((start + first, start + last))
            continue
        first, last = match.span(_STRING)
        if first >= 0:
            first, last = start + first, start + last
            quotes = 3 if last - first >= 6 and reading[first : first + 3] in _LONG_QUOTES else 1
            found.strings.append((first + quotes, last - quotes))
    return found


def is_within(spans: Sequence[Span], offset: int) -> bool:
    """Tell whether `offset` lies in one of the spans, which are in order and never overlap."""
    index = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return index >= 0 and offset < spans[index][1]
