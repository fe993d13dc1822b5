"""The code of a proposal, in pieces: files and fences of programs, and what is shown among words without a fence.

Owns where code may stand. Refuses to say what any of it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

_PROGRAMS = frozenset(
    {"javascript", "python", "php", "go", "java", "ruby", "csharp", "c", "html", "diff", ""}
)
_ANY_LANGUAGE = ("", "diff", "html")
_WORDS = ("markdown", "text")
_BEFORE_A_FENCE = 240

_CODE_AMONG_WORDS = compile_pattern(
    r"[\w\]!]\(|\w\[:\w|[a-z]_[a-z_]+ :\w|(?m:^@@ )|[\w\])] ?=[ >]?[\w\"'`{\[(]|\$_[A-Z]|<[%?\w]|\{\{|\{!!|@[A-Z]\w+|"
    r"\w:\s?(?:true|false)\b|\b[a-z]\w+ params\["
)
_DIFF = compile_pattern(r"(?m)^(?:@@ |\+\+\+ [\w/]|--- [\w/]+\.)")
_PROGRAM_INSIDE = compile_pattern(
    r"\brequire\(['\"]|\bmodule\.exports\b|=>\s*[{(]|\b(?:app|router)\.\w+\(|"
    r"\bfunction\s*\w*\(|<\?php|(?m:^\s*(?:def|class) \w+.*:$)"
)
_JAVASCRIPT = compile_pattern(
    r"\brequire\(['\"]|\bmodule\.exports\b|\bconst \w|\bfunction \w*\(|\b(?:app|router)\.\w+\("
)
_WARNED = compile_phrase(
    r"(?i)\b(?:never|do ?n.?t|do not|avoid|must not|should not)\b[^.\n]{0,60}$|"
    r"\b(?:bad|wrong|insecure|vulnerable|unsafe|anti-?pattern|before|incorrect)\b[^.\n]{0,20}$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the reading that holds code; `said` when it is code among words. `language` is "" when unknown."""

    language: str
    start: int
    end: int
    said: bool

    def may_be(self, languages: tuple[str, ...]) -> bool:
        """Tell whether the piece may be written in one of the languages."""
        return self.language in languages or self.language in _ANY_LANGUAGE


def find_pieces(reading: bytes, artifacts: Sequence[Artifact]) -> tuple[Piece, ...]:
    """Return the pieces of code in order. A fence that the words before it warn of holds none."""
    solid = [each for each in artifacts if each.kind not in (Kind.INLINE, Kind.STATEMENT)]
    found: list[Piece] = []
    at = 0
    for artifact in solid:
        found += _among_words(reading, at, artifact.start)
        at = artifact.end
        if artifact.kind in (Kind.FILE, Kind.FENCE) and not _is_warned_of(reading, artifact):
            found += _shown(reading, artifact)
    return (*found, *_among_words(reading, at, len(reading)))


def _shown(reading: bytes, artifact: Artifact) -> list[Piece]:
    """Return the artifact as a piece: of its own language, or of an unknown one when its name does not say so."""
    span = (artifact.start, artifact.end)
    if artifact.language in _PROGRAMS:
        return [Piece(artifact.language, *span, said=False)]
    if artifact.language in _WORDS or _PROGRAM_INSIDE.search(reading, *span) is None:
        return []
    return [Piece("javascript" if _JAVASCRIPT.search(reading, *span) else "", *span, said=False)]


def _among_words(reading: bytes, start: int, end: int) -> list[Piece]:
    if start >= end or _CODE_AMONG_WORDS.search(reading, start, end) is None:
        return []
    language = "diff" if _DIFF.search(reading, start, end) is not None else ""
    return [Piece(language, start, end, said=True)]


def _is_warned_of(reading: bytes, artifact: Artifact) -> bool:
    if artifact.kind is not Kind.FENCE or artifact.start == 0:
        return False
    before = reading[max(0, artifact.start - _BEFORE_A_FENCE) : artifact.start - 1]
    words = before.rpartition(b"\n")[0].rstrip()
    return _WARNED.search(words.rpartition(b"\n")[2].rstrip(b" :*_")) is not None
