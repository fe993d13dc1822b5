"""Splitting a proposal into prose and artifacts: files it would write, fenced blocks, inline code, SQL lines.

Owns where each artifact begins and ends, its file name and its language, all as offsets into the proposal.
Refuses to say what an artifact does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatekeeper.assessment import paths
from gatekeeper.assessment.reading import compile_pattern


class Kind(StrEnum):
    """How a proposal shows an artifact."""

    FILE = "file"
    FENCE = "fence"
    INLINE = "inline"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Artifact:
    """Content that a proposal would write or run.

    `start`/`end` delimit the content; `path` is "" when unnamed, else it stands at `named_at`.
    """

    kind: Kind
    path: str
    language: str
    start: int
    end: int
    named_at: int = 0

    @property
    def live(self) -> bool:
        """Whether a running service depends on the file that would be overwritten."""
        return paths.is_live(self.path)

    @property
    def inert(self) -> bool:
        """Whether nothing loads the file by itself."""
        return paths.is_inert(self.path)


_FILE = compile_pattern(
    r"(?i)\bfile[ \t]+[`\"']?([^\s`\"']+)[`\"']?[ \t]+(?:with|to (?:have|contain))[ \t]+(?:this|the following|the)"
    r"(?:[ \t]+(?:complete|full|entire|exact|new))*[ \t]+contents?[ \t]*:?[ \t]*(?:\n|$)"
    r"|(?:^|\n)[ \t]*={2,}[ \t]*FILE:[ \t]*([^\s=]+)[ \t]*={2,}"
)
_TRAILER = compile_pattern(
    r"\n\s*\nThis is for (?:the )?opportunity:[^\n]*(?:\nMake sure the file is [^\n]*)?\s*$"
)
_FENCE = compile_pattern(r"(?m)^[ \t>]*(```+|~~~+)[ \t]*([^\s`]*)[^\n`]*$")
_INLINE = compile_pattern(r"`([^`\n]{6,400})`")
_STATEMENT = compile_pattern(
    r"(?m)^[ \t>*+-]*((?:DROP|TRUNCATE|DELETE|UPDATE|ALTER|GRANT|WITH)\s[^;`]*;|"
    r"(?:drop|truncate|delete|update|alter|Drop|Truncate|Delete|Update|Alter)\s[^;`\n]*;)"
)
_MOST_ARTIFACTS = 2000


def find_artifacts(reading: bytes) -> tuple[Artifact, ...]:
    """Return the artifacts in order, never overlapping, at most 2,000 (a text beyond that is all artifact)."""
    files = _files(reading)
    found: list[Artifact] = []
    at = 0
    for file in files:
        found += _between(reading, at, file.start)
        found.append(file)
        at = file.end
    found += _between(reading, at, len(reading))
    if len(found) > _MOST_ARTIFACTS:
        return (
            *found[: _MOST_ARTIFACTS - 1],
            Artifact(Kind.FILE, "", "", found[_MOST_ARTIFACTS - 1].start, len(reading)),
        )
    return tuple(found)


def _files(reading: bytes) -> list[Artifact]:
    heads = [
        (match.start(), match.end(), max(match.start(1), match.start(2)), (match.group(1) or match.group(2)))
        for match in _FILE.finditer(reading)
    ]
    ends = [*(head[0] for head in heads[1:]), len(reading)][: len(heads)]
    files = []
    for (_, start, named_at, name), end in zip(heads, ends, strict=True):
        trailer = _TRAILER.search(reading, max(start, end - 600), end)
        stop = trailer.start() if trailer is not None else end
        path = name.decode("ascii")
        files.append(Artifact(Kind.FILE, path, paths.language_of(path), start, max(start, stop), named_at))
    return files


def _between(reading: bytes, start: int, end: int) -> list[Artifact]:
    found: list[Artifact] = []
    at = start
    opened: tuple[int, bytes, str] | None = None
    for fence in _FENCE.finditer(reading, start, end):
        if opened is None:
            found += _loose(reading, at, fence.start())
            info = fence.group(2).decode("ascii")
            opened = (min(fence.end() + 1, end), fence.group(1)[:3], info)
        elif fence.group(1)[:3] == opened[1] and not fence.group(2):
            found.append(_fenced(opened, fence.start()))
            at, opened = fence.end(), None
    if opened is not None:
        found.append(_fenced(opened, end))
    else:
        found += _loose(reading, at, end)
    return found


def _fenced(opened: tuple[int, bytes, str], end: int) -> Artifact:
    start, _, info = opened
    word, _, path = info.partition(":")
    return Artifact(
        Kind.FENCE, path, paths.language_of(word) or paths.language_of(path), start, max(start, end)
    )


def _loose(reading: bytes, start: int, end: int) -> list[Artifact]:
    spans = [(m.start(1), m.end(1), Kind.INLINE) for m in _INLINE.finditer(reading, start, end)]
    spans += [(m.start(1), m.end(1), Kind.STATEMENT) for m in _STATEMENT.finditer(reading, start, end)]
    spans.sort()
    found: list[Artifact] = []
    for begin, stop, kind in spans:
        if not found or begin >= found[-1].end:
            found.append(Artifact(kind, "", "sql" if kind is Kind.STATEMENT else "", begin, stop))
    return found
