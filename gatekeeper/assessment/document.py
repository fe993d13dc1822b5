"""A proposal as the analyzers see it: its text, its reading, its artifacts, and what runs at an offset.

Owns these views of one text. Refuses any judgement of them.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from gatekeeper.assessment.artifacts import Artifact, Kind, find_artifacts
from gatekeeper.assessment.lexer import Span, comment_spans, is_within
from gatekeeper.assessment.reading import read_as_bytes

_WORDS = ("markdown", "text")


class Document:
    """One proposal. Views are worked out when first asked for and never change."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reading = read_as_bytes(text)
        self.artifacts = find_artifacts(self.reading)
        self._starts = [artifact.start for artifact in self.artifacts]

    def artifact_at(self, offset: int) -> Artifact | None:
        """Return the artifact that holds the character at `offset`; inline code counts as prose."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.artifacts[index].end:
            return None
        artifact = self.artifacts[index]
        return None if artifact.kind is Kind.INLINE else artifact

    def runs_at(self, offset: int) -> bool:
        """Tell whether the character at `offset` is code: inside an artifact and not inside a comment."""
        artifact = self.artifact_at(offset)
        if artifact is None or artifact.language in _WORDS:
            return False
        return not is_within(self._comments[artifact], offset)

    def is_prose_at(self, offset: int) -> bool:
        """Tell whether the character at `offset` is said, not run; a fence without a language may hold words too."""
        artifact = self.artifact_at(offset)
        return artifact is None or artifact.language in _WORDS or not artifact.language

    def holds_only_comments(self, artifact: Artifact) -> bool:
        """Tell whether nothing but comments and blanks stands in an artifact of code."""
        if artifact.language in _WORDS:
            return False
        at = artifact.start
        for start, end in self._comments[artifact]:
            if self.reading[at:start].strip():
                return False
            at = end
        return not self.reading[at : artifact.end].strip()

    @cached_property
    def _comments(self) -> _Comments:
        return _Comments(self.reading)


class _Comments(dict[Artifact, list[Span]]):
    """Comment spans by artifact, found when first asked for."""

    def __init__(self, reading: bytes) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, artifact: Artifact) -> list[Span]:
        spans = comment_spans(self._reading, artifact.start, artifact.end, artifact.language)
        self[artifact] = spans
        return spans
