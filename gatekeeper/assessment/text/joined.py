"""Words that code only spells once it runs: string literals that are put together, and shell words cut by quotes.

Owns what has to be taken out of a text so that these words can be read. Refuses to evaluate: only literals that stand
side by side are joined, never what a name holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import compile_pattern

_UNJOINED = ("markdown", "text", "css", "html", "diff")
_SHELL = ("", "shell", "yaml", "json")
_LONGEST_JOINT = 80

_ADJOINING = ("python", "c", "ruby")
_MAY_JOIN = compile_pattern(
    r"[\"'`][ \t\r\n]*(?:\+|\.{1,2}|\|\||[ \t\r\n])[ \t\r\n]*[\"'`]|\]\.join\([\"'`]{2}\)"
)
_JOINT = compile_pattern(r"\A[\"'`][ \t\r\n]*(?:\+|\.{1,2}|\|\|)[ \t\r\n]*[\"'`]\z")
_NEXT_TO = compile_pattern(r"\A[\"'`][ \t\r\n]+[\"'`]\z")
_ITEM = compile_pattern(r"\A[\"'`][ \t\r\n]*,[ \t\r\n]*[\"'`]\z")
_JOINED_ITEMS = compile_pattern(r"\[([^\[\]]+)\]\.join\([\"'`]{2}\)")
_CUT_WORD = compile_pattern(r"[A-Za-z](''|\"\")[A-Za-z]|(\$\{?IFS\}?)")

Instead = tuple[int, int, bytes]


def joints(
    reading: bytes, artifacts: Sequence[Artifact], strings_of: Callable[[Artifact], Sequence[Span]]
) -> tuple[Instead, ...]:
    """Return what to replace in `reading`, in order: the span, and the bytes that stand there once words are whole."""
    found: list[Instead] = []
    for artifact in artifacts:
        if artifact.kind is Kind.PURPOSE or artifact.language in _UNJOINED:
            continue
        if artifact.language in _SHELL:
            found += _cuts(reading, artifact)
        elif _MAY_JOIN.search(reading, artifact.start, artifact.end) is not None:
            found += _joints(reading, artifact, strings_of(artifact))
    return tuple(found)


def _cuts(reading: bytes, artifact: Artifact) -> Iterator[Instead]:
    at = artifact.start
    while (match := _CUT_WORD.search(reading, at, artifact.end)) is not None:
        blank = match.start(2) >= 0
        start, at = match.span(2 if blank else 1)
        yield start, at, b" " if blank else b""


def _joints(reading: bytes, artifact: Artifact, strings: Sequence[Span]) -> Iterator[Instead]:
    lists = [each.span(1) for each in _JOINED_ITEMS.finditer(reading, artifact.start, artifact.end)]
    opened = closed = b""
    for (_, stop), (start, _) in pairwise((*strings, (artifact.end, artifact.end))):
        joint = reading[stop:start] if start - stop <= _LONGEST_JOINT else b""
        if _joins(joint, artifact.language in _ADJOINING, is_within(lists, stop)):
            opened, closed = opened or joint[:1], joint[-1:]
            yield stop, start, b""
        else:
            if opened != closed:
                yield stop, stop + 1, opened
            opened = closed = b""


# a long row of literals is joined by the same few signs
@lru_cache(maxsize=256)
def _joins(joint: bytes, adjoining: bool, listed: bool) -> bool:
    return (
        _JOINT.match(joint) is not None
        or (adjoining and _NEXT_TO.match(joint) is not None)
        or (listed and _ITEM.match(joint) is not None)
    )
