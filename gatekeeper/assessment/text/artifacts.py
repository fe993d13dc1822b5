"""Splitting a proposal into prose and artifacts: files it would write, fenced blocks, inline code, SQL lines.

Owns where each artifact begins and ends, its file name and its language, all as offsets into the proposal.
Refuses to say what an artifact does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice

from gatekeeper.assessment.text import paths
from gatekeeper.assessment.text.central_files import Part, part_of
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern, compile_phrase


class Kind(StrEnum):
    """How a proposal shows an artifact. PURPOSE is what is said a file is for: words, and no deed."""

    FILE = "file"
    FENCE = "fence"
    INLINE = "inline"
    STATEMENT = "statement"
    PURPOSE = "purpose"


@dataclass(frozen=True)
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

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    @cached_property
    def live(self) -> bool:
        """Whether a running service depends on the file that would be overwritten."""
        return paths.is_live(self.path)

    @cached_property
    def part(self) -> Part | None:
        """What of a service would be overwritten, when it is a file that no service can do without."""
        return part_of(self.path) if self.kind is Kind.FILE else None

    @cached_property
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
_RUNS_FILE = compile_pattern(
    r"\b(sh|bash|zsh|psql|python3?|node|ruby)[ \t]+"
    r"(?:-[\w-]+(?:[ \t=]+[\"']?[$:/@{}\w.-]+[\"']?)??[ \t]+|\"?\$\{?\w+\}?\"?[ \t]+|<[ \t]*)*"
    r"[\"']?([\w./\\-]+\.(?:md|txt|rst|log|csv|dat|cfg|css|html))\b"
)
_FENCE = compile_pattern(r"(?m)^[ \t>]*(```+|~~~+)[ \t]*([^\s`]*)[^\n`]*$")
_INLINE = compile_pattern(r"`([^`\n]{6,400})`")
# What a statement holds up to its semicolon: names in backticks, strings and dollar quotes belong to it.
_QUOTED = r"`[^`;\n]*`|'(?:[^'\\]|\\(?s:.)|'')*'|\$\w*\$(?s:.*?)\$\w*\$|\$"
_TO_END = rf"(?:[^;`'$]|{_QUOTED})*;"
_TO_END_IN_LINE = r"(?:[^;`'$\n]|`[^`;\n]*`|'(?:[^'\\\n]|\\.|'')*'|\$\w*\$.*?\$\w*\$|\$)*;"
_DEFINES = (
    r"(?:DROP|ALTER|CREATE(?: OR REPLACE| UNIQUE| TEMP| TEMPORARY| CLUSTERED| UNLOGGED)*) (?:TABLE|SCHEMA|DATABASE|"
    r"INDEX|VIEW|POLICY|TRIGGER|FUNCTION|TYPE|EXTENSION|OWNED|USER|ROLE|SEQUENCE|MATERIALIZED|TABLESPACE|FOREIGN|"
    r"PROCEDURE|STAGE|AUDIT|SYSTEM|SERVER|EVENT|DOMAIN)\b"
)
_CHANGES = (
    r"(?:TRUNCATE |DELETE (?:FROM|TOP|\w+ FROM)\b|UPDATE [\w.`\[\]\", ]+ SET\b|"
    r"INSERT (?:INTO|OVERWRITE)\b|MERGE INTO\b|REPLACE INTO\b|GRANT [\w*, ]+ (?:ON|TO)\b|REVOKE [\w*, ]+ (?:ON|FROM)\b|"
    r"RENAME TABLE\b)"
)
_COMMANDS = (
    r"(?:VACUUM (?:FULL\b|\()|REINDEX (?:TABLE|INDEX|DATABASE|SCHEMA|SYSTEM)\b|CLUSTER \w+ USING\b|LOCK TABLES?\b|"
    r"REFRESH MATERIALIZED\b|COPY [\w.(]|EXEC(?:UTE)?[ (]|OPTIMIZE TABLE\b|SELECT [\w*'\"(@]|EXPLAIN (?:ANALYZE\b|\()|"
    r"SET (?:SESSION |LOCAL |GLOBAL )?(?:session_replication_role|FOREIGN_KEY_CHECKS|SQL_SAFE_UPDATES|general_log)\b|"
    r"PRAGMA \w|LOAD DATA\b|PURGE [A-Z]|RESET MASTER\b|NOAUDIT [A-Z]|DISABLE TRIGGER\b|DO \$|BEGIN TRAN|BEGIN;|COMMIT;|"
    r"ROLLBACK;|IF OBJECT_ID|COMMENT ON\b)"
)
_HEAD = rf"(?:{_DEFINES}|{_CHANGES}|{_COMMANDS})"
_SCRIPT = rf"(?:(?:--[^\n]*|/\*(?s:.*?)\*/)\s*)*(?:{_HEAD}|WITH \w+ AS\b){_TO_END}"
_STATEMENT = compile_phrase(
    rf"(?m)(?:^[ \t>]*(?:[*+-][ \t]+)?((?:{_SCRIPT})(?:\s*{_SCRIPT})*|"
    r"(?:DROP|TRUNCATE|DELETE|UPDATE|ALTER|GRANT|WITH)\s[^;`]*;|"
    r"(?i:drop (?:table|schema|database|index|view|column|policy|trigger|type|user|role)|truncate|delete from|"
    r"update \S+ set|alter (?:table|role|user|system|database|type))\b[^;`\n]*;|"
    r"(?:DROP (?:TABLE|SCHEMA|DATABASE)|TRUNCATE TABLE|DELETE FROM) [\w.\"`\[\], ]+$))"
    rf"|\b({_HEAD}\s*{_TO_END_IN_LINE}|(?:drop|truncate) (?:table|schema|database) [^;`\n]*;)"
)
_OPENS = compile_phrase(rf"(?m)^[ \t>]*(?:[*+-][ \t]+)?{_HEAD}")
_REST = compile_pattern(r"(?s)((.*))")
_WINDOW = 1 << 16
_MOST_LONG = 8
MOST_ARTIFACTS = 2000
_LONGEST_TRAILER = 600


def find_artifacts(reading: bytes) -> tuple[Artifact, ...]:
    """Return the artifacts in order, never overlapping; what follows the first 2,000 is one more artifact."""
    found = tuple(islice(_artifacts(reading), MOST_ARTIFACTS))
    if len(found) < MOST_ARTIFACTS:
        return found
    return (*found, Artifact(Kind.FILE, "", "", found[-1].end, len(reading)))


def _artifacts(reading: bytes) -> Iterator[Artifact]:
    at = 0
    for file in _files(reading):
        yield from _between(reading, at, file.start)
        yield file
        at = file.end
    yield from _between(reading, at, len(reading))


def _files(reading: bytes) -> Iterator[Artifact]:
    heads = list(islice(_FILE.finditer(reading), MOST_ARTIFACTS))
    if heads:
        # A marker of the other kind inside a file is only text of that file.
        said = heads[0].start(1) >= 0
        heads = [head for head in heads if (head.start(1) >= 0) is said]
    ends = [*(head.start() for head in heads[1:]), len(reading)][: len(heads)]
    run = _run_files(reading) if heads else {}
    for head, end in zip(heads, ends, strict=True):
        group = 1 if head.start(1) >= 0 else 2
        path, start = paths.normal(head.group(group).decode("ascii")), head.end()
        trailer = _TRAILER.search(reading, max(start, end - _LONGEST_TRAILER), end)
        stop = max(start, trailer.start() if trailer is not None else end)
        language = run.get(path) or paths.language_of(path)
        yield Artifact(Kind.FILE, path, language, start, stop, head.start(group))
        if trailer is not None:
            yield Artifact(Kind.PURPOSE, "", "text", stop, end)


def _run_files(reading: bytes) -> dict[str, str]:
    """Return the languages of the files that a command of the proposal runs, whatever their names say they are."""
    return {
        paths.normal(each.group(2).decode("ascii")): paths.language_of(each.group(1).decode("ascii"))
        for each in _limited(_RUNS_FILE, reading, 0, len(reading))
    }


def _between(reading: bytes, start: int, end: int) -> Iterator[Artifact]:
    at = start
    opened: tuple[int, bytes, str] | None = None
    for fence in _FENCE.finditer(reading, start, end):
        mark, info = fence.group(1)[:3], fence.group(2)
        if opened is None:
            yield from _loose(reading, at, fence.start())
            opened = (min(fence.end() + 1, end), mark, info.decode("ascii"))
        elif mark == opened[1] and not info:
            yield _fenced(opened, fence.start())
            at, opened = fence.end(), None
    if opened is not None:
        yield _fenced(opened, end)
    else:
        yield from _loose(reading, at, end)


def _fenced(opened: tuple[int, bytes, str], end: int) -> Artifact:
    start, _, info = opened
    word, _, named = info.partition(":")
    path = paths.normal(named) if named else ""
    return Artifact(
        Kind.FENCE, path, paths.language_of(word) or paths.language_of(path), start, max(start, end)
    )


def _loose(reading: bytes, start: int, end: int) -> Iterator[Artifact]:
    spans = [(m.start(1), m.end(1), Kind.INLINE) for m in _limited(_INLINE, reading, start, end)]
    spans += [
        (max(m.start(1), m.start(2)), max(m.end(1), m.end(2)), Kind.STATEMENT)
        for m in islice(_statements(reading, start, end), MOST_ARTIFACTS)
    ]
    at = start
    for begin, stop, kind in sorted(spans):
        if begin >= at:
            yield Artifact(kind, "", "sql" if kind is Kind.STATEMENT else "", begin, stop)
            at = stop


def _statements(reading: bytes, start: int, end: int) -> Iterator[Match]:
    """Find statements window by window, so that one that never ends costs no pass over the whole text each time."""
    at, long = start, 0
    while at < end:
        stop = min(end, at + _WINDOW)
        match = _STATEMENT.search(reading, at, stop)
        if match is None and stop < end and (head := _OPENS.search(reading, at, stop)) is not None:
            long += 1
            match = (_STATEMENT if long <= _MOST_LONG else _REST).search(reading, head.start(), end)
        if match is not None:
            yield match
            at = max(match.end(), at + 1)
        else:
            at = stop if stop == end else at + _WINDOW // 2


def _limited(pattern: Pattern, reading: bytes, start: int, end: int) -> Iterator[Match]:
    return islice(pattern.finditer(reading, start, end), MOST_ARTIFACTS)
