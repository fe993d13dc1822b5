"""The reports that paths on a command line mean: files, folders, lines of .jsonl files, standard input.

Owns finding and reading them, one at a time and never more than the size limit. Does not judge what they say: a path
that gives nothing to judge is an input with an error, so that silence is never taken for consent.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from gatekeeper.errors import (
    FieldError,
    GatekeeperError,
    InvalidInputError,
    TooLargeError,
    UnsupportedFormError,
)

JSON, MARKDOWN, LINES = "application/json", "text/markdown", "application/x-ndjson"
FORMS = {"json": JSON, "markdown": MARKDOWN, "jsonl": LINES}
_BY_SUFFIX = {".json": JSON, ".md": MARKDOWN, ".markdown": MARKDOWN, ".jsonl": LINES, ".ndjson": LINES}
STDIN = "-"


@dataclass(frozen=True, slots=True)
class ReportInput:
    """One thing to judge: where it comes from, and its bytes with their media type, or why there are none."""

    source: str
    media_type: str
    content: bytes | GatekeeperError


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the form of what no file name tells, the member of each line that is the report, the limit."""

    form: str | None
    member: str | None
    limit_bytes: int


def read_inputs(paths: Iterable[str], reading: Reading) -> Iterator[ReportInput]:
    """Every input of every path in their order; what is in a folder comes sorted by name."""
    for path in paths:
        found = False
        for item in _of_path(path, reading):
            found = True
            yield item
        if not found:
            yield _faulty(_shown(path), InvalidInputError("There is no report in it.", code="no_reports"))


def _of_path(path: str, reading: Reading) -> Iterator[ReportInput]:
    if path == STDIN:
        yield from _read(sys.stdin.buffer, "stdin", FORMS.get(reading.form or "", JSON), reading)
    elif os.path.isdir(path):
        for file in _files_below(Path(path)):
            yield from _of_file(file, reading)
    else:
        yield from _of_file(Path(path), reading)


def _files_below(directory: Path) -> Iterator[Path]:
    """Every report file at any depth; names that begin with a dot are not looked at, links to folders not followed."""
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in _BY_SUFFIX:
                yield Path(folder) / name


def _of_file(path: Path, reading: Reading) -> Iterator[ReportInput]:
    form = _BY_SUFFIX.get(path.suffix.lower()) or FORMS.get(reading.form or "")
    if form is None:
        kinds = ", ".join(_BY_SUFFIX)
        detail = f"The name does not end in one of {kinds}; say what it is with --form."
        yield _faulty(_shown(path), UnsupportedFormError(detail))
        return
    try:
        with path.open("rb") as file:
            yield from _read(file, _shown(path), form, reading)
    except OSError as error:
        detail = f"It cannot be read: {(error.strerror or str(error)).lower()}."
        yield _faulty(_shown(path), InvalidInputError(detail, code="unreadable"))


def _read(file: IO[bytes], source: str, form: str, reading: Reading) -> Iterator[ReportInput]:
    if form != LINES:
        content = file.read(reading.limit_bytes + 1)
        yield ReportInput(source, form, content)
        return
    for number, line in enumerate(_lines(file, reading.limit_bytes), start=1):
        where = f"{source}:{number}"
        if isinstance(line, GatekeeperError):
            yield _faulty(where, line)
        elif line.strip():
            yield _of_line(where, line, reading.member)


def _lines(file: IO[bytes], limit_bytes: int) -> Iterator[bytes | GatekeeperError]:
    """Lines without their ends; of one that is too long no more than the limit is ever held."""
    while line := file.readline(limit_bytes + 2):
        if len(line.rstrip(b"\r\n")) <= limit_bytes:
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(limit_bytes)
        yield TooLargeError(f"The line has more than {limit_bytes} bytes.")


def _of_line(source: str, line: bytes, member: str | None) -> ReportInput:
    if member is None:
        return ReportInput(source, JSON, line)
    try:
        value = _member(line, member)
    except InvalidInputError as error:
        return _faulty(source, error)
    if isinstance(value, str):
        return ReportInput(source, MARKDOWN, value.encode())
    return ReportInput(source, JSON, orjson.dumps(value))


def _member(line: bytes, member: str) -> object:
    """The value of one member; a line with duplicate names anywhere is refused, as it is in a report."""
    try:
        value = orjson.loads(line)
        json.loads(line, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _not_read("", f"is not JSON: {error}") from error
    if not isinstance(value, dict) or member not in value:
        raise _not_read(f"/{member}", "is missing")
    return value[member]


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _not_read(pointer: str, detail: str) -> InvalidInputError:
    return InvalidInputError("The line is not a report.", errors=[FieldError(pointer, detail)])


def _shown(path: Path | str) -> str:
    """A path as text that can be written out: names of files need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _faulty(source: str, error: GatekeeperError) -> ReportInput:
    return ReportInput(source, JSON, error)
