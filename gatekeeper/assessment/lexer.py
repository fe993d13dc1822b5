"""Comments and string literals of ordinary programming languages, found in one linear pass.

Owns the little lexing that every analyzer of code needs. Refuses grammar: what a statement means is for parsers.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.assessment.reading import compile_pattern


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal: `start`/`end` delimit what is between the quotes."""

    start: int
    end: int


_STRINGS = r'(?s:"""(.*?)"""|\'\'\'(.*?)\'\'\')|"((?:[^"\\\n]|\\(?s:.))*)"|\'((?:[^\'\\\n]|\\(?s:.))*)\'|`((?:[^`\\]|\\(?s:.))*)`'
_BLOCK = r"(/\*(?s:.*?)(?:\*/|\z))"
_HASH, _SLASHES, _DASHES, _MARKUP = r"#[^\n]*", r"//[^\n]*", r"--[^\n]*", r"<!--(?s:.*?)(?:-->|\z)"

_BY_LANGUAGE = {
    language: compile_pattern(f"({pattern})|{_BLOCK}|{_STRINGS}")
    for language, pattern in {
        "": f"{_SLASHES}|(?m:^[ \\t]*{_HASH})",
        "javascript": _SLASHES,
        "go": _SLASHES,
        "css": r"[^\x00-\xff]",
        "sql": f"{_DASHES}|{_SLASHES}",
        "python": _HASH,
        "ruby": _HASH,
        "rego": _HASH,
        "shell": r"(?m:(?:^|[ \t])" + _HASH + ")",
        "yaml": r"(?m:(?:^|[ \t])" + _HASH + ")",
        "env": r"(?m:(?:^|[ \t])" + _HASH + ")",
        "json": _SLASHES,
        "html": _MARKUP,
    }.items()
}


def comment_spans(reading: bytes, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Return the spans of comments in `start:end`, in order. Markers inside string literals are not comments."""
    pattern = _BY_LANGUAGE.get(language) or _BY_LANGUAGE[""]
    return [
        (match.start(), match.end())
        for match in pattern.finditer(reading, start, end)
        if match.group(1) is not None or match.group(2) is not None
    ]


def string_literals(reading: bytes, start: int, end: int, language: str) -> list[Literal]:
    """Return the string literals in `start:end`, in order. Quotes inside comments open nothing."""
    pattern = _BY_LANGUAGE.get(language) or _BY_LANGUAGE[""]
    return [
        Literal(match.start(group), match.end(group))
        for match in pattern.finditer(reading, start, end)
        for group in range(3, 8)
        if match.group(group) is not None
    ]
