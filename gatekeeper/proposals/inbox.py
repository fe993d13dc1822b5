"""The inbox: a folder into which automation moves report files, each of which ends in `accepted/` or `rejected/`.

Writers create a file under a name beginning with a dot and rename it into place; names with a leading dot, folders and
links are left alone. A file is answered in three steps, each of which may be repeated after a kill: submit (the same
report again is the same revision), write the result file beside its destination, move the file. So nothing is lost and
nothing is answered twice. When the gate cannot decide, the file stays for the next round.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from gatekeeper.canonical import sha256_name
from gatekeeper.errors import GatekeeperError, InvalidInputError, TooLargeError, UnavailableError
from gatekeeper.proposals.forms import form_of_path, parse_report
from gatekeeper.proposals.report import Report

Submit = Callable[[Report], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one file; `kept` when the gate could not decide and the file stays where it is."""

    name: str
    outcome: str
    detail: str = ""


def process_inbox(directory: Path, submit: Submit, limit_bytes: int) -> list[Answered]:
    """Answer every file that is in the inbox now, oldest name first."""
    for outcome in ("accepted", "rejected"):
        (directory / outcome).mkdir(parents=True, exist_ok=True)
    return [_answer(path, submit, limit_bytes) for path in _waiting(directory)]


def watch_inbox(
    directory: Path,
    submit: Submit,
    limit_bytes: int,
    stop: threading.Event,
    interval_seconds: float,
    on_answer: Callable[[Answered], None],
) -> None:
    """Answer files as they come, looking every `interval_seconds`, until `stop` is set."""
    while not stop.is_set():
        for answered in process_inbox(directory, submit, limit_bytes):
            on_answer(answered)
        stop.wait(interval_seconds)


def _waiting(directory: Path) -> list[Path]:
    return sorted(
        path
        for path in directory.iterdir()
        if not path.name.startswith(".") and path.is_file() and not path.is_symlink()
    )


def _answer(path: Path, submit: Submit, limit_bytes: int) -> Answered:
    raw = b""
    try:
        raw = _read(path, limit_bytes)
        result = dict(submit(parse_report(raw, form_of_path(path), limit_bytes=limit_bytes)))
    except UnavailableError as error:
        return Answered(path.name, "kept", error.detail)
    except GatekeeperError as error:
        _conclude(path, raw, "rejected", _error(error))
        return Answered(path.name, "rejected", error.detail)
    _conclude(path, raw, "accepted", result)
    return Answered(path.name, "accepted")


def _read(path: Path, limit_bytes: int) -> bytes:
    """At most one byte more than the limit is read; links that appeared meanwhile are not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        raw = file.read(limit_bytes + 1)
    if len(raw) > limit_bytes:
        raise TooLargeError(f"The file has more than {limit_bytes} bytes.")
    return raw


def _conclude(path: Path, raw: bytes, outcome: str, result: Mapping[str, object]) -> None:
    target = _free_name(path.parent / outcome, path.name, raw)
    result_path = target.with_name(f"{target.name}.result.json")
    _write_durably(result_path, orjson.dumps(result, option=orjson.OPT_INDENT_2))
    path.rename(target)
    _sync_directory(target.parent)
    _sync_directory(path.parent)


def _free_name(directory: Path, name: str, raw: bytes) -> Path:
    """The file's own name; with its digest, and a number if need be, where another file has that name."""
    digest = sha256_name(raw).removeprefix("sha256:")[:12]
    candidate, number = directory / name, 1
    while candidate.exists():
        suffix = f"-{number}" if number > 1 else ""
        candidate = directory / f"{Path(name).stem}.{digest}{suffix}{Path(name).suffix}"
        number += 1
    return candidate


def _write_durably(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _error(error: GatekeeperError) -> dict[str, object]:
    faults = error.errors if isinstance(error, InvalidInputError) else ()
    return {
        "error": {
            "code": error.code,
            "detail": error.detail,
            "errors": [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults],
        }
    }
